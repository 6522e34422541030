package io.modelyard.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.runtime.ModelFiles;
import io.modelyard.runtime.ModelRuntime;
import io.modelyard.runtime.ModelRuntimeContract;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.TensorFlow;

import java.nio.file.Path;
import java.util.List;

final class TensorflowRuntimeTest extends ModelRuntimeContract {
    @TempDir
    static Path model;
    private static ModelFiles order;

    @BeforeAll
    static void writeModel() {
        order = TestSavedModels.order(model);
    }

    @Override
    protected ModelRuntime runtime() {
        return new TensorflowRuntime(new TensorflowConfiguration(List.of(), 1, 0), Runnable::run);
    }

    @Override
    protected ModelFiles goodModel() {
        return order;
    }

    @Override
    protected List<Tensor> sampleInputs(int rows) {
        long[] pieces = new long[rows];
        float[] prices = new float[rows * 3];
        for (int row = 0; row < rows; row++) {
            pieces[row] = row + 2L;
            prices[row * 3] = row;
            prices[row * 3 + 1] = 0.5f;
            prices[row * 3 + 2] = -4;
        }
        return List.of(new Tensor.Longs(Shape.of(rows), pieces), new Tensor.Floats(Shape.of(rows, 3), prices));
    }

    @Override
    protected List<Tensor> rightAnswers(int rows) {
        long[] more = new long[rows];
        float[] total = new float[rows];
        for (int row = 0; row < rows; row++) {
            more[row] = row + 3L;
            total[row] = (row + 0.5f - 4) * (row + 2);
        }
        return List.of(new Tensor.Longs(Shape.of(rows), more), new Tensor.Floats(Shape.of(rows), total));
    }

    @Test
    void namesTheVersionThatTheLibraryReports() {
        assertThat(runtime().library()).isEqualTo("tensorflow " + TensorFlow.version());
    }
}
