package io.modelyard.runtime.xgboost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.runtime.InvalidModelException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;

/** What is said of files whose content does not hang together. */
final class DamagedModelTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FIRST_CHILD = 1;

    @TempDir
    Path folder;

    private static byte[] trees;
    private static byte[] dart;
    private static byte[] linear;
    private static byte[] categories;
    private static byte[] vectors;

    @BeforeAll
    static void train() throws Exception {
        trees = KnownModels.TREES.bytes("json");
        dart = KnownModels.DART.bytes("json");
        linear = KnownModels.LINEAR.bytes("json");
        categories = KnownModels.CATEGORIES.bytes("json");
        vectors = KnownModels.VECTORS.bytes("json");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "/left_children/0 | 9999 | tree 1, node 0: its left child 9999 is none of",
            "/left_children/0 | -2 | tree 1, node 0: its left child -2 is none of",
            "/left_children/0 | 4294967297 | out of range",
            "/right_children/0 | 9999 | tree 1, node 0: its right child is 9999, and not 2",
            "/right_children/0 | -1 | tree 1, node 0: its right child is -1",
            "/left_children/1 | 0 | tree 1, node 1: its right child is",
            "/parents/0 | 1 | tree 1: the root has a parent",
            "/parents/1 | -1 | tree 1, node 1: its parent -1 is none of",
            "/parents/1 | 99999 | tree 1, node 1: its parent 99999 is none of",
            "/parents/2 | 1 | tree 1, node 2: its parent is 1, and it is a child of 0",
            "/split_indices/0 | 5 | tree 1, node 0: it asks for feature 5 of 5",
            "/split_indices/0 | -1 | tree 1, node 0: it asks for feature -1 of 5",
            "/split_indices/1 | 2147483647 | tree 1: 1 nodes are deleted, and num_deleted is 0",
            "/split_type/0 | 1 | tree 1: node 0 has split_type 1 and is not among categories_nodes",
            "/tree_param/num_nodes | \"3\" | left_children for 3 nodes",
            "/tree_param/num_nodes | \"2000000000\" | left_children for 2000000000 nodes",
            "/tree_param/num_nodes | \"0\" | num_nodes 0, which is not from 1",
            "/tree_param/num_nodes | \"many\" | num_nodes 'many', which is no integer",
            "/tree_param/num_nodes | 3 | tree 1 has no num_nodes",
            "/tree_param/size_leaf_vector | \"3\" | its leaves hold 3 values and the model has 1 outputs",
            "/tree_param/num_deleted | \"1\" | 0 nodes are deleted, and num_deleted is 1",
            "/id | 0 | tree 1: its id is 0 and should be 1", "/split_conditions | [] | it has 0 split_conditions",
            "/default_left | [1] | it has 1 default_left", "/base_weights | null | an array was to come, not null",
            "/left_children | {} | an array was to come, not an object",
            "/left_children/0 | 1.5 | an integer was to come, not a number with a fraction"})
    void aDamagedTreeIsRefusedWithItsPlace(String pointer, String value, String message) throws Exception {
        ObjectNode model = model(trees);
        put(model, "/learner/gradient_booster/model/trees/1" + pointer, value);
        assertRefused(model, message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"/tree_info/1 | 1 | tree 1 adds to output 1 of 1",
            "/tree_info/1 | -1 | tree 1 adds to output -1 of 1", "/tree_info | [0] | it has 1 tree_info for 4 trees",
            "/gbtree_model_param/num_trees | \"5\" | num_trees is 5, and it has 4 trees",
            "/gbtree_model_param/num_parallel_tree | \"0\" | num_parallel_tree 0, which is not from 1",
            "/gbtree_model_param/num_parallel_tree | \"2147483647\" | num_parallel_tree is 2147483647",
            "/iteration_indptr/1 | 3 | iteration_indptr falls from 3 to 2",
            "/iteration_indptr/4 | 3 | iteration_indptr does not go from 0 to 4",
            "/iteration_indptr | [] | iteration_indptr",
            "/weight_drop | [1, 1] | it has 2 weight_drop for 4 trees",
            "/trees | [] | num_trees is 4, and it has 0 trees"})
    void damagedBookkeepingOfTreesIsRefused(String pointer, String value, String message) throws Exception {
        ObjectNode model = model(trees);
        put(model, "/learner/gradient_booster/model" + pointer, value);
        assertRefused(model, message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "/learner/learner_model_param/num_feature | \"0\" | num_feature is 0",
            "/learner/learner_model_param/num_feature | \"2\" | it asks for feature",
            "/learner/learner_model_param/num_feature | \"2000000000\" | models of 1 to 1048576 features are served",
            "/learner/learner_model_param/num_class | \"-1\" | num_class -1",
            "/learner/learner_model_param/num_target | \"0\" | num_target 0",
            "/learner/learner_model_param/base_score | \"\" | base_score that is neither",
            "/learner/learner_model_param/base_score | \"[]\" | base_score that is neither",
            "/learner/learner_model_param/base_score | \"[1,2]\" | 2 values of base_score for 1 outputs",
            "/learner/learner_model_param/base_score | \"1,2\" | base_score that is neither",
            "/learner/learner_model_param/base_score | \"1E99\" | base_score that is neither",
            "/learner/learner_model_param/base_score | \"NaN\" | base_score that is neither",
            "/learner/learner_model_param | {} | learner_model_param has no num_feature",
            "/learner/objective | {} | it has no name of the objective",
            "/learner/objective/name | \"multi:softprob\" | num_class is 0",
            "/learner/objective/quantile_loss_param | {\"quantile_alpha\": \"\"} | quantile_alpha that is neither",
            "/learner/objective/softmax_multiclass_param | {\"num_class\": \"3\"} | num_class is 0, and 3 in the objective",
            "/learner/gradient_booster/name | \"gbforest\" | its gradient_booster is 'gbforest'",
            "/learner/gradient_booster/name | \"dart\" | its dart has no gbtree",
            "/learner/gradient_booster/name | \"gblinear\" | it has no weights",
            "/learner/gradient_booster/model | 7 | an object was to come",
            "/learner/feature_names | [\"a\"] | it has 1 feature_names for 5 features",
            "/learner/feature_names | [1] | a string was to come", "/version | \"3\" | an array was to come",
            "/learner | {} | it has no objective", "/Model | {} | a snapshot of a training"})
    void aDamagedLearnerIsRefused(String pointer, String value, String message) throws Exception {
        ObjectNode model = model(trees);
        put(model, pointer, value);
        assertRefused(model, message);
    }

    @Test
    void dartNeedsAWeightForEveryTree() throws Exception {
        ObjectNode model = model(dart);
        put(model, "/learner/gradient_booster/model/weight_drop", "[1]");
        assertRefused(model, "it has 1 weight_drop for 4 trees");
    }

    @Test
    void theFormOfDartBeforeTheLatestNeedsItsWeightsToo() throws Exception {
        ObjectNode model = model(dart);
        ObjectNode booster = (ObjectNode) model.at("/learner/gradient_booster");
        JsonNode weights = ((ObjectNode) booster.get("model")).remove("weight_drop");
        ObjectNode old = JSON.createObjectNode().put("name", "dart");
        old.set("gbtree", booster.deepCopy());
        ((ObjectNode) model.get("learner")).set("gradient_booster", old);
        assertRefused(model, "its dart has no weight_drop");
        old.set("weight_drop", JSON.createArrayNode().add(1));
        assertRefused(model, "it has 1 weight_drop for 4 trees");
        old.set("weight_drop", weights);
        assertThat(check(model).linear()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"/weights | [1, 2] | it has 2 weights, and 5 features and 1 outputs take 6",
            "/boosted_rounds | 0 | how many rounds"})
    void aDamagedLinearModelIsRefused(String pointer, String value, String message) throws Exception {
        ObjectNode model = model(linear);
        put(model, "/learner/gradient_booster/model" + pointer, value);
        assertRefused(model, message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"/categories/0 | -1 | has the category -1",
            "/categories/0 | 16777216 | has the category",
            "/categories_sizes/0 | 0 | has categories 0 to 0", "/categories_sizes/0 | 9999 | has categories 0 to 9999",
            "/categories_sizes/0 | 2147483647 | has categories 0 to 2147483647",
            "/categories_segments/0 | -1 | has categories -1 to",
            "/categories_segments | [] | it has 0 categories_segments",
            "/categories_nodes/0 | 9999 | split_type", "/categories_nodes/0 | -1 | split_type",
            "/categories_nodes | [] | categories_segments for 0 categories_nodes", "/split_type/0 | 0 | split_type",
            "/split_type/0 | 2 | split_type",
            "/categories | [] | has categories 0 to"})
    void damagedCategoriesAreRefused(String pointer, String value, String message) throws Exception {
        ObjectNode model = model(categories);
        put(model, "/learner/gradient_booster/model/trees/0" + pointer, value);
        assertRefused(model, message);
    }

    @Test
    void categoriesThatWouldFillTheMemoryAreRefused() throws Exception {
        ObjectNode model = model(categories);
        ObjectNode first = (ObjectNode) model.at("/learner/gradient_booster/model/trees/0");
        for (int i = 0; i < first.get("categories").size(); i++) {
            ((ArrayNode) first.get("categories")).set(i, JSON.getNodeFactory().numberNode((1 << 24) - 1));
        }
        ArrayNode all = JSON.createArrayNode();
        for (int i = 0; i < 300; i++) {
            all.add(first.deepCopy().put("id", i));
        }
        ObjectNode body = (ObjectNode) model.at("/learner/gradient_booster/model");
        body.set("trees", all);
        body.set("tree_info", JSON.valueToTree(new int[300]));
        body.remove("iteration_indptr");
        put(model, "/learner/gradient_booster/model/gbtree_model_param/num_trees", "\"300\"");
        assertRefused(model, "number the categories from 0 without gaps");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"/leaf_weights | [1, 2] | 2 leaf_weights are no multiple of 3",
            "/leaf_weights | [1, 2, 3] | its leaf vector",
            "/tree_param/size_leaf_vector | \"2\" | its leaves hold 2 values",
            "/right_children/LEAF | -1 | its leaf vector -1 is none of",
            "/right_children/LEAF | 9999 | its leaf vector 9999 is none of"})
    void damagedLeafVectorsAreRefused(String pointer, String value, String message) throws Exception {
        ObjectNode model = model(vectors);
        String tree = "/learner/gradient_booster/model/trees/0";
        int leaf = model.at(tree + "/left_children").size() - 1;
        put(model, tree + pointer.replace("LEAF", Integer.toString(leaf)), value);
        assertRefused(model, message);
    }

    @Test
    void leafVectorsInTheFormOfOldVersionsAreRefusedAsSuch() throws Exception {
        ObjectNode model = model(vectors);
        ((ObjectNode) model.at("/learner/gradient_booster/model/trees/0")).remove("leaf_weights");
        assertRefused(model, "the format before XGBoost 3.2");
    }

    @Test
    void aTreeThatLeadsBackToItselfIsRefused() throws Exception {
        ObjectNode model = model(trees);
        String tree = "/learner/gradient_booster/model/trees/1";
        int inner = model.at(tree + "/left_children/" + FIRST_CHILD).intValue();
        assertThat(inner).as("the first child splits too").isPositive();
        put(model, tree + "/left_children/" + inner, "1");
        put(model, tree + "/right_children/" + inner, "2");
        assertRefused(model, "is a child of another node too, or the root");
    }

    @Test
    void theDeepestTreeThatIsServedDoesNotHarmTheLibrary() throws Exception {
        byte[] deepest = chain(TreeCheck.MAX_DEPTH);
        try (Loaded loaded = new Loaded(deepest, folder)) {
            assertThat(loaded.predict(Trained.rows(0, 130))).hasSize(130).doesNotContain(Float.NaN);
        }
        assertThatThrownBy(() -> XgboostRuntime.check("model.json", chain(TreeCheck.MAX_DEPTH + 1)))
                .isInstanceOf(InvalidModelException.class).hasMessageContaining("deeper than 1024");
    }

    @Test
    void unknownMembersOfAnyKindAreNoDamage() throws Exception {
        for (String pointer : new String[]{"/new", "/learner/new", "/learner/learner_model_param/new",
                "/learner/objective/new", "/learner/gradient_booster/new", "/learner/gradient_booster/model/new",
                "/learner/gradient_booster/model/trees/0/new"}) {
            ObjectNode model = model(trees);
            put(model, pointer, "{\"a\": [1, 2.5, null, true, \"x\", [[]], {\"b\": {}}], \"c\": -1e30}");
            assertThat(check(model).features()).as(pointer).isEqualTo(Trained.COLUMNS);
        }
    }

    /** A tree that is a chain: each right child splits again. */
    private static byte[] chain(int depth) throws Exception {
        ObjectNode model = model(trees);
        int nodes = 2 * depth + 1;
        int[] left = new int[nodes];
        int[] right = new int[nodes];
        int[] parents = new int[nodes];
        for (int node = 0; node < nodes; node++) {
            boolean inner = node % 2 == 0 && node < nodes - 1;
            left[node] = inner ? node + 1 : -1;
            right[node] = inner ? node + 2 : -1;
            parents[node] = node == 0 ? Integer.MAX_VALUE : (node - 1) / 2 * 2;
        }
        ObjectNode tree = (ObjectNode) model.at("/learner/gradient_booster/model/trees/0");
        tree.set("left_children", JSON.valueToTree(left));
        tree.set("right_children", JSON.valueToTree(right));
        tree.set("parents", JSON.valueToTree(parents));
        for (String name : new String[]{"split_indices", "split_type", "default_left"}) {
            tree.set(name, JSON.valueToTree(new int[nodes]));
        }
        for (String name : new String[]{"split_conditions", "base_weights", "loss_changes", "sum_hessian"}) {
            tree.set(name, JSON.valueToTree(new float[nodes]));
        }
        ((ObjectNode) tree.get("tree_param")).put("num_nodes", Integer.toString(nodes));
        return JSON.writeValueAsBytes(model);
    }

    private static ObjectNode model(byte[] json) throws Exception {
        return (ObjectNode) JSON.readTree(json);
    }

    private static void put(ObjectNode model, String pointer, String value) throws Exception {
        int slash = pointer.lastIndexOf('/');
        JsonNode parent = model.at(pointer.substring(0, slash));
        String name = pointer.substring(slash + 1);
        if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(name), JSON.readTree(value));
        } else {
            ((ObjectNode) parent).set(name, JSON.readTree(value));
        }
    }

    private static CheckedModel check(ObjectNode model) throws Exception {
        return XgboostRuntime.check("model.json", JSON.writeValueAsBytes(model));
    }

    private static void assertRefused(ObjectNode model, String message) {
        assertThatThrownBy(() -> check(model)).isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith("model.json: ").hasMessageContaining(message);
    }
}
