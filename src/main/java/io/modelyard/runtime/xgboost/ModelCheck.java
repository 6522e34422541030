package io.modelyard.runtime.xgboost;

import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.xgboost.ModelDocument.Body;
import io.modelyard.runtime.xgboost.ModelDocument.Booster;
import io.modelyard.runtime.xgboost.ModelDocument.Tree;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Checks that a model hangs together: that nothing in it points outside of something else, whatever the native library
 * itself would look at. The rules follow src/learner.cc and src/gbm of XGBoost 3.4.0.
 */
final class ModelCheck {
    /** For more columns the library would take hundreds of megabytes to answer one block of rows. */
    static final int MAX_FEATURES = 1 << 20;
    private static final int MAX_OUTPUTS = 1 << 16;
    /** The most that the bits of all sets of categories may take: 256 MB. */
    private static final long MAX_CATEGORY_WORDS = 1L << 26;

    private final Damage damage;
    private final ModelDocument model;
    private final int features;
    private final int outputs;

    ModelCheck(Damage damage, ModelDocument model) throws InvalidModelException {
        this.damage = damage;
        this.model = model;
        Parameters parameters = new Parameters(damage, "learner_model_param", model.parameters());
        this.features = parameters.number("num_feature", 0, Integer.MAX_VALUE);
        int classes = parameters.number("num_class", 0, MAX_OUTPUTS);
        int targets = parameters.optionalNumber("num_target", 1, MAX_OUTPUTS).orElse(1);
        if (classes > 1 && targets > 1) {
            throw damage.found("it has " + classes + " classes and " + targets + " targets, and XGBoost knows only one"
                    + " of them at a time");
        }
        this.outputs = Math.max(1, Math.max(classes, targets));
        checkObjective(classes);
        int scores = parameters.countOfNumbers("base_score");
        if (scores != 1 && scores != outputs) {
            throw damage.found("it has " + scores + " values of base_score for " + outputs + " outputs");
        }
    }

    CheckedModel check() throws InvalidModelException {
        if (features == 0 || features > MAX_FEATURES) {
            throw damage.unserved("num_feature is " + features + ", and models of 1 to " + MAX_FEATURES
                    + " features are served");
        }
        List<String> names = model.featureNames();
        if (!names.isEmpty() && names.size() != features) {
            throw damage.found("it has " + names.size() + " feature_names for " + features + " features");
        }
        Booster booster = model.booster();
        boolean linear = booster.name().equals("gblinear");
        int rounds = switch (booster.name()) {
            case "gblinear" -> checkLinear(bodyOf(booster));
            case "gbtree" -> checkTrees(bodyOf(booster), booster.dropWeights());
            case "dart" -> checkDart(booster);
            default -> throw damage.unserved("its gradient_booster is '" + booster.name()
                    + "', and gbtree, dart and gblinear are known");
        };
        return new CheckedModel(features, model.objective(), linear, names.stream().distinct().count() == names.size()
                ? names
                : List.of(), Oddities.of(model, rounds));
    }

    private void checkObjective(int classes) throws InvalidModelException {
        Parameters parameters = new Parameters(damage, "the objective", model.objectiveParameters());
        if (model.objective().startsWith("multi:") && classes == 0) {
            throw damage.found("the objective is " + model.objective() + " and num_class is 0");
        }
        int own = parameters.optionalNumber("num_class", 0, MAX_OUTPUTS).orElse(classes);
        if (own != classes) {
            throw damage.found("num_class is " + classes + ", and " + own + " in the objective");
        }
        for (String name : model.objectiveParameters().keySet()) {
            if (name.endsWith("_alpha") && parameters.countOfNumbers(name) != outputs) {
                throw damage.found("the objective has another number of " + name + " than the model has outputs, "
                        + outputs);
            }
        }
    }

    private int checkLinear(Body body) throws InvalidModelException {
        Integer weights = body.counts().get("weights");
        long expected = (features + 1L) * outputs;
        if (weights == null || weights != expected) {
            throw damage.found("it has " + (weights == null ? "no" : weights) + " weights, and " + features
                    + " features and " + outputs + " outputs take " + expected);
        }
        Integer rounds = body.boostedRounds();
        if (rounds == null || rounds < 1) {
            throw damage
                    .unserved("it does not say how many rounds the linear model was trained for, as files from before"
                            + " XGBoost 1.4, and the library here would answer wrongly: load it with the version that trained"
                            + " it, train it one round further and save it with a newer one");
        }
        return rounds;
    }

