package io.modelyard.runtime.xgboost;

import java.util.List;

/**
 * A model whose structure was found sound.
 *
 * @param features columns of the input
 * @param linear whether it is a linear model (gblinear) and not one of trees
 * @param featureNames one for each column, or none
 * @param warnings what is odd about the model though it works
 */
record CheckedModel(int features, String objective, boolean linear, List<String> featureNames, List<String> warnings) {
    CheckedModel {
        featureNames = List.copyOf(featureNames);
        warnings = List.copyOf(warnings);
    }
}
