package io.modelyard.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether whoever calls one signature can call another instead and understands its answers. */
public final class SignatureContract {
    private SignatureContract() {}

    /** What a caller of {@code old} would stumble over in {@code other}; empty where nothing. */
    public static List<String> differences(Signature old, Signature other) {
        List<String> found = new ArrayList<>();
        for (TensorSpec input : old.inputs()) {
            Optional<TensorSpec> same = other.input(input.name());
            if (same.isEmpty()) {
                found.add("there is no input '" + input.name() + "' any more");
            } else {
                compareInput(input, same.get(), found);
            }
        }
        for (TensorSpec input : other.inputs()) {
            if (old.input(input.name()).isEmpty()) {
                found.add("there is a new input '" + input.name() + "'");
            }
        }
        List<String> before = old.inputs().stream().map(TensorSpec::name).toList();
        List<String> now = other.inputs().stream().map(TensorSpec::name).toList();
        // Rows as flat arrays hold the inputs in their order.
        if (found.isEmpty() && !before.equals(now)) {
            found.add("the inputs are in another order");
        }
        if (old.missingAllowed() && !other.missingAllowed()) {
            found.add("missing values are not accepted any more");
        }
        compareOutputs(old.defaultOutputs(), other.defaultOutputs(), found);
        return found;
    }

    private static void compareInput(TensorSpec old, TensorSpec now, List<String> found) {
        if (old.dtype() != now.dtype()) {
            found.add("input '" + old.name() + "' is " + now.dtype().jsonName() + ", was " + old.dtype().jsonName());
        }
        if (!covers(now.shape(), old.shape())) {
            found.add("input '" + old.name() + "' has the shape " + now.shape() + ", was " + old.shape());
        }
        List<String> oldNames = old.features().stream().map(Feature::name).toList();
        List<String> names = now.features().stream().map(Feature::name).toList();
        if (!oldNames.isEmpty() && !oldNames.equals(names)) {
            found.add("input '" + old.name() + "' has other features, or has them in another order");
        }
    }

    private static void compareOutputs(List<TensorSpec> old, List<TensorSpec> now, List<String> found) {
        List<String> oldNames = old.stream().map(TensorSpec::name).toList();
        List<String> names = now.stream().map(TensorSpec::name).toList();
        if (!oldNames.equals(names)) {
            found.add("the outputs are " + String.join(", ", names) + ", were " + String.join(", ", oldNames));
            return;
        }
        for (int i = 0; i < old.size(); i++) {
            TensorSpec a = old.get(i);
            TensorSpec b = now.get(i);
            if (a.dtype() != b.dtype()) {
                found.add("output '" + a.name() + "' is " + b.dtype().jsonName() + ", was " + a.dtype().jsonName());
            }
            if (!covers(a.shape(), b.shape()) && !covers(b.shape(), a.shape())) {
                found.add("output '" + a.name() + "' has the shape " + b.shape() + ", was " + a.shape());
            }
            if (!a.labels().equals(b.labels())) {
                found.add("output '" + a.name() + "' has the labels " + b.labels() + ", had " + a.labels());
            }
        }
    }

    /** Whether every tensor of shape {@code narrow} is one of shape {@code wide}. */
    private static boolean covers(Shape wide, Shape narrow) {
        if (wide.rank() != narrow.rank()) {
            return false;
        }
        for (int axis = 0; axis < wide.rank(); axis++) {
            if (wide.dim(axis) != Shape.ANY && wide.dim(axis) != narrow.dim(axis)) {
                return false;
            }
        }
        return true;
    }
}
