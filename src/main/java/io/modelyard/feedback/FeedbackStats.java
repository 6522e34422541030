package io.modelyard.feedback;

import jakarta.inject.Singleton;

import java.util.concurrent.atomic.LongAdder;

/** What this replica took since it started, in statements about rows; repeated ones count again. Thread-safe. */
@Singleton
public final class FeedbackStats {
    private final LongAdder scored = new LongAdder();
    private final LongAdder unscored = new LongAdder();
    private final LongAdder pending = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder resolved = new LongAdder();
    private final LongAdder forgotten = new LongAdder();

    /** Scored when they came. */
    public long scored() {
        return scored.sum();
    }

    /** Kept, although they say nothing about what was predicted. */
    public long unscored() {
        return unscored.sum();
    }

    /** Came before their prediction was in the log. */
    public long pending() {
        return pending.sum();
    }

    /** Items that were answered with an error. */
    public long refused() {
        return refused.sum();
    }

    /** Of those that were pending, here or at another replica: their prediction came into the log, and this one saw it. */
    public long resolved() {
        return resolved.sum();
    }

    /** Of those that were pending: their prediction never came, failed, or was none of the caller's. */
    public long forgotten() {
        return forgotten.sum();
    }

    void count(FeedbackResult result) {
        switch (result) {
            case FeedbackResult.Taken taken -> {
                scored.add(taken.scored());
                unscored.add(taken.unscored());
                pending.add(taken.pending());
            }
            case FeedbackResult.Refused _ -> refused.increment();
        }
    }

    void resolve(int statements) {
        resolved.add(statements);
    }

    void forget(int statements) {
        forgotten.add(statements);
    }
}
