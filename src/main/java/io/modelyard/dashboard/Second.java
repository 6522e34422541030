package io.modelyard.dashboard;

import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.dashboard.Tally.Counts;
import org.jspecify.annotations.Nullable;

/**
 * What there was in about a second.
 *
 * @param t its end, in seconds of the Unix clock
 * @param p50 latency in milliseconds; absent where there was no request
 * @param inFlight requests that models were computing at its end
 */
@Serdeable.Serializable
record Second(long t, double requests, double refused, double failed, double cached, @Nullable Double p50,
        @Nullable Double p95, @Nullable Double p99, int inFlight) {

    /**
     * @param nanos how long it really was; counts are told per second
     */
    static Second of(long t, Counts counts, long nanos, int inFlight) {
        double perSecond = 1e9 / nanos;
        return new Second(t, rounded(counts.requests() * perSecond), rounded(counts.refused() * perSecond),
                rounded(counts.failed() * perSecond), rounded(counts.cached() * perSecond),
                quantile(counts, 0.5), quantile(counts, 0.95), quantile(counts, 0.99), inFlight);
    }

    static @Nullable Double quantile(Counts counts, double part) {
        double millis = LatencyCells.quantile(counts.cells(), part);
        return Double.isNaN(millis) ? null : Math.round(millis * 1e4) / 1e4;
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
