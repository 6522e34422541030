package io.modelyard.predict;

/** How long the steps of a prediction took, in nanoseconds. A step that was not reached has 0. */
public record Timing(long preprocessing, long queue, long inference, long postprocessing, long total) {
    public static final Timing NONE = new Timing(0, 0, 0, 0, 0);

    /** Nanoseconds as milliseconds. */
    public static double millis(long nanos) {
        return nanos / 1e6;
    }
}
