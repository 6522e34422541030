package io.modelyard.predict;

import io.modelyard.model.ServingFailure;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The requests for one model that are under way: those that wait for it to be loaded, that wait for their turn, and that are
 * computed. Bounded, so that one model that is slow or flooded cannot take the places of all others.
 * Its share of the threads' time is kept by {@link FairQueue}, under whose lock all but the counting is done.
 */
final class ModelQueue {
    private static final int SMOOTHING = 8;

    private final String model;
    private final int limit;
    private final int threads;
    private final AtomicInteger inside = new AtomicInteger();
    /** Of a turn, in nanoseconds of a thread, smoothed; what was never computed is taken to need a millisecond. */
    private volatile double cost = 1e6;
    private boolean costIsKnown;
    /** Up to where the model's share is spent, in virtual time; under the lock of the fair queue. */
    private double finish;

    /**
     * @param model its name, for messages
     * @param limit the most requests at once
     * @param threads how many requests are computed at once
     */
    ModelQueue(String model, int limit, int threads) {
        this.model = model;
        this.limit = limit;
        this.threads = threads;
    }

    /** @throws ServingFailure.Overloaded if as many as allowed are under way */
    void enter() {
        if (inside.incrementAndGet() > limit) {
            inside.decrementAndGet();
            throw ServingFailure.Overloaded.queueFull(limit + " requests for " + model
                    + " are under way already, which is the most for one model", untilHalfEmpty());
        }
    }

    void leave() {
        inside.decrementAndGet();
    }

    int size() {
        return inside.get();
    }

    /** How long the threads need for half of what is there, in whole seconds. */
    private Duration untilHalfEmpty() {
        return Duration.ofSeconds(Math.max(1, Math.round(cost * limit / 2 / threads / 1e9)));
    }

    /** Takes the next turn, not before {@code virtualTime}; its start. */
    double nextTurn(double virtualTime) {
        double start = Math.max(virtualTime, finish);
        finish = start + cost;
        return start;
    }

    /** What a turn that was taken out of order took. */
    void charge(double virtualTime, long nanos) {
        finish = Math.max(virtualTime, finish) + nanos;
        learn(nanos);
    }

    /** What a turn took. */
    void learn(long nanos) {
        cost = costIsKnown ? cost + (nanos - cost) / SMOOTHING : nanos;
        costIsKnown = true;
    }
}
