package io.modelyard.serving;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.bind.annotation.Bindable;
import io.modelyard.model.Manifest.BatchingOptions;
import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * How requests are joined where a manifest does not say otherwise.
 *
 * @param batching {@code auto} joins for models that were measured to gain by it
 * @param maxBatchSize the most rows of one call that was joined, and the most items of one batch that are in work at once
 * @param maxDelayUs the longest that a request waits for others while there is other work, in microseconds
 */
@ConfigurationProperties("modelyard.serving")
public record BatchingConfiguration(@Bindable(defaultValue = "AUTO") Mode batching,
        @Bindable(defaultValue = "32") int maxBatchSize, @Bindable(defaultValue = "2000") int maxDelayUs) {
    /** From how many times the speed on. Below, the wait for others costs more than is gained. */
    private static final double WORTHWHILE = 1.5;

    /** Whether requests are joined. */
    public enum Mode {
        AUTO, ALWAYS, NEVER
    }

    public BatchingConfiguration {
        if (maxBatchSize < 1) {
            throw new ConfigurationException(
                    "modelyard.serving.max-batch-size is " + maxBatchSize + "; it must be 1 or more");
        }
        if (maxDelayUs < 0 || maxDelayUs > 10_000_000) {
            throw new ConfigurationException(
                    "modelyard.serving.max-delay-us is " + maxDelayUs + "; it must be from 0 to 10000000");
        }
    }

    int maxRows(@Nullable BatchingOptions manifest) {
        return manifest == null || manifest.maxBatchSize() == null ? maxBatchSize : manifest.maxBatchSize();
    }

    /** @param trial what was measured, or null */
    Batching decide(@Nullable BatchingOptions manifest, Batching.@Nullable Trial trial) {
        Boolean said = manifest == null ? null : manifest.enabled();
        boolean enabled = said != null ? said : switch (batching) {
            case ALWAYS -> true;
            case NEVER -> false;
            case AUTO -> trial != null && trial.gain() >= WORTHWHILE;
        };
        int delay = manifest == null || manifest.maxDelayUs() == null ? maxDelayUs : manifest.maxDelayUs();
        return new Batching(enabled, maxRows(manifest), Duration.ofNanos(delay * 1000L), trial);
    }
}