    private int checkDart(Booster dart) throws InvalidModelException {
        Booster trees = dart.gbtree();
        if (trees == null) {
            throw damage.found("its dart has no gbtree");
        }
        Body body = bodyOf(trees);
        if (dart.dropWeights() == null && !body.counts().containsKey("weight_drop")) {
            throw damage.found("its dart has no weight_drop");
        }
        return checkTrees(body, dart.dropWeights());
    }

    private int checkTrees(Body body, @Nullable Integer outerDropWeights) throws InvalidModelException {
        List<Tree> trees = body.trees();
        Parameters parameters = new Parameters(damage, "gbtree_model_param", body.parameters());
        int count = parameters.number("num_trees", 0, Integer.MAX_VALUE);
        if (count != trees.size()) {
            throw damage.found("num_trees is " + count + ", and it has " + trees.size() + " trees");
        }
        if (count == 0) {
            throw damage.unserved("it has no trees: train it for one round at least");
        }
        checkDropWeights(body.counts().get("weight_drop"), count);
        checkDropWeights(outerDropWeights, count);
        checkGroups(body, parameters);
        long words = 0;
        for (int i = 0; i < count; i++) {
            words += new TreeCheck(damage, i, trees.get(i), features, outputs).check();
        }
        if (words > MAX_CATEGORY_WORDS) {
            throw damage.unserved("its sets of categories would take " + (words >> 18) + " MB of memory, and "
                    + (MAX_CATEGORY_WORDS >> 18) + " MB are served: number the categories from 0 without gaps");
        }
        return checkRounds(body, count);
    }

    private void checkDropWeights(@Nullable Integer weights, int trees) throws InvalidModelException {
        if (weights != null && weights != trees) {
            throw damage.found("it has " + weights + " weight_drop for " + trees + " trees");
        }
    }

    private void checkGroups(Body body, Parameters parameters) throws InvalidModelException {
        int[] groups = body.integers().get("tree_info");
        if (groups == null || groups.length != body.trees().size()) {
            throw damage.found("it has " + (groups == null ? "no" : groups.length) + " tree_info for "
                    + body.trees().size() + " trees");
        }
        int greatest = 0;
        for (int i = 0; i < groups.length; i++) {
            if (groups[i] < 0 || groups[i] >= outputs) {
                throw damage.found("tree " + i + " adds to output " + groups[i] + " of " + outputs);
            }
            greatest = Math.max(greatest, groups[i]);
        }
        int parallel = parameters.optionalNumber("num_parallel_tree", 1, Integer.MAX_VALUE).orElse(1);
        boolean whole = groups.length % ((greatest + 1L) * parallel) == 0;
        if (!whole && !body.integers().containsKey("iteration_indptr")) {
            throw damage.found(groups.length + " trees are no whole number of rounds of " + (greatest + 1L)
                    + " outputs and " + parallel + " parallel trees");
        }
        if ((greatest + 1L) * parallel > groups.length) {
            throw damage.found("num_parallel_tree is " + parallel + " and it has " + groups.length + " trees");
        }
    }

    /** @return the number of boosting rounds */
    private int checkRounds(Body body, int trees) throws InvalidModelException {
        int[] rounds = body.integers().get("iteration_indptr");
        if (rounds == null) {
            int parallel = Integer.parseInt(body.parameters().getOrDefault("num_parallel_tree", "1"));
            return trees / Math.max(1, parallel) / outputs;
        }
        if (rounds.length < 2 || rounds[0] != 0 || rounds[rounds.length - 1] != trees) {
            throw damage.found("iteration_indptr does not go from 0 to " + trees + " trees");
        }
        for (int i = 1; i < rounds.length; i++) {
            if (rounds[i] < rounds[i - 1]) {
                throw damage.found("iteration_indptr falls from " + rounds[i - 1] + " to " + rounds[i]);
            }
        }
        return rounds.length - 1;
    }

    private Body bodyOf(Booster booster) throws InvalidModelException {
        Body body = booster.body();
        if (body == null) {
            throw damage.found("its " + booster.name() + " has no model");
        }
        return body;
    }
}
