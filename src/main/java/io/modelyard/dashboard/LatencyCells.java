package io.modelyard.dashboard;

/**
 * Latencies counted by size: four cells for each doubling, from a microsecond to over a minute, so what is read back is off by
 * less than a tenth. Counting costs one addition; two counts are told apart by subtracting their cells.
 */
final class LatencyCells {
    private static final int PER_DOUBLING = 4;
    private static final int PER_DOUBLING_BITS = 2;
    /** 2 to this power is about a microsecond in nanoseconds. */
    private static final int FIRST_POWER = 10;
    private static final int DOUBLINGS = 27;
    static final int COUNT = DOUBLINGS * PER_DOUBLING;

    private LatencyCells() {}

    /** The cell of a latency; the first and the last take all that is beyond them. */
    static int of(long nanos) {
        int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.max(nanos, 1));
        if (power < FIRST_POWER) {
            return 0;
        }
        int within = (int) (nanos >>> (power - PER_DOUBLING_BITS)) & (PER_DOUBLING - 1);
        return Math.min((power - FIRST_POWER) * PER_DOUBLING + within, COUNT - 1);
    }

    /**
     * The latency below which a part of all lie, in milliseconds.
     *
     * @param part 0.99 for example
     * @return NaN where there are none
     */
    static double quantile(long[] cells, double part) {
        long all = 0;
        for (long cell : cells) {
            all += cell;
        }
        if (all == 0) {
            return Double.NaN;
        }
        double wanted = part * all;
        long below = 0;
        for (int i = 0; i < cells.length; i++) {
            if (cells[i] > 0 && below + cells[i] >= wanted) {
                double within = Math.max(0, wanted - below) / cells[i];
                return (start(i) + within * (start(i + 1) - start(i))) / 1e6;
            }
            below += cells[i];
        }
        throw new IllegalStateException("a part of all is among them");
    }

    /** Where a cell begins, in nanoseconds. */
    private static double start(int cell) {
        double base = Math.scalb(1.0, FIRST_POWER + cell / PER_DOUBLING);
        return base + base / PER_DOUBLING * (cell % PER_DOUBLING);
    }
}
