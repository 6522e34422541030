package io.modelyard.access;

import io.modelyard.model.KeyLimits.Rate;

import java.util.concurrent.CompletionStage;

/**
 * One limit of one key, with what is known of how much is left. Safe for use by many threads; does not block.
 */
final class Limit {
    private static final double NANOS = 1e9;

    private final String what;
    private final Rate rate;
    private final Tokens tokens;
    private final Ticker ticker;
    private volatile Seen seen;

    private record Seen(long remaining, long nanos) {}

    /** @param what {@code requests} or {@code rows} */
    Limit(String what, Rate rate, Tokens tokens, Ticker ticker) {
        this.what = what;
        this.rate = rate;
        this.tokens = tokens;
        this.ticker = ticker;
        this.seen = new Seen(rate.burst(), ticker.nanos());
    }

    String what() {
        return what;
    }

    Rate rate() {
        return rate;
    }

    CompletionStage<Tokens.Taken> take(long count) {
        return tokens.take(count).thenApply(taken -> {
            seen = new Seen(taken.remaining(), ticker.nanos());
            return taken;
        });
    }

    /** How many are left now: what was seen last, and what was added since. */
    long remaining() {
        Seen last = seen;
        double added = (ticker.nanos() - last.nanos()) / NANOS * rate.perSecond();
        return Math.min(rate.burst(), last.remaining() + (long) added);
    }

    /** In how many seconds all of them are there if nobody takes any. */
    long secondsUntilFull(long remaining) {
        return (long) Math.ceil((rate.burst() - remaining) / rate.perSecond());
    }

    /** In how many seconds a whole burst is added. */
    long window() {
        return Math.max(1, (long) Math.ceil(rate.burst() / rate.perSecond()));
    }
}
