package io.modelyard.predictioncache;

import io.modelyard.tensor.InputRows;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What was measured for a model's inputs of about one size, and which tiers are asked because of it. Safe for use by many threads.
 */
final class SizePrices {
    /** So many hits in a row are believed before the model is measured once more, while it was measured too seldom. */
    private static final int HITS_UNLEARNED = 8;

    private final RunningMean compute = new RunningMean();
    private final RunningMean hash = new RunningMean();
    private final TierPrices near;
    private final @Nullable TierPrices far;
    private final AtomicInteger hitsUnlearned = new AtomicInteger();

    /** Which tiers a request asks, and tells what it computed. */
    record Asked(boolean near, boolean far) {
        boolean any() {
            return near || far;
        }
    }

    SizePrices(PredictionCache near, @Nullable PredictionCache far) {
        this.near = new TierPrices(near);
        this.far = far == null ? null : new TierPrices(far);
    }

    TierPrices near() {
        return near;
    }

    TierPrices far() {
        if (far == null) {
            throw new IllegalStateException("there is only one tier");
        }
        return far;
    }

    /** What pays. */
    Asked asked(InputRows rows, InputSample sample) {
        double model = compute.or(Double.NaN);
        double key = hash.orWhileYoung(0);
        double nearShare = near.price(key, model).share();
        double farShare = far == null ? 0 : far.price(0, model).share();
        double place = isPart(nearShare) || isPart(farShare) ? sample.place(rows) : 0;
        boolean askNear = place < nearShare;
        if (far != null && !askNear) {
            farShare = far.price(key, model).share();
        }
        return new Asked(askNear, place < farShare && !(compute.isYoung() && hitsUnlearned.get() >= HITS_UNLEARNED));
    }

    private static boolean isPart(double share) {
        return share > 0 && share < 1;
    }

    /** @param nanos of a thread, or of several for requests that were joined */
    void computed(long nanos) {
        compute.add((double) Math.max(1, nanos));
        hitsUnlearned.set(0);
    }

    void hashed(long nanos) {
        hash.add((double) Math.max(1, nanos));
    }

    void foundFar() {
        if (compute.isYoung()) {
            hitsUnlearned.incrementAndGet();
        }
    }
}
