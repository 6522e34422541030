package io.modelyard.registry.redis;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * Makes few looks of many nudges: the first is followed at once, those that come within a moment by one look together, and
 * none is lost: after the last nudge there is always a look. Safe for use by many threads.
 */
final class Nudges {
    static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    private final BiConsumer<Duration, Runnable> later;
    private final Runnable look;
    private final LongSupplier nanos;
    private final AtomicBoolean pending = new AtomicBoolean();
    private volatile long lastLook;

    /**
     * @param later runs something on another thread after a while
     * @param look must not throw
     * @param nanos the time, as of {@link System#nanoTime}
     */
    Nudges(BiConsumer<Duration, Runnable> later, Runnable look, LongSupplier nanos) {
        this.later = later;
        this.look = look;
        this.nanos = nanos;
        this.lastLook = nanos.getAsLong() - BETWEEN_LOOKS.toNanos();
    }

    /** Returns at once. */
    void nudge() {
        if (pending.compareAndSet(false, true)) {
            long wait = Math.max(0, lastLook + BETWEEN_LOOKS.toNanos() - nanos.getAsLong());
            later.accept(Duration.ofNanos(wait), this::look);
        }
    }

    private void look() {
        // Before the look: who nudges from now on may have written what this look does not see.
        pending.set(false);
        lastLook = nanos.getAsLong();
        look.run();
    }
}
