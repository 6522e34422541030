package io.modelyard.tensor;

import java.util.List;

/**
 * What a model says of one input or output.
 *
 * @param shape with {@link Shape#ANY} where the length is free
 * @param features the names of the columns of a tabular input, one for each place of a row; empty where there are none
 * @param labels what the places of an output's last axis stand for; empty where there are none. Two labels over one
 *        value p a row mean the values [1−p, p]
 * @param onRequest an output that is computed only for requests that name it
 */
public record TensorSpec(String name, DataType dtype, Shape shape, List<Feature> features, List<String> labels,
        boolean onRequest) {
    public TensorSpec {
        features = List.copyOf(features);
        labels = List.copyOf(labels);
    }

    public static TensorSpec of(String name, DataType dtype, Shape shape) {
        return new TensorSpec(name, dtype, shape, List.of(), List.of(), false);
    }

    public TensorSpec withFeatures(List<Feature> features) {
        return new TensorSpec(name, dtype, shape, features, labels, onRequest);
    }

    public TensorSpec withLabels(List<String> labels) {
        return new TensorSpec(name, dtype, shape, features, labels, onRequest);
    }

    public TensorSpec asOnRequest() {
        return new TensorSpec(name, dtype, shape, features, labels, true);
    }

    /** Whether the first axis counts the rows of a request. */
    public boolean isBatched() {
        return shape.rank() > 0 && shape.dim(0) == Shape.ANY;
    }
}
