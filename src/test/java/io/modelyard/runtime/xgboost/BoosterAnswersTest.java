package io.modelyard.runtime.xgboost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.runtime.InferenceException;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.tensor.Feature;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import io.modelyard.tensor.TensorSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** For every booster and objective: the same bits as Booster.predict of the booster that was saved. */
final class BoosterAnswersTest {
    /** What a model learns of a row. */
    enum Label {
        BINARY, THREE, COUNT, POSITIVE, REAL, SURVIVAL;

        double of(int row) {
            return switch (this) {
                case BINARY -> Trained.classOf(row, 2);
                case THREE -> Trained.classOf(row, 3);
                case COUNT -> Trained.classOf(row, 7);
                case POSITIVE -> 0.5 + Trained.classOf(row, 7);
                case REAL -> Math.sin(row) * 10 + Trained.classOf(row, 5);
                // A negative time is one that was not waited out.
                case SURVIVAL -> row % 3 == 0 ? -1 - row : 1 + row;
            };
        }
    }

    /** Rows of one call, which take other ways through the library: alone, a few, a block of 64, several blocks. */
    private static final int[] BATCHES = {1, 2, 63, 64, 65, 1500};

    static final List<Arguments> MODELS = List.of(
            model("reg:squarederror", Label.REAL, "prediction", 1),
            model("reg:squaredlogerror", Label.POSITIVE, "prediction", 1),
            model("reg:logistic", Label.BINARY, "prediction", 1),
            model("reg:pseudohubererror", Label.REAL, "prediction", 1),
            model("reg:absoluteerror", Label.REAL, "prediction", 1),
            model("reg:gamma", Label.POSITIVE, "prediction", 1),
            model("reg:tweedie", Label.POSITIVE, "prediction", 1), model("count:poisson", Label.COUNT, "prediction", 1),
            model("survival:cox", Label.SURVIVAL, "prediction", 1),
            model("binary:logistic", Label.BINARY, "probabilities", 1),
            model("binary:logitraw", Label.BINARY, "prediction", 1),
            model("binary:hinge", Label.BINARY, "prediction", 1), model("rank:pairwise", Label.BINARY, "prediction", 1),
            model("rank:ndcg", Label.COUNT, "prediction", 1), model("rank:map", Label.BINARY, "prediction", 1),
            model("multi:softprob", Label.THREE, "probabilities", 3, Map.of("num_class", 3)),
            model("multi:softmax", Label.THREE, "class", 1, Map.of("num_class", 3)),
            model("reg:quantileerror", Label.REAL, "prediction", 1,
                    Map.of("quantile_alpha", "0.5", "tree_method", "hist")),
            model("reg:quantileerror", Label.REAL, "prediction", 3,
                    Map.of("quantile_alpha", "[0.1,0.5,0.9]", "tree_method", "hist")),
            model("reg:expectileerror", Label.REAL, "prediction", 2,
                    Map.of("expectile_alpha", "[0.25,0.75]", "tree_method", "hist")),
            model("reg:squarederror", Label.REAL, "prediction", 1, Map.of("booster", "dart", "rate_drop", 0.3)),
            model("multi:softprob", Label.THREE, "probabilities", 3,
                    Map.of("booster", "dart", "rate_drop", 0.3, "num_class", 3)),
            model("reg:squarederror", Label.REAL, "prediction", 1, Map.of("booster", "gblinear")),
            model("binary:logistic", Label.BINARY, "probabilities", 1, Map.of("booster", "gblinear")),
            model("multi:softprob", Label.THREE, "probabilities", 3, Map.of("booster", "gblinear", "num_class", 3)),
            model("reg:squarederror", Label.REAL, "prediction", 1, Map.of("num_parallel_tree", 4, "subsample", 0.5)),
            model("multi:softprob", Label.THREE, "probabilities", 3,
                    Map.of("num_parallel_tree", 3, "subsample", 0.5, "num_class", 3)),
            model("multi:softprob", Label.THREE, "probabilities", 3,
                    Map.of("multi_strategy", "multi_output_tree", "tree_method", "hist", "num_class", 3)),
            model("reg:squarederror", Label.REAL, "prediction", 1,
                    Map.of("grow_policy", "lossguide", "max_depth", 0, "max_leaves", 40, "tree_method", "hist")),
            model("reg:squarederror", Label.REAL, "prediction", 1,
                    Map.of("tree_method", "exact", "gamma", 30, "max_depth", 8)),
            model("reg:squarederror", Label.REAL, "prediction", 1, Map.of("base_score", 7.25)));

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0} {4}")
    @FieldSource("MODELS")
    void answersWithTheBitsOfTheLibrary(String objective, Label label, String main, int width,
            Map<String, Object> parameters) throws Exception {
        try (Trained trained = Trained.with(parameters, 12, label::of)) {
            for (String format : List.of("ubj", "json")) {
                try (LoadedModel model = new XgboostRuntime().load(trained.files(folder, format))) {
                    TensorSpec output = model.signature().outputs().getFirst();
                    assertThat(output.name()).isEqualTo(main);
                    assertThat(output.shape())
                            .isEqualTo(width == 1 ? Shape.of(Shape.ANY) : Shape.of(Shape.ANY, width));
                    assertThat(model.warnings()).isEmpty();
                    for (int rows : BATCHES) {
                        assertAnswersLike(trained, model, Trained.rows(5000, rows));
                    }
                }
            }
        }
    }

    @Test
    void categoricalSplitsAnswerWithTheBitsOfTheLibrary() throws Exception {
        float[] rows = Trained.categorical(9);
        try (Trained trained = Trained.onCategories(
                Map.of("objective", "reg:squarederror", "tree_method", "hist", "max_cat_to_onehot", 1, "nthread", 1), 8,
                9)) {
            for (String format : List.of("ubj", "json")) {
                try (LoadedModel model = new XgboostRuntime().load(trained.files(folder, format))) {
                    assertThat(model.warnings()).singleElement().asString().contains("categories");
                    assertThat(model.signature().inputs().getFirst().features()).extracting(Feature::name)
                            .containsExactly("species", "a", "b", "c", "d");
                    assertAnswersLike(trained, model, rows);
                    // Categories that training never saw, and codes that are none, have an answer too.
                    float[] strange = {99, 0, 0, 0, 0, -3, 0, 0, 0, 0, Float.NaN, 0, 0, 0, 0, 1e9f, 0, 0, 0, 0};
                    assertAnswersLike(trained, model, strange);
                }
            }
        }
    }

    @Test
    void allRoundsCountAfterAnEarlyStopAndTheOperatorIsTold() throws Exception {
        try (Trained trained = Trained.with(Map.of("objective", "reg:squarederror"), 20, Label.REAL::of)) {
            trained.booster().setAttr("best_iteration", "4");
            try (LoadedModel model = new XgboostRuntime().load(trained.files(folder, "ubj"))) {
                assertThat(model.warnings()).singleElement().asString().contains("best_iteration is 4",
                        "all 20 rounds");
                assertAnswersLike(trained, model, Trained.rows(5000, 65));
            }
        }
    }

    @Test
    void rowsWithNothingButMissingValuesHaveAnAnswer() throws Exception {
        float[] missing = new float[2 * Trained.COLUMNS];
        Arrays.fill(missing, Float.NaN);
        for (String booster : List.of("gbtree", "dart", "gblinear")) {
            try (Trained trained = Trained.with(Map.of("objective", "binary:logistic", "booster", booster), 5,
                    Label.BINARY::of);
                    LoadedModel model = new XgboostRuntime().load(trained.files(folder, "ubj"))) {
                assertAnswersLike(trained, model, missing);
            }
        }
    }

    @Test
    void whatTheLibraryRefusesIsAnInferenceException() throws Exception {
        try (Trained trained = Trained.with(Map.of("objective", "reg:squarederror", "booster", "gblinear"), 3,
                Label.REAL::of);
                LoadedModel model = new XgboostRuntime().load(trained.files(folder, "ubj"))) {
            float[] infinite = {1, 2, Float.POSITIVE_INFINITY, 4, 5};
            assertThatThrownBy(() -> floats(model, infinite, "prediction")).isInstanceOf(InferenceException.class)
                    .hasMessageContaining("inf").message().doesNotContain("Stack trace", "/workspace");
        }
    }

    private static void assertAnswersLike(Trained trained, LoadedModel model, float[] rows) throws Exception {
        String main = model.signature().outputs().getFirst().name();
        assertThat(floats(model, rows, main)).as(main).isEqualTo(trained.predict(rows, false));
        assertThat(floats(model, rows, "margin")).as("margin").isEqualTo(trained.predict(rows, true));
    }

    private static float[] floats(LoadedModel model, float[] rows, String output) {
        Tensor answer = model.run(List.of(Trained.input(rows)), List.of(output)).getFirst();
        assertThat(model.signature().output(output).orElseThrow().shape().accepts(answer.shape())).isTrue();
        return (float[]) answer.array();
    }

    private static Arguments model(String objective, Label label, String main, int width) {
        return model(objective, label, main, width, Map.of());
    }

    private static Arguments model(String objective, Label label, String main, int width,
            Map<String, Object> parameters) {
        Map<String, Object> all = new TreeMap<>(parameters);
        all.put("objective", objective);
        return Arguments.of(objective, label, main, width, all);
    }
}
