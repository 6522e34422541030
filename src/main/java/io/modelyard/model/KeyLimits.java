package io.modelyard.model;

import org.jspecify.annotations.Nullable;

/**
 * How much a key may ask for. Null where there is no such limit.
 *
 * @param requests of every kind
 * @param rows that are predicted
 */
public record KeyLimits(@Nullable Rate requests, @Nullable Rate rows) {
    /**
     * A token bucket: so many are added each second, up to the burst.
     *
     * @param burst how many there may be at once, and are at first
     */
    public record Rate(double perSecond, long burst) {
        public static final double LEAST_PER_SECOND = 0.001;
        public static final double MOST_PER_SECOND = 1_000_000;
        public static final long MOST_BURST = 1_000_000_000;

        /** @throws IllegalArgumentException if it is out of bounds */
        public Rate {
            if (!(perSecond >= LEAST_PER_SECOND && perSecond <= MOST_PER_SECOND)) {
                throw new IllegalArgumentException("per_second is " + perSecond + "; it must be between "
                        + LEAST_PER_SECOND + " and " + (long) MOST_PER_SECOND);
            }
            if (burst < 1 || burst > MOST_BURST) {
                throw new IllegalArgumentException("burst is " + burst + "; it must be between 1 and " + MOST_BURST);
            }
        }

        /** With a burst of what one second adds, and at least one. */
        public static Rate of(double perSecond) {
            return new Rate(perSecond, Math.max(1, (long) Math.ceil(perSecond)));
        }
    }
}
