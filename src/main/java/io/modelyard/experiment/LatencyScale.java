package io.modelyard.experiment;

import java.util.NavigableMap;

/**
 * Buckets for durations, each 2 % wider than the one before, so that a quantile is known to 1 % from counts alone, and counts of
 * several replicas add up. After DDSketch (Masson, Rim and Lee, 2019), whose mapping this is.
 */
final class LatencyScale {
    private static final double GROWTH = 1.02;
    private static final double LOG_GROWTH = Math.log(GROWTH);

    private LatencyScale() {}

    /** The bucket of a duration: 0 up to a microsecond, and then one for every 2 %. */
    static int bucket(long nanos) {
        double micros = nanos / 1e3;
        return micros <= 1 ? 0 : (int) Math.ceil(Math.log(micros) / LOG_GROWTH);
    }

    /** A duration in the middle of the bucket, in milliseconds. */
    static double millis(int bucket) {
        return bucket == 0 ? 1e-3 : 2 * Math.pow(GROWTH, bucket) / (1 + GROWTH) / 1e3;
    }

    /**
     * The duration that a share of all does not exceed, in milliseconds.
     *
     * @param counts by bucket, not all zero
     * @param share between 0 and 1
     */
    static double quantile(NavigableMap<Integer, Long> counts, double share) {
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        long rank = Math.max(1, (long) Math.ceil(share * all));
        for (var bucket : counts.entrySet()) {
            rank -= bucket.getValue();
            if (rank <= 0) {
                return millis(bucket.getKey());
            }
        }
        return millis(counts.lastKey());
    }
}
