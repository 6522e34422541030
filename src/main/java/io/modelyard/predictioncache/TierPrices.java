package io.modelyard.predictioncache;

/** What one tier was measured to cost and to give for a model's inputs of about one size. Safe for use by many threads. */
final class TierPrices {
    /** Until it was measured, in nanoseconds. */
    private static final double STORE = 1_000;

    private final double least;
    private final RunningMean lookup = new RunningMean();
    private final RunningMean store = new RunningMean();
    private final HitChance chance = new HitChance();

    TierPrices(PredictionCache tier) {
        this.least = (double) tier.leastNanos();
    }

    /**
     * Believes the best until the tier was asked a few times: the first look-up of all may take as long as loading the code for
     * it, and a tier that is not asked is not measured again.
     *
     * @param hash what making the key costs, where nothing else needs one
     */
    LookupPrice price(double hash, double compute) {
        return new LookupPrice(lookup.orWhileYoung(least) + hash, store.orWhileYoung(STORE), least, compute,
                chance.value());
    }

    void lookedUp(long nanos, boolean hit) {
        lookup.add((double) Math.max(1, nanos));
        chance.add(hit);
    }

    void stored(long nanos) {
        store.add((double) Math.max(1, nanos));
    }
}
