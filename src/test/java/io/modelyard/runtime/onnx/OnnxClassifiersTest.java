package io.modelyard.runtime.onnx;

import static io.modelyard.runtime.onnx.ModelFolder.floats;
import static io.modelyard.runtime.onnx.ModelFolder.rows;
import static io.modelyard.runtime.onnx.OnnxModelBuilder.FLOAT;
import static io.modelyard.runtime.onnx.OnnxModelBuilder.INT64;
import static io.modelyard.runtime.onnx.OnnxModelBuilder.ML;
import static io.modelyard.runtime.onnx.TestOnnxModels.SPECIES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtSession;
import io.modelyard.runtime.InferenceException;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.runtime.onnx.OnnxModelBuilder.Attribute;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import io.modelyard.tensor.TensorSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** scikit-learn's classifiers and forests, whose probabilities are maps in the model and a tensor here. */
final class OnnxClassifiersTest {
    @TempDir
    Path folder;

    static Stream<List<String>> labels() {
        return Stream.of(SPECIES, List.of());
    }

    @ParameterizedTest
    @MethodSource("labels")
    void mapsBecomeATensorThatNamesItsColumns(List<String> labels) throws Exception {
        try (LoadedModel model = new ModelFolder(folder).with(TestOnnxModels.linearClassifier(labels)).load()) {
            assertThat(model.signature().outputs()).containsExactly(
                    TensorSpec.of("label", labels.isEmpty() ? DataType.INT64 : DataType.STRING, Shape.of(-1)),
                    TensorSpec.of("probabilities", DataType.FLOAT32, Shape.of(-1, 3))
                            .withLabels(labels.isEmpty() ? List.of("0", "1", "2") : labels));
            assertThat(model.warnings()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("labels")
    void everyRowHasItsLabelAndItsProbabilities(List<String> labels) throws Exception {
        List<Tensor> answers = new ModelFolder(folder).with(TestOnnxModels.linearClassifier(labels))
                .answer(rows(2, 1, 0, 0, 2, -1, -1));
        assertThat(answers.getFirst().array()).isEqualTo(labels.isEmpty()
                ? new long[]{0, 1, 2}
                : new String[]{"setosa", "versicolor", "virginica"});
        assertThat(answers.getLast().shape()).isEqualTo(Shape.of(3, 3));
        float[] probabilities = floats(answers.getLast());
        double e = Math.E;
        double[] expected = {e / (e + 2), 1 / (e + 2), 1 / (e + 2), 1 / (2 + e * e), e * e / (2 + e * e),
                1 / (2 + e * e), 1 / (2 + e), 1 / (2 + e), e / (2 + e)};
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) probabilities[i]).isCloseTo(expected[i], within(1e-6));
        }
    }

    @ParameterizedTest
    @MethodSource("labels")
    void theTensorHoldsTheBitsOfTheMaps(List<String> labels) throws Exception {
        OnnxModelBuilder model = TestOnnxModels.linearClassifier(labels);
        float[] rows = {0.1f, 0.7f, -3, 11, 0, 0, 1e-20f, 5};
        float[] ours = floats(new ModelFolder(folder).with(model).answer(rows(2, rows)).getLast());
        List<?> names = labels.isEmpty() ? List.of(0L, 1L, 2L) : labels;
        try (OrtSession session = Library.environment().createSession(model.toByteArray());
                OnnxTensor input = OnnxTensor.createTensor(Library.environment(),
                        FloatBuffer.wrap(rows), new long[]{4, 2});
                OrtSession.Result result = session.run(Map.of("x", input))) {
            List<? extends OnnxValue> maps = ((OnnxSequence) result.get(1)).getValue();
            for (int row = 0; row < 4; row++) {
                Map<?, ?> map = ((OnnxMap) maps.get(row)).getValue();
                for (int column = 0; column < 3; column++) {
                    assertThat(ours[row * 3 + column]).isEqualTo(map.get(names.get(column)));
                }
            }
            OnnxValue.close(maps);
        }
    }

    @Test
    void theClassesStandInTheOrderOfTheColumnsNotOfTheirNames() throws Exception {
        List<String> labels = List.of("z", "a", "m");
        try (LoadedModel model = new ModelFolder(folder).with(TestOnnxModels.linearClassifier(labels)).load()) {
            assertThat(model.signature().outputs().getLast().labels()).isEqualTo(labels);
        }
    }

    @Test
    void probabilitiesAloneCanBeAskedFor() throws Exception {
        ModelFolder files = new ModelFolder(folder).with(TestOnnxModels.linearClassifier(SPECIES));
        try (LoadedModel model = files.load()) {
            assertThat(model.run(List.of(rows(2, 0, 0)), List.of("probabilities"))).hasSize(1);
            assertThat(model.run(List.of(rows(2, 0, 0)), List.of("label"))).hasSize(1);
        }
    }

    @Test
    void aTensorOfProbabilitiesStaysOne() throws Exception {
        ModelFolder files = new ModelFolder(folder).with(TestOnnxModels.linearClassifierWithTensor(SPECIES));
        try (LoadedModel model = files.load()) {
            assertThat(model.signature().outputs().getLast().labels()).isEmpty();
        }
        assertThat(files.answer(rows(2, 0, 0)).getLast().shape()).isEqualTo(Shape.of(1, 3));
    }

