package io.modelyard.bench;

import java.util.Arrays;
import java.util.List;

/**
 * How long requests took, in nanoseconds.
 *
 * @param failed those that were not answered with 200; their times count too
 */
record Latencies(long[] nanos, int failed) {
    Latencies {
        Arrays.sort(nanos);
    }

    /** In microseconds. */
    double quantile(double q) {
        return nanos.length == 0 ? Double.NaN
                : nanos[(int) Math.min(nanos.length - 1L, Math.round(q * nanos.length))] / 1e3;
    }

    static Latencies of(List<Latencies> parts) {
        return new Latencies(parts.stream().flatMapToLong(part -> Arrays.stream(part.nanos)).toArray(),
                parts.stream().mapToInt(Latencies::failed).sum());
    }

    int count() {
        return nanos.length;
    }
}
