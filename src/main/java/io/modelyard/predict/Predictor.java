package io.modelyard.predict;

import io.modelyard.serving.Lease;
import io.modelyard.tensor.InputRows;
import io.modelyard.tensor.Tensor;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * Computes the outputs of a model for rows. What may stand between a request and the model (a cache, a shadow, batching) is a
 * Predictor around another one. Safe for use by many threads.
 */
public interface Predictor {
    /**
     * Computes now, on the thread that asks, or later on another one. Never throws.
     *
     * @return fails with a {@link io.modelyard.model.ServingFailure} if it cannot be computed. Completes also where nobody
     *         wants the answer any more: until then the lease is in use
     */
    CompletionStage<Answered> predict(Inference inference);

    /**
     * What is to be computed.
     *
     * @param lease open until the answer is there
     * @param rows as the model takes them, after pre-processing
     * @param outputs names of outputs of the model's signature, at least one
     * @param isWanted whether somebody still waits for the answer: what has not begun may be dropped if not
     * @param freshness whether an answer that was computed before will do
     */
    record Inference(Lease lease, InputRows rows, List<String> outputs, BooleanSupplier isWanted,
            Freshness freshness) {}

    /**
     * @param outputs one for each name, the first axis of each counting the rows; shared with other requests perhaps, so nobody
     *        writes to them
     * @param source where they came from
     * @param heldNanos how long it waited to be computed together with others
     */
    record Answered(List<Tensor> outputs, AnswerSource source, long heldNanos) {
        /** The same from elsewhere. */
        public Answered from(AnswerSource other) {
            return new Answered(outputs, other, heldNanos);
        }
    }
}