    @Test
    void aClassifierWithoutStandardOperatorsIsServed() throws Exception {
        OnnxModelBuilder model = TestOnnxModels.linearClassifier(SPECIES).opset(ML, 3);
        assertThat(new ModelFolder(folder).with(model).answer(rows(2, 0, 0))).hasSize(2);
    }

    @Test
    void aClassifierWithItsWeightsInAnotherFileIsServed() throws Exception {
        OnnxModelBuilder model = OnnxModelBuilder.model().input("x", FLOAT, -1, 3)
                .mapsOutput("probabilities", INT64).externalInitializer("w", "w.bin", 0, 3)
                .node("Add", List.of("x", "w"), List.of("scores"))
                .node(ML, "ZipMap", List.of("scores"), List.of("probabilities"),
                        Attribute.integers("classlabels_int64s", 7, 8, 9));
        List<Tensor> answers = new ModelFolder(folder).with(model).with("w.bin", TestOnnxModels.floatBytes(3))
                .answer(rows(3, 10, 10, 10));
        assertThat(floats(answers.getFirst())).containsExactly(10, 11, 12);
    }

    @Test
    void oneRowWithoutAnAxisForItIsARow() throws Exception {
        OnnxModelBuilder model = OnnxModelBuilder.model().input("x", FLOAT, 3).mapsOutput("probabilities", INT64)
                .node("Neg", List.of("x"), List.of("scores"))
                .node(ML, "ZipMap", List.of("scores"), List.of("probabilities"),
                        Attribute.integers("classlabels_int64s", 7, 8, 9));
        List<Tensor> answers = new ModelFolder(folder).with(model)
                .answer(new Tensor.Floats(Shape.of(3), new float[]{1, 2, 3}));
        assertThat(answers.getFirst().shape()).isEqualTo(Shape.of(1, 3));
        assertThat(floats(answers.getFirst())).containsExactly(-1, -2, -3);
    }

    @Test
    void moreColumnsThanClassesAreRefusedAtLoad() {
        assertThatThrownBy(() -> new ModelFolder(folder).with(columnsAndTwoClasses(3)).load())
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("'probabilities'").hasMessageContaining("2 class labels over 3 columns");
    }

    @Test
    void moreColumnsThanClassesAreRefusedAtTheRequestWhereTheModelDoesNotSayHowMany() throws Exception {
        try (LoadedModel model = new ModelFolder(folder).with(columnsAndTwoClasses(-1)).load()) {
            assertThat(model.run(List.of(rows(2, 1, 2)), List.of("probabilities"))).hasSize(1);
            assertThatThrownBy(() -> model.run(List.of(rows(3, 1, 2, 3)), List.of("probabilities")))
                    .isInstanceOf(InferenceException.class).hasMessageContaining("[1, 3]")
                    .hasMessageContaining("2 classes");
        }
    }

    private static OnnxModelBuilder columnsAndTwoClasses(int columns) {
        return OnnxModelBuilder.model().input("x", FLOAT, -1, columns).mapsOutput("probabilities", INT64)
                .node("Neg", List.of("x"), List.of("scores"))
                .node(ML, "ZipMap", List.of("scores"), List.of("probabilities"),
                        Attribute.integers("classlabels_int64s", 0, 1));
    }

    @Test
    void mapsFromWithinAFunctionOfTheModelAreRefused() {
        OnnxModelBuilder model = OnnxModelBuilder.model().opset("", 17).opset(ML, 3).opset("local", 1)
                .input("x", FLOAT, -1, 2).mapsOutput("probabilities", INT64)
                .node("local", "Zip", List.of("x"), List.of("probabilities"))
                .function("local", "Zip", "a", "b", OnnxModelBuilder.nodeMessage(ML, "ZipMap", List.of("a"),
                        List.of("b"), Attribute.integers("classlabels_int64s", 0, 1)));
        assertThatThrownBy(() -> new ModelFolder(folder).with(model).load())
                .isInstanceOf(InvalidModelException.class).hasMessageContaining("probabilities");
    }

    @ParameterizedTest
    @MethodSource("labels")
    void aForestAnswersAsItsTreesDo(List<String> labels) throws Exception {
        TestForest forest = TestForest.random(3, 64, 5, 4, 3);
        float[] rows = {0.1f, 0.9f, 0.4f, 0.5f, 0.8f, 0.3f, 0.2f, 0.7f};
        List<Tensor> answers = new ModelFolder(folder).with(TestOnnxModels.forest(forest, labels))
                .answer(rows(4, rows));
        float[] first = forest.sums(0.1f, 0.9f, 0.4f, 0.5f);
        float[] second = forest.sums(0.8f, 0.3f, 0.2f, 0.7f);
        assertThat(floats(answers.getLast())).containsExactly(first[0], first[1], first[2], second[0], second[1],
                second[2]);
    }

    @Test
    void aForestThatRegressesAnswersAsItsTreesDo() throws Exception {
        TestForest forest = TestForest.random(5, 64, 5, 4, 1);
        List<Tensor> answers = new ModelFolder(folder).with(TestOnnxModels.forestRegressor(forest))
                .answer(rows(4, 0.1f, 0.9f, 0.4f, 0.5f, 0.8f, 0.3f, 0.2f, 0.7f));
        assertThat(floats(answers.getFirst())).containsExactly(forest.sums(0.1f, 0.9f, 0.4f, 0.5f)[0],
                forest.sums(0.8f, 0.3f, 0.2f, 0.7f)[0]);
    }
}
