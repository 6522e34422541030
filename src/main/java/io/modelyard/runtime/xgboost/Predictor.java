package io.modelyard.runtime.xgboost;

import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoostError;

/**
 * The way into the native library that is right for a booster. Both give the bits of Booster.predict with all rounds.
 * Missing values are NaN.
 */
sealed interface Predictor {
    /**
     * One array for each row.
     *
     * @param values row by row
     * @param rows at least 1
     * @param margin whether the raw sum is asked for, before the objective's transformation
     */
    float[][] predict(float[] values, int rows, int columns, boolean margin) throws XGBoostError;

    static Predictor of(Booster booster, CheckedModel model) {
        return model.linear() ? new OfMatrix(booster) : new InPlace(booster);
    }

    /**
     * Reads the array where it is. The library promises that this is safe for many threads, and xgboost4j adds no lock, so
     * one booster serves them all.
     */
    record InPlace(Booster booster) implements Predictor {
        private static final int[] ALL_ROUNDS = {0, 0};

        @Override
        public float[][] predict(float[] values, int rows, int columns, boolean margin) throws XGBoostError {
            return booster.inplace_predict(values, rows, columns, Float.NaN, ALL_ROUNDS,
                    margin ? Booster.PredictionType.kMargin : Booster.PredictionType.kValue, null);
        }
    }

    /** For linear models, which the library predicts from a matrix of its own only, and from one thread at a time. */
    record OfMatrix(Booster booster) implements Predictor {
        @Override
        public float[][] predict(float[] values, int rows, int columns, boolean margin) throws XGBoostError {
            DMatrix matrix = new DMatrix(values, rows, columns, Float.NaN);
            try {
                synchronized (booster) {
                    return booster.predict(matrix, margin);
                }
            } finally {
                matrix.dispose();
            }
        }
    }
}
