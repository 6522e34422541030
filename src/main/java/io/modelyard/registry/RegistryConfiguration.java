package io.modelyard.registry;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How often the store is asked, and what is kept of it.
 *
 * @param pollInterval between two conditional reads of {@code generation}, which find what Modelyard's tools wrote
 * @param reconcileInterval between two steps of comparing the store's listing with what is known, which find what was
 *        pushed with plain S3 tools
 * @param reconcileRequests how many pages of the listing, of some 1,000 documents each, one step may ask for. So the idle
 *        cost does not grow with the registry; the time until a hand-made push is seen does
 * @param backOffMost the longest pause between two questions to a store that fails
 * @param startWait how long the start waits for the store where there is a snapshot on local disk to go on with
 * @param file the snapshot on local disk
 */
@ConfigurationProperties("modelyard.registry")
record RegistryConfiguration(@Bindable(defaultValue = "2s") Duration pollInterval,
        @Bindable(defaultValue = "60s") Duration reconcileInterval,
        @Bindable(defaultValue = "10") int reconcileRequests,
        @Bindable(defaultValue = "10s") Duration backOffMost, @Bindable(defaultValue = "10s") Duration startWait,
        Path file) {
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
        if (reconcileRequests < 1) {
            throw new IllegalArgumentException("modelyard.registry.reconcile-requests is " + reconcileRequests
                    + "; it must be at least 1");
        }
        if (backOffMost.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException(
                    "modelyard.registry.back-off-most is " + backOffMost + "; it must be at least 10ms");
        }
        if (startWait.isNegative()) {
            throw new IllegalArgumentException(
                    "modelyard.registry.start-wait is " + startWait + "; it must not be negative");
        }
    }
}
