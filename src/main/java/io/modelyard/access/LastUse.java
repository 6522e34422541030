package io.modelyard.access;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** When one key was used last, to the minute: so that most uses write nothing at all. Safe for use by many threads. */
final class LastUse {
    private static final long NEVER = 0;
    private static final int MINUTE = 60;

    private final AtomicLong minute = new AtomicLong(NEVER);

    void note(Instant now) {
        long current = Math.floorDiv(now.getEpochSecond(), (long) MINUTE);
        if (current > minute.get()) {
            minute.accumulateAndGet(current, Math::max);
        }
    }

    boolean isKnown() {
        return minute.get() != NEVER;
    }

    /** The beginning of the minute; meaningless where nothing is known. */
    Instant at() {
        return Instant.ofEpochSecond(minute.get() * MINUTE);
    }
}
