package io.modelyard.metrics;

/** Where the buckets of a histogram end, and in which unit that is told. Values are whole numbers of a smaller unit. */
@SuppressWarnings("ImmutableEnumChecker") // Nobody gets its arrays.
enum Scale {
    /** Nanoseconds, told in seconds: what callers wait for. */
    LATENCY(1e9, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000,
            100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 5_000_000_000L),
    /** Nanoseconds, told in seconds: what is done to inputs and outputs, coarser, because there are many of these series. */
    WORK(1e9, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000), ROWS(1, 1, 2, 4, 8, 16, 32, 64, 128);

    private final double unit;
    private final long[] bounds;
    private final double[] told;

    Scale(double unit, long... bounds) {
        this.unit = unit;
        this.bounds = bounds;
        this.told = new double[bounds.length + 1];
        for (int i = 0; i < bounds.length; i++) {
            told[i] = (double) bounds[i] / unit;
        }
        told[bounds.length] = Double.POSITIVE_INFINITY;
    }

    /** The last one has no end. */
    int buckets() {
        return told.length;
    }

    int bucket(long value) {
        int bucket = 0;
        while (bucket < bounds.length && value > bounds[bucket]) {
            bucket++;
        }
        return bucket;
    }

    /** Where the buckets end, as Prometheus is told; a copy. */
    double[] ends() {
        return told.clone();
    }

    /** A value as Prometheus is told. */
    double tell(long value) {
        return (double) value / unit;
    }
}
