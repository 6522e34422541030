package io.modelyard.requestlog;

import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** How the request log of this replica is doing. Counters count from the start of the server. Thread-safe. */
@Singleton
public final class RequestLogStats {
    private final LongAdder written = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder unconfirmed = new LongAdder();
    private final LongAdder expired = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile @Nullable Failure lastFailure;
    private volatile @Nullable Instant failingSince;
    private volatile int queuedRows;
    private volatile long queuedBytes;
    private volatile long databaseBytes;

    /** What the database refused, and when. */
    public record Failure(Instant at, String reason) {}

    /** Rows that wait in memory. */
    public int queuedRows() {
        return queuedRows;
    }

    /** About how many bytes they take. */
    public long queuedBytes() {
        return queuedBytes;
    }

    /** Rows committed. */
    public long written() {
        return written.sum();
    }

    /** Rows that were not written and will not be. */
    public long dropped() {
        return dropped.sum();
    }

    /** Answers that went out before their row was committed although they should have waited, with durability=sync. */
    public long unconfirmed() {
        return unconfirmed.sum();
    }

    /** Rows deleted because of their age or the size of the database. */
    public long expired() {
        return expired.sum();
    }

    /** Attempts to write that failed. */
    public long failures() {
        return failures.sum();
    }

    public Optional<Failure> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }

    /** Since when nothing could be written; empty while all is well. */
    public Optional<Instant> failingSince() {
        return Optional.ofNullable(failingSince);
    }

    /** Bytes of the database, its write-ahead log included, when it was measured last. */
    public long databaseBytes() {
        return databaseBytes;
    }

    void wrote(int rows) {
        written.add(rows);
        works();
    }

    void works() {
        failingSince = null;
    }

    void drop(int rows) {
        dropped.add(rows);
    }

    void answeredUnconfirmed() {
        unconfirmed.increment();
    }

    void expire(int rows) {
        expired.add(rows);
    }

    void failed(Instant at, String reason) {
        failures.increment();
        lastFailure = new Failure(at, reason);
        if (failingSince == null) {
            failingSince = at;
        }
    }

    void queued(int rows, long bytes) {
        queuedRows = rows;
        queuedBytes = bytes;
    }

    void measured(long bytes) {
        databaseBytes = bytes;
    }
}
