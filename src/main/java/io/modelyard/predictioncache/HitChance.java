package io.modelyard.predictioncache;

/**
 * The chance that a look-up finds something, from the last hundred or so. It begins with an even chance, so that a cache is tried
 * before it is judged. Safe for use by many threads: of two at the same time one may be lost.
 */
final class HitChance {
    private static final double PART = 1.0 / 64;

    private volatile double chance = 0.5;

    void add(boolean hit) {
        double before = chance;
        chance = before + PART * ((hit ? 1 : 0) - before);
    }

    double value() {
        return chance;
    }
}
