package io.modelyard.serving;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * Whether requests for a servable that come together are computed together, and how.
 *
 * @param enabled whether they are
 * @param maxRows the most rows of one call that was joined
 * @param maxDelay the longest that a request waits for others while there is other work; without other work it does not wait
 * @param trial what was measured at warm-up; null where nothing could be
 */
public record Batching(boolean enabled, int maxRows, Duration maxDelay, @Nullable Trial trial) {
    /** What a model that takes one row a call has. */
    static final Batching NEVER = new Batching(false, 1, Duration.ZERO, null);

    /**
     * What joining did to rows of the model.
     *
     * @param rows that were joined
     * @param gain how many times as long they took one by one
     * @param sameBits whether they had the same answers, to the last bit
     */
    public record Trial(int rows, double gain, boolean sameBits) {}

    /** Whether a request of so many rows is joined with others. */
    public boolean joins(int rows) {
        return enabled && rows > 0 && rows < maxRows;
    }
}
