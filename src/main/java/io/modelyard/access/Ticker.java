package io.modelyard.access;

/** Time that goes on whatever is done to the clock. */
@FunctionalInterface
public interface Ticker {
    /** As of {@link System#nanoTime()}. */
    long nanos();
}
