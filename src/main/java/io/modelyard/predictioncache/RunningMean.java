package io.modelyard.predictioncache;

/**
 * A mean of what was seen lately: each value moves it by a part of the difference. Of the first values it is the least, because
 * those of code that was never run before are far too large; later no value counts for more than four times the mean, so that a
 * thread that had to wait for a core once is no reason to think anything slow, while what really became slower is noticed within
 * some twenty values. Safe for use by many threads: of two values at the same time one may be lost.
 */
final class RunningMean {
    private static final int FIRST = 8;
    private static final double PART = 1.0 / 16;
    private static final double OUTLIER = 4;

    private volatile double mean = Double.NaN;
    private volatile int count;

    /** @param value above zero */
    void add(double value) {
        double before = mean;
        int seen = count;
        if (seen < FIRST) {
            count = seen + 1;
            mean = seen == 0 ? value : Math.min(before, value);
        } else {
            mean = before + PART * (Math.min(value, OUTLIER * before) - before);
        }
    }

    /** {@code other} where there is none yet. */
    double or(double other) {
        double now = mean;
        return Double.isNaN(now) ? other : now;
    }

    /** {@code other} also while so few values were seen that the mean may be far too large. */
    double orWhileYoung(double other) {
        return isYoung() ? other : mean;
    }

    /** Whether so few values were seen that it may say far too much. */
    boolean isYoung() {
        return count < FIRST;
    }
}
