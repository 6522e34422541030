package io.modelyard.predict;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

/**
 * @param maxRowsPerRequest the most rows of one request
 * @param maxConcurrentRequests how many requests may be computed or wait for it; more are answered with 429. By default 256
 *        for each core
 */
@ConfigurationProperties("modelyard.serving")
record PredictConfiguration(@Bindable(defaultValue = "10000") @Min(1) @Max(10_000_000) int maxRowsPerRequest,
        @Nullable @Min(1) Integer maxConcurrentRequests) {}
