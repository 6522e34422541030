package io.modelyard.predict;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.bind.annotation.Bindable;
import org.jspecify.annotations.Nullable;

/**
 * @param maxRowsPerRequest the most rows of one request
 * @param maxConcurrentRequests how many requests may be computed or wait for it; more are answered with 429. By default 256
 *        for each core
 */
@ConfigurationProperties("modelyard.serving")
record PredictConfiguration(@Bindable(defaultValue = "10000") int maxRowsPerRequest,
        @Nullable Integer maxConcurrentRequests) {
    PredictConfiguration {
        if (maxRowsPerRequest < 1) {
            throw new ConfigurationException(
                    "modelyard.serving.max-rows-per-request is " + maxRowsPerRequest + "; it must be 1 or more");
        }
        if (maxConcurrentRequests != null && maxConcurrentRequests < 1) {
            throw new ConfigurationException("modelyard.serving.max-concurrent-requests is " + maxConcurrentRequests
                    + "; it must be 1 or more");
        }
    }
}
