package io.modelyard.runtime.xgboost;

import io.modelyard.runtime.ModelFiles;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

/** A small model that was trained a moment ago, and what Booster.predict says of rows. */
record Trained(Booster booster, int columns) implements AutoCloseable {
    static final int COLUMNS = 5;
    private static final int ROWS = 300;

    /** Trains with labels made from the row's number of a fixed data set, some of whose values are missing. */
    static Trained with(Map<String, Object> parameters, int rounds, IntToDoubleFunction label) throws XGBoostError {
        Map<String, Object> all = new HashMap<>(Map.of("nthread", 1, "seed", 1, "max_depth", 4, "verbosity", 0));
        all.putAll(parameters);
        DMatrix matrix = new DMatrix(rows(0, ROWS), ROWS, COLUMNS, Float.NaN);
        try {
            float[] labels = new float[ROWS];
            for (int i = 0; i < ROWS; i++) {
                labels[i] = (float) label.applyAsDouble(i);
            }
            matrix.setLabel(labels);
            String objective = String.valueOf(parameters.get("objective"));
            if (objective.startsWith("rank:")) {
                matrix.setGroup(new int[]{100, 100, 100});
            }
            return new Trained(XGBoost.train(matrix, all, rounds, Map.of(), null, null), COLUMNS);
        } finally {
            matrix.dispose();
        }
    }

    /** Trains with a first feature that is a category. */
    static Trained onCategories(Map<String, Object> parameters, int rounds, int categories) throws XGBoostError {
        DMatrix matrix = new DMatrix(categorical(categories), ROWS, COLUMNS, Float.NaN);
        try {
            float[] labels = new float[ROWS];
            for (int i = 0; i < ROWS; i++) {
                labels[i] = i % categories * 37 % 11;
            }
            matrix.setLabel(labels);
            matrix.setFeatureTypes(new String[]{"c", "q", "q", "q", "q"});
            matrix.setFeatureNames(new String[]{"species", "a", "b", "c", "d"});
            return new Trained(XGBoost.train(matrix, parameters, rounds, Map.of(), null, null), COLUMNS);
        } finally {
            matrix.dispose();
        }
    }

    /** Rows whose first value is a category, counted through. */
    static float[] categorical(int categories) {
        float[] values = rows(0, ROWS);
        for (int row = 0; row < ROWS; row++) {
            values[row * COLUMNS] = row % categories;
        }
        return values;
    }

    /** Rows of a fixed data set; a tenth of the values is missing. */
    static float[] rows(int from, int count) {
        float[] values = new float[count * COLUMNS];
        for (int row = 0; row < count; row++) {
            Random random = new Random(7919L * (from + row) + 13);
            for (int column = 0; column < COLUMNS; column++) {
                float value = random.nextFloat() * 4 - 2;
                values[row * COLUMNS + column] = random.nextInt(10) == 0 ? Float.NaN : value;
            }
        }
        return values;
    }

    static Tensor.Floats input(float[] rows) {
        return new Tensor.Floats(Shape.of(rows.length / COLUMNS, COLUMNS), rows);
    }

    /** A class from 0 that depends on the row. */
    static double classOf(int row, int classes) {
        float[] values = rows(row, 1);
        float sum = 0;
        for (float value : values) {
            sum += Float.isNaN(value) ? 1 : value;
        }
        return Math.floorMod((int) Math.floor(sum), classes);
    }

    byte[] bytes(String format) throws XGBoostError {
        return booster.toByteArray(format);
    }

    /** Saves the model as the only file in the folder. */
    ModelFiles files(Path folder, String format) throws XGBoostError, IOException {
        String name = "model." + format;
        Files.write(folder.resolve(name), bytes(format));
        return new ModelFiles(folder, List.of(name), Map.of());
    }

    /** Booster.predict: the answer that counts, row by row. */
    float[] predict(float[] rows, boolean margin) throws XGBoostError {
        DMatrix matrix = new DMatrix(rows, rows.length / columns, columns, Float.NaN);
        try {
            float[][] predicted = booster.predict(matrix, margin);
            float[] flat = new float[predicted.length * predicted[0].length];
            for (int i = 0; i < predicted.length; i++) {
                System.arraycopy(predicted[i], 0, flat, i * predicted[i].length, predicted[i].length);
            }
            return flat;
        } finally {
            matrix.dispose();
        }
    }

    @Override
    public void close() {
        booster.dispose();
    }
}
