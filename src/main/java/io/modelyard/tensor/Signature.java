package io.modelyard.tensor;

import java.util.List;
import java.util.Optional;

/**
 * The inputs and outputs of a model.
 *
 * @param missingAllowed whether the model knows missing values; they are NaN in its tensors and {@code null} in JSON
 */
public record Signature(List<TensorSpec> inputs, List<TensorSpec> outputs, boolean missingAllowed) {
    public Signature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    public Optional<TensorSpec> output(String name) {
        return outputs.stream().filter(output -> output.name().equals(name)).findFirst();
    }

    public Optional<TensorSpec> input(String name) {
        return inputs.stream().filter(input -> input.name().equals(name)).findFirst();
    }

    /** The outputs of a request that names none. */
    public List<TensorSpec> defaultOutputs() {
        return outputs.stream().filter(output -> !output.onRequest()).toList();
    }

    /**
     * Whether one call can answer many rows. Where an input or output has no free first axis, every row is a call of
     * its own.
     */
    public boolean isBatched() {
        return inputs.stream().allMatch(TensorSpec::isBatched) && outputs.stream().allMatch(TensorSpec::isBatched);
    }
}
