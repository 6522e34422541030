package io.modelyard.runtime.xgboost;

import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.xgboost.ModelDocument.Tree;

/**
 * Checks the sets of categories of a tree's categorical splits. The library reads them by walking {@code split_type} and
 * {@code categories_nodes} side by side, and keeps each set as bits up to its greatest category
 * (RegTree::LoadCategoricalSplit in src/tree/tree_model.cc).
 */
final class CategoryCheck {
    /** Categories are codes in float32, exact below this. */
    private static final int MAX_CATEGORY = 1 << 24;

    private final Damage damage;
    private final int index;
    private final Tree tree;
    private final int nodes;

    CategoryCheck(Damage damage, int index, Tree tree, int nodes) {
        this.damage = damage;
        this.index = index;
        this.tree = tree;
        this.nodes = nodes;
    }

    /** @return how many 32-bit words the sets take; 0 for a tree without categorical splits */
    long check() throws InvalidModelException {
        int[] types = tree.integers().get("split_type");
        if (types == null) {
            // Files from before 1.3 know no categories.
            return 0;
        }
        if (types.length != nodes) {
            throw wrong("it has " + types.length + " split_type for " + nodes + " nodes");
        }
        int[] categoryNodes = integers("categories_nodes", -1);
        int[] segments = integers("categories_segments", categoryNodes.length);
        int[] sizes = integers("categories_sizes", categoryNodes.length);
        int[] categories = integers("categories", -1);
        long words = 0;
        int next = 0;
        for (int node = 0; node < nodes; node++) {
            boolean listed = next < categoryNodes.length && categoryNodes[next] == node;
            if (types[node] != (listed ? 1 : 0)) {
                throw wrong("node " + node + " has split_type " + types[node] + " and is " + (listed ? "" : "not ")
                        + "among categories_nodes");
            }
            if (listed) {
                words += wordsOf(node, segments[next], sizes[next], categories);
                next++;
            }
        }
        if (next != categoryNodes.length) {
            throw wrong("categories_nodes are not in order or not all nodes of the tree");
        }
        return words;
    }

    private long wordsOf(int node, int begin, int size, int[] categories) throws InvalidModelException {
        if (begin < 0 || size < 1 || (long) begin + size > categories.length) {
            throw wrong("node " + node + " has categories " + begin + " to " + ((long) begin + size) + " of "
                    + categories.length);
        }
        int greatest = 0;
        for (int i = begin; i < begin + size; i++) {
            if (categories[i] < 0 || categories[i] >= MAX_CATEGORY) {
                throw wrong("node " + node + " has the category " + categories[i] + ", which is not from 0 to "
                        + (MAX_CATEGORY - 1));
            }
            greatest = Math.max(greatest, categories[i]);
        }
        return greatest / 32 + 1L;
    }

    private int[] integers(String name, int length) throws InvalidModelException {
        int[] values = tree.integers().get(name);
        if (values == null) {
            throw wrong("it has no " + name);
        }
        if (length >= 0 && values.length != length) {
            throw wrong("it has " + values.length + " " + name + " for " + length + " categories_nodes");
        }
        return values;
    }

    private InvalidModelException wrong(String detail) {
        return damage.found("tree " + index + ": " + detail);
    }
}
