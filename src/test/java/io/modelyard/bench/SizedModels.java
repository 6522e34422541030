package io.modelyard.bench;

import io.modelyard.runtime.onnx.OnnxModelBuilder;
import io.modelyard.runtime.tensorflow.TestSavedModels;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Models of each runtime of about a size that is asked for. A row has {@link #COLUMNS} numbers, and the answer is one. */
public final class SizedModels {
    public static final int COLUMNS = 16;
    private static final int ROWS = 20_000;
    /** What a tree of the depth below takes of a file. */
    private static final int TREE_BYTES = 60_000;

    private SizedModels() {}

    /** Trees that were grown on noise, so that each is full. */
    public static Path xgboost(Path folder, long bytes) {
        Random random = new Random(bytes);
        float[] values = new float[ROWS * COLUMNS];
        float[] labels = new float[ROWS];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        for (int i = 0; i < ROWS; i++) {
            labels[i] = random.nextFloat();
        }
        try {
            DMatrix matrix = new DMatrix(values, ROWS, COLUMNS, Float.NaN);
            matrix.setLabel(labels);
            Booster booster = XGBoost.train(matrix,
                    Map.of("nthread", 2, "seed", 1, "max_depth", 10, "tree_method", "hist", "max_bin", 64, "verbosity",
                            0),
                    (int) Math.max(1, bytes / TREE_BYTES), Map.of(), null, null);
            Path file = Files.createDirectories(folder).resolve("model.ubj");
            Files.write(file, booster.toByteArray("ubj"));
            booster.dispose();
            matrix.dispose();
            return file;
        } catch (XGBoostError | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Two layers, the weights of the first as many as the size says. */
    public static Path onnx(Path folder, long bytes) {
        int width = (int) Math.max(1, bytes / 4 / COLUMNS);
        float[] second = new float[width];
        second[0] = 1;
        try {
            return OnnxModelBuilder.model().input("x", OnnxModelBuilder.FLOAT, -1, COLUMNS)
                    .output("y", OnnxModelBuilder.FLOAT, -1, 1)
                    .initializer("first", new long[]{COLUMNS, width}, noise(COLUMNS * width))
                    .initializer("second", new long[]{width, 1}, second)
                    .node("MatMul", List.of("x", "first"), List.of("h"))
                    .node("MatMul", List.of("h", "second"), List.of("y")).writeTo(Files.createDirectories(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One layer of variables; as many columns as the size says, so it is loaded but hardly asked. */
    public static Path tensorflow(Path folder, long bytes) {
        // Once as a variable, and once as the constant that it begins with.
        return TestSavedModels.weighted(folder, noise((int) Math.max(1, bytes / 8))).root();
    }

    private static float[] noise(int count) {
        Random random = new Random(count);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }
}
