package io.modelyard.runtime;

import io.modelyard.tensor.Signature;
import io.modelyard.tensor.Tensor;

import java.util.List;

/**
 * A model in memory. {@link #run} may be called by many threads at once; {@link #close} once, when none runs it any more.
 */
public interface LoadedModel extends AutoCloseable {
    /** What the model itself says of its inputs and outputs. */
    Signature signature();

    /** What is odd about the model, though it works: shown in the log and in {@code GET /models}. */
    List<String> warnings();

    /**
     * Computes the named outputs.
     *
     * @param inputs one for each input of the signature, in its order, of its dtype, and of a shape that it accepts
     * @param outputs names of outputs of the signature, at least one
     * @return one tensor for each named output, in that order
     * @throws InferenceException if the library refuses
     */
    List<Tensor> run(List<Tensor> inputs, List<String> outputs);

    @Override
    void close();
}
