package io.modelyard.predict;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.bind.annotation.Bindable;
import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * @param maxRowsPerRequest the most rows of one request
 * @param maxConcurrentRequests how many requests may be under way, computed or waiting; more are answered with 429. By default
 *        256 for each core
 * @param maxQueuePerModel how many of them may be for one model; by default half of them
 * @param predictionThreads how many requests are computed at once; by default as many as there are cores
 * @param requestTimeout after which a request is answered with 504; a caller may ask for less
 */
@ConfigurationProperties("modelyard.serving")
record PredictConfiguration(@Bindable(defaultValue = "10000") int maxRowsPerRequest,
        @Nullable Integer maxConcurrentRequests, @Nullable Integer maxQueuePerModel,
        @Nullable Integer predictionThreads, @Bindable(defaultValue = "30s") Duration requestTimeout) {
    private static final int REQUESTS_PER_CORE = 256;

    PredictConfiguration {
        demandOneOrMore("max-rows-per-request", maxRowsPerRequest);
        demandOneOrMore("max-concurrent-requests", maxConcurrentRequests);
        demandOneOrMore("max-queue-per-model", maxQueuePerModel);
        demandOneOrMore("prediction-threads", predictionThreads);
        if (requestTimeout.isNegative() || requestTimeout.isZero()
                || requestTimeout.compareTo(Duration.ofDays(1)) > 0) {
            throw new ConfigurationException("modelyard.serving.request-timeout is " + requestTimeout
                    + "; it must be more than nothing and at most a day");
        }
    }

    private static void demandOneOrMore(String property, @Nullable Integer value) {
        if (value != null && value < 1) {
            throw new ConfigurationException(
                    "modelyard.serving." + property + " is " + value + "; it must be 1 or more");
        }
    }

    int concurrentRequests(int cores) {
        return maxConcurrentRequests == null ? REQUESTS_PER_CORE * cores : maxConcurrentRequests;
    }

    int threads(int cores) {
        return predictionThreads == null ? cores : predictionThreads;
    }

    int queuePerModel(int cores) {
        return maxQueuePerModel == null ? Math.max(1, concurrentRequests(cores) / 2) : maxQueuePerModel;
    }
}
