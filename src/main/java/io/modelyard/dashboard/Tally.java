package io.modelyard.dashboard;

import io.modelyard.predict.Exchange;

import java.util.concurrent.atomic.AtomicLongArray;

/** Counts exchanges from the start of the server on. Safe for use by many threads; does not block. */
final class Tally {
    private static final int REQUESTS = LatencyCells.COUNT;
    private static final int REFUSED = REQUESTS + 1;
    private static final int FAILED = REQUESTS + 2;
    private static final int CACHED = REQUESTS + 3;
    private static final int FIRST_SERVER_ERROR = 500;

    private final AtomicLongArray numbers = new AtomicLongArray(CACHED + 1);

    /**
     * The counts of one moment, or what came between two.
     *
     * @param refused answered with a status of 400 to 499
     * @param failed answered with one of 500 and more
     * @param cached answered with what had been computed before
     * @param cells latencies by {@link LatencyCells}
     */
    record Counts(long requests, long refused, long failed, long cached, long[] cells) {
        static final Counts NONE = new Counts(0, 0, 0, 0, new long[LatencyCells.COUNT]);

        Counts minus(Counts before) {
            return with(before, -1);
        }

        Counts plus(Counts other) {
            return with(other, 1);
        }

        private Counts with(Counts other, int sign) {
            long[] all = new long[cells.length];
            for (int i = 0; i < all.length; i++) {
                all[i] = cells[i] + sign * other.cells[i];
            }
            return new Counts(requests + sign * other.requests, refused + sign * other.refused,
                    failed + sign * other.failed, cached + sign * other.cached, all);
        }
    }

    void count(Exchange exchange) {
        numbers.incrementAndGet(LatencyCells.of(exchange.timing().total()));
        numbers.incrementAndGet(REQUESTS);
        if (exchange.status() >= FIRST_SERVER_ERROR) {
            numbers.incrementAndGet(FAILED);
        } else if (exchange.code() != null) {
            numbers.incrementAndGet(REFUSED);
        } else if (exchange.cached()) {
            numbers.incrementAndGet(CACHED);
        }
    }

    /** About the counts of now: what is counted meanwhile may be in some of them only. */
    Counts counts() {
        long[] cells = new long[LatencyCells.COUNT];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = numbers.get(i);
        }
        return new Counts(numbers.get(REQUESTS), numbers.get(REFUSED), numbers.get(FAILED), numbers.get(CACHED), cells);
    }

    long requests() {
        return numbers.get(REQUESTS);
    }
}
