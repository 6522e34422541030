package io.modelyard.feedback;

import org.jspecify.annotations.Nullable;

/**
 * How good one row of a prediction was, in the terms that suit what it told. What is null does not apply.
 *
 * @param correct whether the told class was the true one
 * @param logLoss of the probability given to the true class
 * @param unscored why nothing applies; null where something does
 */
record Score(@Nullable Boolean correct, @Nullable Double logLoss, @Nullable Double squaredError,
        @Nullable Double absoluteError, @Nullable Double reward, @Nullable String unscored) {
    static final Score NONE_YET = new Score(null, null, null, null, null, null);

    /**
     * One value must not make every sum infinite, and PostgreSQL refuses to square what has no square among its numbers:
     * errors beyond this are none, and what is closer to 0 than the other is 0.
     */
    private static final double BOUND = 1e100;
    private static final double NOTHING = 1e-100;

    /** The log has no predictions of this one: they were too large to keep. */
    static final String NOT_KEPT = "predictions_not_kept";
    /** The model's answer is NaN, infinite, beyond all bounds, or no one class. */
    static final String NO_VALUE = "no_value";
    /** The model has labels, and none is this. */
    static final String UNKNOWN_LABEL = "unknown_label";
    /** Such an outcome says nothing about such an answer. */
    static final String NOT_COMPARABLE = "not_comparable";
    /** The prediction has fewer rows, or needs to be told which is meant. */
    static final String NO_SUCH_ROW = "no_such_row";

    static Score unscored(String reason) {
        return new Score(null, null, null, null, null, reason);
    }

    static Score ofReward(double reward) {
        return new Score(null, null, null, null, Math.abs(reward) < NOTHING ? 0 : reward, null);
    }

    static Score ofClass(boolean correct, @Nullable Double logLoss) {
        return new Score(correct, logLoss, null, null, null, null);
    }

    static Score ofNumber(@Nullable Boolean correct, double squaredError, double absoluteError) {
        if (!(squaredError <= BOUND)) {
            return unscored(NO_VALUE);
        }
        return new Score(correct, null, squaredError < NOTHING ? 0 : squaredError, absoluteError, null, null);
    }
}
