package io.modelyard.serving;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.bind.annotation.Bindable;

import java.time.Duration;

/**
 * @param loading when models are loaded: {@code lazy} on first use, {@code eager} the active ones at start
 * @param warmupIterations how often the examples are run before a model is ready
 * @param loadRetry how long after a failed load the next is tried, doubled after every further failure
 * @param loadRetryMost the longest that it gets
 */
@ConfigurationProperties("modelyard.serving")
public record ServingConfiguration(@Bindable(defaultValue = "LAZY") Loading loading,
        @Bindable(defaultValue = "3") int warmupIterations, @Bindable(defaultValue = "5s") Duration loadRetry,
        @Bindable(defaultValue = "5m") Duration loadRetryMost) {
    public ServingConfiguration {
        if (warmupIterations < 0 || warmupIterations > 1000) {
            throw new ConfigurationException(
                    "modelyard.serving.warmup-iterations is " + warmupIterations + "; it must be from 0 to 1000");
        }
        if (loadRetry.isNegative() || loadRetry.isZero() || loadRetryMost.compareTo(loadRetry) < 0) {
            throw new ConfigurationException("modelyard.serving.load-retry is " + loadRetry + " and load-retry-most "
                    + loadRetryMost + "; both must be above zero, and the second at least the first");
        }
    }

    /** When models are loaded. */
    public enum Loading {
        LAZY, EAGER
    }
}
