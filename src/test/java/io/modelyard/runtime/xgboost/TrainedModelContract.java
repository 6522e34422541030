package io.modelyard.runtime.xgboost;

import io.modelyard.runtime.ModelFiles;
import io.modelyard.runtime.ModelRuntime;
import io.modelyard.runtime.ModelRuntimeContract;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The contract, with a model of three classes that the library itself trained and answers for. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TrainedModelContract extends ModelRuntimeContract {
    private static final int CLASSES = 3;
    private static final int ROUNDS = 60;

    @TempDir
    static Path models;

    private final String booster;
    private final String format;
    private @Nullable Trained trained;
    private @Nullable ModelFiles files;

    TrainedModelContract(String booster, String format) {
        this.booster = booster;
        this.format = format;
    }

    @BeforeAll
    void train() throws Exception {
        trained = Trained.with(Map.of("objective", "multi:softprob", "num_class", CLASSES, "booster", booster), ROUNDS,
                row -> Trained.classOf(row, CLASSES));
        files = trained.files(models, format);
    }

    @AfterAll
    void dispose() {
        trained().close();
    }

    @Override
    protected ModelRuntime runtime() {
        return new XgboostRuntime();
    }

    @Override
    protected ModelFiles goodModel() {
        return Objects.requireNonNull(files);
    }

    @Override
    protected List<Tensor> sampleInputs(int rows) {
        return List.of(Trained.input(Trained.rows(1000, rows)));
    }

    @Override
    protected List<Tensor> rightAnswers(int rows) {
        try {
            return List.of(new Tensor.Floats(Shape.of(rows, CLASSES),
                    trained().predict(Trained.rows(1000, rows), false)));
        } catch (XGBoostError e) {
            throw new AssertionError(e);
        }
    }

    private Trained trained() {
        return Objects.requireNonNull(trained);
    }
}
