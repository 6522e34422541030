package io.modelyard.predict;

import io.modelyard.model.Experiment;
import io.modelyard.model.Model;
import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * One prediction as seen from outside, whatever became of it: what was asked, what answered, what the caller got.
 *
 * @param predictionId UUID version 7
 * @param requestedType as asked for; null where the body named none and there is no default
 * @param requestedVersion as asked for, aliases with their @; null where the active version was meant
 * @param model what answered, or would have; null where none was found
 * @param keyId public name of the caller's key
 * @param status HTTP status of the answer
 * @param code of the failure; null where it went well
 * @param inputs the JSON text of {@code inputs}, UTF-8; null where it was not read
 * @param predictions the JSON text of {@code predictions}, UTF-8; null where there are none
 * @param source where the answer came from
 * @param assignment to an arm of an experiment; null where none chose the model
 * @param course for who follows its request; null where nobody does
 */
public record Exchange(String predictionId, String requestId, Instant at, @Nullable String requestedType,
        @Nullable String requestedVersion, @Nullable Model model, @Nullable String keyId, int status,
        @Nullable String code, byte @Nullable [] inputs, byte @Nullable [] predictions, int rows,
        AnswerSource source, Experiment.@Nullable Assignment assignment, Timing timing, @Nullable Course course) {
    /** Which nobody follows. */
    public Exchange(String predictionId, String requestId, Instant at, @Nullable String requestedType,
            @Nullable String requestedVersion, @Nullable Model model, @Nullable String keyId, int status,
            @Nullable String code, byte @Nullable [] inputs, byte @Nullable [] predictions, int rows,
            AnswerSource source, Experiment.@Nullable Assignment assignment, Timing timing) {
        this(predictionId, requestId, at, requestedType, requestedVersion, model, keyId, status, code, inputs,
                predictions, rows, source, assignment, timing, null);
    }

    /** Whether the answer was computed before. */
    public boolean cached() {
        return source.isCached();
    }
}
