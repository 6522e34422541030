package io.modelyard.registry;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

import java.time.Duration;

/**
 * How often the store is asked.
 *
 * @param reconcileInterval between two full listings, which find what was pushed with plain S3 tools
 * @param pollInterval between two conditional reads of {@code generation}, which find what Modelyard's tools wrote
 */
@ConfigurationProperties("modelyard.registry")
record RegistryConfiguration(@Bindable(defaultValue = "60s") Duration reconcileInterval,
        @Bindable(defaultValue = "2s") Duration pollInterval) {
    private static final Duration LEAST = Duration.ofMillis(10);

    /** @throws IllegalArgumentException if an interval makes no sense */
    RegistryConfiguration {
        if (pollInterval.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException(
                    "modelyard.registry.poll-interval is " + pollInterval + "; it must be at least 10ms");
        }
        if (reconcileInterval.compareTo(pollInterval) < 0) {
            throw new IllegalArgumentException("modelyard.registry.reconcile-interval is " + reconcileInterval
                    + "; it must not be shorter than modelyard.registry.poll-interval, " + pollInterval);
        }
    }
}
