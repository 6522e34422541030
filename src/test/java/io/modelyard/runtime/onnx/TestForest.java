package io.modelyard.runtime.onnx;

import io.modelyard.runtime.onnx.OnnxModelBuilder.Attribute;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Full binary trees of random splits, and what they say of a row.
 *
 * @param columns of a row
 * @param depth of every tree; the leaves are nodes 2^depth−1 and following, in the order of a heap
 * @param features column that a node looks at, by tree and inner node
 * @param thresholds up to which a row goes left, by tree and inner node
 * @param leaves values by tree, leaf and output
 */
public record TestForest(int columns, int depth, int[][] features, float[][] thresholds, float[][][] leaves) {
    /** With a power of two of trees, sums of the leaves are exact in any order. */
    public static TestForest random(long seed, int trees, int depth, int columns, int outputs) {
        Random random = new Random(seed);
        int inner = (1 << depth) - 1;
        int[][] features = new int[trees][inner];
        float[][] thresholds = new float[trees][inner];
        float[][][] leaves = new float[trees][inner + 1][outputs];
        for (int tree = 0; tree < trees; tree++) {
            for (int node = 0; node < inner; node++) {
                features[tree][node] = random.nextInt(columns);
                thresholds[tree][node] = random.nextFloat();
            }
            for (float[] leaf : leaves[tree]) {
                for (int output = 0; output < outputs; output++) {
                    leaf[output] = random.nextInt(1024) / 1024f / trees;
                }
            }
        }
        return new TestForest(columns, depth, features, thresholds, leaves);
    }

    /** The sum of the leaves that the row falls into, by output. */
    public float[] sums(float... row) {
        float[] sums = new float[leaves[0][0].length];
        for (int tree = 0; tree < leaves.length; tree++) {
            int node = 0;
            while (node < inner()) {
                boolean left = row[features[tree][node]] <= thresholds[tree][node];
                node = 2 * node + (left ? 1 : 2);
            }
            for (int output = 0; output < sums.length; output++) {
                sums[output] += leaves[tree][node - inner()][output];
            }
        }
        return sums;
    }

    Attribute[] classifierAttributes(Attribute labels) {
        List<Attribute> attributes = nodes();
        attributes.add(labels);
        attributes.addAll(weights("class"));
        return attributes.toArray(Attribute[]::new);
    }

    Attribute[] regressorAttributes() {
        List<Attribute> attributes = nodes();
        attributes.add(Attribute.integer("n_targets", leaves[0][0].length));
        attributes.addAll(weights("target"));
        return attributes.toArray(Attribute[]::new);
    }

    private int inner() {
        return (1 << depth) - 1;
    }

    private List<Attribute> nodes() {
        int perTree = 2 * inner() + 1;
        int count = leaves.length * perTree;
        long[] trees = new long[count];
        long[] ids = new long[count];
        long[] columnOf = new long[count];
        float[] values = new float[count];
        String[] modes = new String[count];
        long[] lefts = new long[count];
        long[] rights = new long[count];
        for (int i = 0; i < count; i++) {
            int tree = i / perTree;
            int node = i % perTree;
            boolean leaf = node >= inner();
            trees[i] = tree;
            ids[i] = node;
            columnOf[i] = leaf ? 0 : features[tree][node];
            values[i] = leaf ? 0 : thresholds[tree][node];
            modes[i] = leaf ? "LEAF" : "BRANCH_LEQ";
            lefts[i] = leaf ? 0 : 2 * node + 1;
            rights[i] = leaf ? 0 : 2 * node + 2;
        }
        return new ArrayList<>(List.of(Attribute.integers("nodes_treeids", trees),
                Attribute.integers("nodes_nodeids", ids), Attribute.integers("nodes_featureids", columnOf),
                Attribute.numbers("nodes_values", values), Attribute.texts("nodes_modes", modes),
                Attribute.integers("nodes_truenodeids", lefts), Attribute.integers("nodes_falsenodeids", rights),
                Attribute.text("post_transform", "NONE")));
    }

    private List<Attribute> weights(String prefix) {
        int outputs = leaves[0][0].length;
        int leavesPerTree = inner() + 1;
        int count = leaves.length * leavesPerTree * outputs;
        long[] trees = new long[count];
        long[] nodes = new long[count];
        long[] ids = new long[count];
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            int tree = i / (leavesPerTree * outputs);
            int leaf = i / outputs % leavesPerTree;
            trees[i] = tree;
            nodes[i] = (long) inner() + leaf;
            ids[i] = i % outputs;
            values[i] = leaves[tree][leaf][i % outputs];
        }
        return List.of(Attribute.integers(prefix + "_treeids", trees), Attribute.integers(prefix + "_nodeids", nodes),
                Attribute.integers(prefix + "_ids", ids), Attribute.numbers(prefix + "_weights", values));
    }
}
