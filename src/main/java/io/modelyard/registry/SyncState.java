package io.modelyard.registry;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How fresh the snapshot is.
 *
 * @param lastSuccess when the store last answered; null where it never did
 * @param lastFailure when it last failed; null where it never did
 * @param lastError what it said then
 */
public record SyncState(@Nullable Instant lastSuccess, @Nullable Instant lastFailure, @Nullable String lastError) {
    static final SyncState NEVER = new SyncState(null, null, null);

    SyncState succeeded(Instant at) {
        return new SyncState(at, lastFailure, lastError);
    }

    SyncState failed(Instant at, String error) {
        return new SyncState(lastSuccess, at, error);
    }

    /** Whether the store did not answer when it was last asked. */
    public boolean isFailing() {
        return lastFailure != null && (lastSuccess == null || lastFailure.isAfter(lastSuccess));
    }

    /** How long ago the store last answered; empty where it never did. */
    public Optional<Duration> staleness(Instant now) {
        return lastSuccess == null ? Optional.empty() : Optional.of(Duration.between(lastSuccess, now));
    }
}
