package io.modelyard.runtime.xgboost;

import ml.dmlc.xgboost4j.java.XGBoostError;

import java.util.Map;

/** One small model of each structure. */
enum KnownModels {
    TREES, DART, LINEAR, CLASSES, CATEGORIES, VECTORS;

    private static final int ROUNDS = 4;

    /** The saved model, {@code ubj} or {@code json}. */
    byte[] bytes(String format) throws XGBoostError {
        try (Trained trained = train()) {
            return trained.bytes(format);
        }
    }

    private Trained train() throws XGBoostError {
        return switch (this) {
            case TREES -> train(Map.of("objective", "reg:squarederror"));
            case DART -> train(Map.of("objective", "reg:squarederror", "booster", "dart", "rate_drop", 0.5));
            case LINEAR -> train(Map.of("objective", "reg:squarederror", "booster", "gblinear"));
            case CLASSES -> train(Map.of("objective", "multi:softprob", "num_class", 3));
            case CATEGORIES -> Trained.onCategories(
                    Map.of("objective", "reg:squarederror", "tree_method", "hist", "max_cat_to_onehot", 1), ROUNDS, 9);
            case VECTORS -> train(Map.of("objective", "multi:softprob", "num_class", 3, "multi_strategy",
                    "multi_output_tree", "tree_method", "hist"));
        };
    }

    private static Trained train(Map<String, Object> parameters) throws XGBoostError {
        return Trained.with(parameters, ROUNDS, row -> Trained.classOf(row, 3));
    }
}
