package io.modelyard.requestlog;

import org.jspecify.annotations.Nullable;

/**
 * What a prediction answered, as far as the log kept it.
 *
 * @param atMicros microseconds since 1970
 * @param status HTTP status of the answer
 * @param predictions JSON text; null where it failed or was too large to keep
 * @param rowCount rows of the prediction
 */
public record LoggedAnswer(String predictionId, long atMicros, @Nullable String modelType,
        @Nullable String modelVersion, @Nullable String experiment, @Nullable String arm, int status,
        @Nullable String predictions, int rowCount) {}
