package io.modelyard.runtime.onnx;

import io.modelyard.runtime.ModelFiles;
import io.modelyard.runtime.ModelRuntime;
import io.modelyard.runtime.ModelRuntimeContract;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The contract, with a forest that says texts and probabilities; the right answers are those of walking its trees. */
final class OnnxRuntimeTest extends ModelRuntimeContract {
    private static final int COLUMNS = 5;
    private static final TestForest FOREST = TestForest.random(7, 32, 4, COLUMNS, 3);

    @TempDir
    static Path models;
    private static ModelFiles good = new ModelFiles(Path.of(""), List.of(), Map.of());

    @BeforeAll
    static void writeModel() {
        good = new ModelFolder(models).with(TestOnnxModels.forest(FOREST, TestOnnxModels.SPECIES)).files();
    }

    @Override
    protected ModelRuntime runtime() {
        return ModelFolder.RUNTIME;
    }

    @Override
    protected ModelFiles goodModel() {
        return good;
    }

    @Override
    protected List<Tensor> sampleInputs(int rows) {
        float[] values = new float[rows * COLUMNS];
        Random random = new Random(11);
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return List.of(new Tensor.Floats(Shape.of(rows, COLUMNS), values));
    }

    @Override
    protected List<Tensor> rightAnswers(int rows) {
        float[] inputs = ((Tensor.Floats) sampleInputs(rows).getFirst()).values();
        String[] labels = new String[rows];
        float[] probabilities = new float[rows * 3];
        for (int row = 0; row < rows; row++) {
            float[] sums = FOREST.sums(Arrays.copyOfRange(inputs, row * COLUMNS, (row + 1) * COLUMNS));
            System.arraycopy(sums, 0, probabilities, row * 3, 3);
            labels[row] = TestOnnxModels.SPECIES.get(greatest(sums));
        }
        return List.of(new Tensor.Strings(Shape.of(rows), labels),
                new Tensor.Floats(Shape.of(rows, 3), probabilities));
    }

    private static int greatest(float[] values) {
        int greatest = 0;
        for (int i = 1; i < values.length; i++) {
            greatest = values[i] > values[greatest] ? i : greatest;
        }
        return greatest;
    }
}
