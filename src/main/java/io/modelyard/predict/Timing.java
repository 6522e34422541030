package io.modelyard.predict;

import io.modelyard.transform.StepTimes;

/**
 * How long the parts of a prediction took, in nanoseconds. A part that was not reached has 0.
 *
 * @param steps of pre- and post-processing that ran; their times are in those of the parts too
 */
public record Timing(long preprocessing, long queue, long inference, long postprocessing, long total, StepTimes steps) {
    public static final Timing NONE = new Timing(0, 0, 0, 0, 0);

    /** Without steps. */
    public Timing(long preprocessing, long queue, long inference, long postprocessing, long total) {
        this(preprocessing, queue, inference, postprocessing, total, new StepTimes());
    }

    /** Nanoseconds as milliseconds. */
    public static double millis(long nanos) {
        return nanos / 1e6;
    }
}
