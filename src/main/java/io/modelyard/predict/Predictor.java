package io.modelyard.predict;

import io.modelyard.serving.Lease;
import io.modelyard.tensor.InputRows;
import io.modelyard.tensor.Tensor;

import java.util.List;

/**
 * Computes the outputs of a model for rows. What may stand between a request and the model (a cache, a shadow) is a Predictor
 * around another one. Safe for use by many threads.
 */
public interface Predictor {
    /**
     * @param rows as the model takes them, after pre-processing
     * @param outputs names of outputs of the model's signature, at least one
     * @throws io.modelyard.model.ServingFailure if it cannot be computed
     */
    Answered predict(Lease lease, InputRows rows, List<String> outputs);

    /**
     * @param outputs one for each name, the first axis of each counting the rows
     * @param cached whether it was computed before
     */
    record Answered(List<Tensor> outputs, boolean cached) {}
}
