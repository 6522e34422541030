package io.modelyard.runtime.xgboost;

import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.xgboost.ModelDocument.Tree;

/**
 * Checks that a tree can be walked: what XGBoost's predictor takes for granted of a tree's arrays, and would otherwise
 * read outside of them, for ever, or past the end of its stack. The rules follow src/tree/tree_model.cc,
 * multi_target_tree_model.cc and predictor/ of XGBoost 3.4.0.
 */
final class TreeCheck {
    /** Deeper trees could end the stack of the predictor, which measures the depth of a tree by recursion. */
    static final int MAX_DEPTH = 1024;

    private static final int NONE = -1;
    /** The feature of a node that was pruned away. */
    private static final int DELETED = Integer.MAX_VALUE;
    /** The parent of the root as it is written. */
    private static final int NO_PARENT = Integer.MAX_VALUE;

    private final Damage damage;
    private final int index;
    private final Tree tree;
    private final int features;
    private final int groups;

    private final int nodes;
    private final int[] left;
    private final int[] right;
    private final int[] parents;
    private final int[] splits;
    /** Values in a leaf: more than one in a multi-output tree. */
    private final int leafSize;

    /**
     * @param index the tree's place in the model
     * @param features columns of the input
     * @param groups outputs of the model
     */
    TreeCheck(Damage damage, int index, Tree tree, int features, int groups) throws InvalidModelException {
        this.damage = damage;
        this.index = index;
        this.tree = tree;
        this.features = features;
        this.groups = groups;
        this.nodes = number("num_nodes", 1, Integer.MAX_VALUE);
        this.leafSize = Math.max(1, number("size_leaf_vector", 0, Integer.MAX_VALUE));
        this.left = nodeIntegers("left_children");
        this.right = nodeIntegers("right_children");
        this.parents = nodeIntegers("parents");
        this.splits = nodeIntegers("split_indices");
    }

    /** @return how many 32-bit words the native library takes for the tree's sets of categories */
    long check() throws InvalidModelException {
        Integer id = tree.id();
        if (id == null || id != index) {
            throw wrong("its id is " + id + " and should be " + index);
        }
        nodeCount("split_conditions", nodes);
        nodeCount("default_left", nodes);
        nodeCount("loss_changes", nodes);
        nodeCount("sum_hessian", nodes);
        if (leafSize == 1) {
            nodeCount("base_weights", nodes);
        } else {
            checkLeafVectors();
        }
        checkIndices();
        checkReach();
        return new CategoryCheck(damage, index, tree, nodes).check();
    }

    private void checkLeafVectors() throws InvalidModelException {
        if (leafSize != groups) {
            throw wrong("its leaves hold " + leafSize + " values and the model has " + groups + " outputs");
        }
        Integer weights = tree.counts().get("leaf_weights");
        if (weights == null) {
            throw damage.unserved("tree " + index + " is a multi-output tree in the format before XGBoost 3.2, which"
                    + " the library here cannot read: load the model with the version that trained it and train it"
                    + " again with a newer one");
        }
        if (weights % leafSize != 0) {
            throw wrong(weights + " leaf_weights are no multiple of " + leafSize + " values a leaf");
        }
        if (!tree.counts().containsKey("base_weights")) {
            throw wrong("it has no base_weights");
        }
    }

    private void checkIndices() throws InvalidModelException {
        if (parents[0] != NONE && parents[0] != NO_PARENT) {
            throw wrong("the root has a parent, " + parents[0]);
        }
        int deleted = 0;
        for (int node = 0; node < nodes; node++) {
            if (node > 0 && (parents[node] < 0 || parents[node] >= nodes)) {
                throw wrong(node, "its parent " + parents[node] + " is none of " + nodes + " nodes");
            }
            if (left[node] < NONE || left[node] >= nodes) {
                throw wrong(node, "its left child " + left[node] + " is none of " + nodes + " nodes");
            }
            if (left[node] == NONE) {
                checkLeaf(node);
            } else if (right[node] != left[node] + 1) {
                throw wrong(node, "its right child is " + right[node] + ", and not " + (left[node] + 1)
                        + " beside the left one");
            } else if (right[node] >= nodes) {
                throw wrong(node, "its right child " + right[node] + " is none of " + nodes + " nodes");
            }
            if (splits[node] == DELETED && node > 0) {
                deleted++;
            } else if (splits[node] < 0 || splits[node] >= features) {
                throw wrong(node, "it asks for feature " + splits[node] + " of " + features);
            }
        }
        String declared = tree.parameters().getOrDefault("num_deleted", "0");
        if (!declared.equals(Integer.toString(deleted))) {
            throw wrong(deleted + " nodes are deleted, and num_deleted is " + declared);
        }
    }

    /** The leaf of a multi-output tree has the place of its vector where others have the right child. */
    private void checkLeaf(int node) throws InvalidModelException {
        if (leafSize == 1) {
            if (right[node] != NONE) {
                throw wrong(node, "it has a right child and no left one");
            }
            return;
        }
        int vectors = tree.counts().getOrDefault("leaf_weights", 0) / leafSize;
        if (right[node] < 0 || right[node] >= vectors) {
            throw wrong(node, "its leaf vector " + right[node] + " is none of " + vectors);
        }
    }

    /** Walks down from the root, level by level. */
    private void checkReach() throws InvalidModelException {
        boolean[] seen = new boolean[nodes];
        int[] queue = new int[nodes];
        int end = 1;
        int depth = 0;
        for (int begin = 0; begin < end; depth++) {
            if (depth > MAX_DEPTH) {
                throw damage.unserved("tree " + index + " is deeper than " + MAX_DEPTH + " levels, which is more than"
                        + " the library can be trusted with: train with a smaller max_depth");
            }
            int endOfLevel = end;
            for (; begin < endOfLevel; begin++) {
                int node = queue[begin];
                if (splits[node] == DELETED) {
                    throw wrong(node, "it is deleted and yet part of the tree");
                }
                if (left[node] == NONE) {
                    continue;
                }
                for (int child = left[node]; child <= right[node]; child++) {
                    if (child == 0 || seen[child]) {
                        throw wrong(node, "its child " + child + " is a child of another node too, or the root");
                    }
                    if (parents[child] != node) {
                        throw wrong(child, "its parent is " + parents[child] + ", and it is a child of " + node);
                    }
                    seen[child] = true;
                    queue[end++] = child;
                }
            }
        }
    }

    private int[] nodeIntegers(String name) throws InvalidModelException {
        int[] values = tree.integers().get(name);
        if (values == null) {
            throw wrong("it has no " + name);
        }
        if (values.length != nodes) {
            throw wrong("it has " + values.length + " " + name + " for " + nodes + " nodes");
        }
        return values;
    }

    private void nodeCount(String name, int expected) throws InvalidModelException {
        Integer count = tree.counts().get(name);
        if (count == null || count != expected) {
            throw wrong("it has " + (count == null ? "no" : count) + " " + name + " for " + expected + " nodes");
        }
    }

    private int number(String name, int least, int most) throws InvalidModelException {
        return new Parameters(damage, "tree " + index, tree.parameters()).number(name, least, most);
    }

    private InvalidModelException wrong(String detail) {
        return damage.found("tree " + index + ": " + detail);
    }

    private InvalidModelException wrong(int node, String detail) {
        return damage.found("tree " + index + ", node " + node + ": " + detail);
    }
}
