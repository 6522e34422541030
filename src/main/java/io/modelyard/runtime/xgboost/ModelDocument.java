package io.modelyard.runtime.xgboost;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * What a model file says, as far as predictions depend on it or must be checked. Of the many numbers that can be anything
 * (split conditions, gains, weights) only the count is kept. Members are called as in the file; those that it does not
 * have are not in the maps.
 *
 * @param version major, minor, patch of the XGBoost that wrote it; empty if it does not say
 * @param parameters {@code learner_model_param}
 * @param objectiveParameters the parameters of the objective, whatever object they stand in
 */
record ModelDocument(int[] version, Map<String, String> parameters, String objective,
        Map<String, String> objectiveParameters, Booster booster, List<String> featureNames,
        Map<String, String> attributes) {

    /**
     * {@code gradient_booster}.
     *
     * @param body its {@code model}
     * @param gbtree the booster of trees within one named {@code dart}
     * @param dropWeights how many weights of trees stand beside the model
     */
    record Booster(String name, @Nullable Body body, @Nullable Booster gbtree, @Nullable Integer dropWeights) {}

    /**
     * {@code model} of a booster: the members of trees and those of linear models.
     *
     * @param parameters {@code gbtree_model_param}
     * @param integers {@code tree_info}, the output that each tree adds to; {@code iteration_indptr}, where each round's
     *        trees begin
     * @param counts of {@code weight_drop} and {@code weights}
     */
    record Body(Map<String, String> parameters, List<Tree> trees, Map<String, int[]> integers,
            Map<String, Integer> counts, @Nullable Integer boostedRounds) {}

    /**
     * One tree.
     *
     * @param parameters {@code tree_param}
     * @param integers the arrays of node indices, features and categories
     * @param counts of the arrays of other numbers
     */
    record Tree(@Nullable Integer id, Map<String, String> parameters, Map<String, int[]> integers,
            Map<String, Integer> counts) {}
}
