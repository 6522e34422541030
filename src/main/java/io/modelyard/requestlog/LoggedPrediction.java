package io.modelyard.requestlog;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import io.modelyard.predict.Timing;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One row of the request log.
 *
 * @param predictionId UUID version 7
 * @param atMicros microseconds since 1970
 * @param modelType the type that answered, or was asked for where none answered
 * @param keyId public name of the caller's key
 * @param status HTTP status of the answer
 * @param code of the failure
 * @param inputs JSON text
 * @param predictions JSON text
 * @param rowCount rows of the prediction
 * @param truncated whether inputs or predictions were left out because they were too large to keep, or not JSON
 * @param experiment id of the experiment that chose the model; null where none did, as is arm
 * @param arm of the experiment
 * @param totalNs nanoseconds, as are the other steps
 */
@MappedEntity("prediction_log")
public record LoggedPrediction(@Id String predictionId, String requestId, long atMicros, @Nullable String modelType,
        @Nullable String modelVersion, @Nullable String requestedVersion, @Nullable String runtime,
        @Nullable String modelDigest, @Nullable String keyId, int status, @Nullable String code,
        @Nullable String inputs, @Nullable String predictions, int rowCount, boolean cached, boolean truncated,
        @Nullable String experiment, @Nullable String arm,
        long preprocessingNs, long queueNs, long inferenceNs, long postprocessingNs, long totalNs) {

    public Instant at() {
        return Instant.EPOCH.plus(atMicros, ChronoUnit.MICROS);
    }

    public Timing timing() {
        return new Timing(preprocessingNs, queueNs, inferenceNs, postprocessingNs, totalNs);
    }

    LogCursor cursor() {
        return new LogCursor(atMicros, predictionId);
    }

    /** About how many bytes the row takes in memory. */
    long weight() {
        return 1_000L + (inputs == null ? 0 : inputs.length()) + (predictions == null ? 0 : predictions.length());
    }

    static long micros(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }
}
