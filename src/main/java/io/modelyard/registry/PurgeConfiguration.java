package io.modelyard.registry;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

import java.time.Duration;

/**
 * When files are removed from the store.
 *
 * @param purgeAfter how long the files of a deleted version stay, so that it can be restored
 * @param abandonedAfter how old the newest file of a push without a manifest is before the push is given up
 * @param purgeInterval between two looks for both
 */
@ConfigurationProperties("modelyard.registry")
public record PurgeConfiguration(@Bindable(defaultValue = "7d") Duration purgeAfter,
        @Bindable(defaultValue = "24h") Duration abandonedAfter,
        @Bindable(defaultValue = "1h") Duration purgeInterval) {
    private static final Duration LEAST = Duration.ofMillis(10);

    /** @throws IllegalArgumentException if a duration makes no sense */
    public PurgeConfiguration {
        if (purgeAfter.isNegative()) {
            throw new IllegalArgumentException(
                    "modelyard.registry.purge-after is " + purgeAfter + "; it must not be below zero");
        }
        if (abandonedAfter.compareTo(Duration.ofHours(1)) < 0) {
            throw new IllegalArgumentException("modelyard.registry.abandoned-after is " + abandonedAfter
                    + "; it must be at least 1h, so that no push under way is taken for an abandoned one");
        }
        if (purgeInterval.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException(
                    "modelyard.registry.purge-interval is " + purgeInterval + "; it must be at least 10ms");
        }
    }
}
