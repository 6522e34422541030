package io.modelyard.predictioncache;

/**
 * What it takes to look an answer up, beside what it takes to compute it; all in nanoseconds.
 *
 * <p>A look-up costs its own time, and where it finds nothing also that of storing what is then computed. It saves the computation
 * where it finds something. So it pays where {@code lookup + (1 - chance) * store < chance * compute}.
 *
 * <p>Whoever stops looking learns nothing any more: whether inputs repeat now, or Redis became quick again. So a part of all
 * inputs is looked up and stored all the same, and the part is such that this costs at most a hundredth of computing. Where
 * looking up everything costs no more than that, everything is looked up. Which inputs these are is decided by their content (see
 * {@link InputSample}), so an input that repeats is among them every time or never, and their chance of a hit is that of all; were
 * it decided by lot, an input would have to be drawn twice to be a hit.
 *
 * <p>What is computed within the least time that the tier has ever needed is never looked up there, not even to learn.
 *
 * @param lookup until a tier has said what it has, making of the key included where nothing else needs one
 * @param store handing a tier what was computed
 * @param least the tier's {@link PredictionCache#leastNanos()}
 * @param compute the model's own time; NaN where it was never measured
 * @param chance that the look-up finds something
 */
record LookupPrice(double lookup, double store, double least, double compute, double chance) {
    /** How much of the time of computing may be spent on learning. */
    static final double TUITION = 0.01;

    /** The part of all inputs that should be looked up: 1 for all, 0 for none. */
    double share() {
        if (Double.isNaN(compute)) {
            // Only where it is as good as free.
            return least == 0 ? 1 : 0;
        }
        if (compute <= least) {
            return 0;
        }
        double cost = lookup + (1 - chance) * store;
        return cost <= Math.max(chance, TUITION) * compute ? 1 : TUITION * compute / cost;
    }
}
