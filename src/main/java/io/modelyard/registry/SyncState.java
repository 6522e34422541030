package io.modelyard.registry;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How fresh the snapshot is.
 *
 * @param lastSuccess when the store last answered, this process or one before it that kept the snapshot on disk; null
 *        where it never did
 * @param lastFailure when it last failed; null where it never did
 * @param lastError what it said then
 * @param isFromDisk whether the snapshot is the one that was kept on local disk, and the store has not answered since
 */
public record SyncState(@Nullable Instant lastSuccess, @Nullable Instant lastFailure, @Nullable String lastError,
        boolean isFromDisk) {
    static final SyncState NEVER = new SyncState(null, null, null, false);

    static SyncState kept(Instant syncedAt) {
        return new SyncState(syncedAt, null, null, true);
    }

    SyncState succeeded(Instant at) {
        return new SyncState(at, lastFailure, lastError, false);
    }

    SyncState failed(Instant at, String error) {
        return new SyncState(lastSuccess, at, error, isFromDisk);
    }

    /** Whether there is anything to serve. */
    public boolean isKnown() {
        return lastSuccess != null;
    }

    /** Whether the store has answered this process. */
    public boolean isFromStore() {
        return lastSuccess != null && !isFromDisk;
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
