package io.modelyard.serving;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;
import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * @param loading when models are loaded: {@code lazy} on first use, {@code eager} the active ones at start
 * @param warmupIterations how often the examples are run before a model is ready
 * @param loadRetry how long after a failed load the next is tried, doubled after every further failure
 * @param loadRetryMost the longest that it gets
 * @param maxModelsInMemory the most models in memory at once; by default as many as {@code maxMemory} allows
 * @param maxMemory the bytes that all models together may take; by default what {@link MemoryLimits} makes of the machine
 * @param idleUnloadAfter after what time without use a model leaves that is not pinned; by default never, since memory that
 *        nobody else needs is not worth a slow first answer
 * @param roomWait how long a load waits for room while everything in memory is in use
 */
@ConfigurationProperties("modelyard.serving")
public record ServingConfiguration(@Bindable(defaultValue = "LAZY") Loading loading,
        @Bindable(defaultValue = "3") int warmupIterations, @Bindable(defaultValue = "5s") Duration loadRetry,
        @Bindable(defaultValue = "5m") Duration loadRetryMost, @Nullable Integer maxModelsInMemory,
        @Nullable @ReadableBytes Long maxMemory, @Nullable Duration idleUnloadAfter,
        @Bindable(defaultValue = "30s") Duration roomWait) {
    private static final long LEAST_MEMORY = 1_000_000;

    public ServingConfiguration {
        if (warmupIterations < 0 || warmupIterations > 1000) {
            throw new ConfigurationException(
                    "modelyard.serving.warmup-iterations is " + warmupIterations + "; it must be from 0 to 1000");
        }
        if (loadRetry.isNegative() || loadRetry.isZero() || loadRetryMost.compareTo(loadRetry) < 0) {
            throw new ConfigurationException("modelyard.serving.load-retry is " + loadRetry + " and load-retry-most "
                    + loadRetryMost + "; both must be above zero, and the second at least the first");
        }
        require(maxModelsInMemory == null || maxModelsInMemory >= 1, "max-models-in-memory", maxModelsInMemory,
                "1 or more");
        require(maxMemory == null || maxMemory >= LEAST_MEMORY, "max-memory", maxMemory, "at least 1MB");
        require(idleUnloadAfter == null || idleUnloadAfter.isPositive(), "idle-unload-after", idleUnloadAfter,
                "more than 0; leave it out for never");
        require(!roomWait.isNegative(), "room-wait", roomWait, "0 or more");
    }

    private static void require(boolean holds, String property, @Nullable Object value, String allowed) {
        if (!holds) {
            throw new ConfigurationException(
                    "modelyard.serving." + property + " is " + value + "; it must be " + allowed);
        }
    }

    /** When models are loaded. */
    public enum Loading {
        LAZY, EAGER
    }
}
