package io.modelyard.runtime.xgboost;

import io.modelyard.runtime.ModelFiles;
import io.modelyard.runtime.ModelRuntime;
import io.modelyard.runtime.ModelRuntimeContract;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The contract, with a model of three classes that was trained by the library itself. */
final class XgboostRuntimeTest extends ModelRuntimeContract {
    private static final int CLASSES = 3;

    @TempDir
    static Path models;

    private static Trained trained;
    private static ModelFiles files;

    @BeforeAll
    static void train() throws Exception {
        trained = Trained.with(Map.of("objective", "multi:softprob", "num_class", CLASSES), 60,
                row -> Trained.classOf(row, CLASSES));
        files = trained.files(models, "ubj");
    }

    @AfterAll
    static void dispose() {
        trained.close();
    }

    @Override
    protected ModelRuntime runtime() {
        return new XgboostRuntime();
    }

    @Override
    protected ModelFiles goodModel() {
        return files;
    }

    @Override
    protected List<Tensor> sampleInputs(int rows) {
        return List.of(Trained.input(Trained.rows(1000, rows)));
    }

    @Override
    protected List<Tensor> rightAnswers(int rows) {
        try {
            return List.of(new Tensor.Floats(Shape.of(rows, CLASSES),
                    trained.predict(Trained.rows(1000, rows), false)));
        } catch (XGBoostError e) {
            throw new AssertionError(e);
        }
    }
}
