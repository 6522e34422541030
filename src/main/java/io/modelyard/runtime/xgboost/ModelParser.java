package io.modelyard.runtime.xgboost;

import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.xgboost.ModelDocument.Body;
import io.modelyard.runtime.xgboost.ModelDocument.Booster;
import io.modelyard.runtime.xgboost.ModelDocument.Tree;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a model file into a {@link ModelDocument}. Unknown members are passed over, so that files of newer versions can be
 * read. The format is described in XGBoost's documentation ("Introduction to Model IO") and doc/model.schema.
 */
final class ModelParser {
    private final DocumentReader reader;
    private final Damage damage;

    ModelParser(DocumentReader reader, Damage damage) {
        this.reader = reader;
        this.damage = damage;
    }

    ModelDocument parse() throws InvalidModelException {
        int[] version = new int[0];
        ModelDocument learner = null;
        boolean snapshot = false;
        reader.beginObject();
        for (String name = reader.nextName(); name != null; name = reader.nextName()) {
            switch (name) {
                case "learner" -> learner = learner();
                case "version" -> version = reader.readInts();
                default -> {
                    snapshot |= name.equals("Model");
                    reader.skip();
                }
            }
        }
        reader.end();
        if (snapshot) {
            throw damage.unserved("it is a snapshot of a training (a pickled or serialized booster), not a model:"
                    + " write the model with Booster.save_model('model.ubj')");
        }
        ModelDocument whole = required(learner, "learner");
        return new ModelDocument(version, whole.parameters(), whole.objective(), whole.objectiveParameters(),
                whole.booster(), whole.featureNames(), whole.attributes());
    }

    private ModelDocument learner() throws InvalidModelException {
        Map<String, String> parameters = null;
        Map<String, String> objective = null;
        Booster booster = null;
        List<String> featureNames = List.of();
        Map<String, String> attributes = Map.of();
        reader.beginObject();
        for (String name = reader.nextName(); name != null; name = reader.nextName()) {
            switch (name) {
                case "learner_model_param" -> parameters = strings();
                case "objective" -> objective = objective();
                case "gradient_booster" -> booster = booster(1);
                case "feature_names" -> featureNames = list();
                case "attributes" -> attributes = strings();
                default -> reader.skip();
            }
        }
        objective = required(objective, "objective");
        return new ModelDocument(new int[0], required(parameters, "learner_model_param"),
                required(objective.get("name"), "name of the objective"), objective,
                required(booster, "gradient_booster"), featureNames, attributes);
    }

    /** The objective's name and, beside it, all its parameters. */
    private Map<String, String> objective() throws InvalidModelException {
        Map<String, String> members = new HashMap<>();
        reader.beginObject();
        for (String name = reader.nextName(); name != null; name = reader.nextName()) {
            if (name.equals("name")) {
                members.put(name, reader.readString());
            } else if (name.endsWith("_param")) {
                strings().forEach(members::putIfAbsent);
            } else {
                reader.skip();
            }
        }
        return members;
    }

    private Booster booster(int depth) throws InvalidModelException {
        String booster = null;
        Body body = null;
        Booster gbtree = null;
        Integer dropWeights = null;
        reader.beginObject();
        for (String name = reader.nextName(); name != null; name = reader.nextName()) {
            switch (name) {
                case "name" -> booster = reader.readString();
                case "model" -> body = body();
                case "weight_drop" -> dropWeights = reader.readLength();
                case "gbtree" -> {
                    if (depth == 2) {
                        throw damage.found("a gbtree stands within a gbtree");
                    }
                    gbtree = booster(depth + 1);
                }
                default -> reader.skip();
            }
        }
        return new Booster(required(booster, "name of the gradient_booster"), body, gbtree, dropWeights);
    }

    private Body body() throws InvalidModelException {
        Map<String, String> parameters = Map.of();
        List<Tree> trees = new ArrayList<>();
        Map<String, int[]> integers = new HashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        Integer boostedRounds = null;
        reader.beginObject();
        for (String name = reader.nextName(); name != null; name = reader.nextName()) {
            switch (name) {
                case "gbtree_model_param" -> parameters = strings();
                case "tree_info", "iteration_indptr" -> integers.put(name, reader.readInts());
                case "weight_drop", "weights" -> counts.put(name, reader.readLength());
                case "boosted_rounds" -> boostedRounds = reader.readInt();
                case "trees" -> {
                    reader.beginArray();
                    while (reader.hasNext()) {
                        trees.add(tree());
                    }
                }
                default -> reader.skip();
            }
        }
        return new Body(parameters, trees, integers, counts, boostedRounds);
    }

    private Tree tree() throws InvalidModelException {
        Integer id = null;
        Map<String, String> parameters = Map.of();
        Map<String, int[]> integers = new HashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        reader.beginObject();
        for (String name = reader.nextName(); name != null; name = reader.nextName()) {
            switch (name) {
                case "id" -> id = reader.readInt();
                case "tree_param" -> parameters = strings();
                case "left_children", "right_children", "parents", "split_indices", "split_type", "categories",
                        "categories_nodes", "categories_segments", "categories_sizes" ->
                    integers.put(name, reader.readInts());
                case "split_conditions", "default_left", "base_weights", "loss_changes", "sum_hessian",
                        "leaf_weights" ->
                    counts.put(name, reader.readLength());
                default -> reader.skip();
            }
        }
        return new Tree(id, parameters, integers, counts);
    }

    /** Those members of an object that are strings. */
    private Map<String, String> strings() throws InvalidModelException {
        Map<String, String> members = new HashMap<>();
        reader.beginObject();
        for (String name = reader.nextName(); name != null; name = reader.nextName()) {
            String value = reader.readStringOrSkip();
            if (value != null) {
                members.put(name, value);
            }
        }
        return members;
    }

    private List<String> list() throws InvalidModelException {
        List<String> values = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNext()) {
            values.add(reader.readString());
        }
        return values;
    }

    private <T> T required(@Nullable T value, String what) throws InvalidModelException {
        if (value == null) {
            throw damage.found("it has no " + what);
        }
        return value;
    }
}
