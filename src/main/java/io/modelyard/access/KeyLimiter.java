package io.modelyard.access;

import io.modelyard.model.KeyLimits.Rate;
import io.modelyard.model.RowQuota;
import io.modelyard.model.ServingFailure;
import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Holds one key to its limits, and says in headers how much is left: {@code RateLimit-Policy} and {@code RateLimit} of
 * draft-ietf-httpapi-ratelimit-headers-10, where a token bucket is a quota of its burst in the time that it takes to fill. Safe
 * for use by many threads; does not block.
 */
final class KeyLimiter implements RowQuota {
    private static final String REQUESTS = "requests";
    private static final String ROWS = "rows";

    private final String keyId;
    private final @Nullable Limit requests;
    private final @Nullable Limit rows;
    private final List<Limit> limits;
    private final String policy;
    private final List<AccessWatch> watches;

    /** Makes the tokens of one limit. */
    interface TokensOf {
        Tokens of(String what, Rate rate);
    }

    KeyLimiter(String keyId, @Nullable Rate requests, @Nullable Rate rows, TokensOf tokens, Ticker ticker,
            List<AccessWatch> watches) {
        this.keyId = keyId;
        this.requests = requests == null ? null : new Limit(REQUESTS, requests, tokens.of(REQUESTS, requests), ticker);
        this.rows = rows == null ? null : new Limit(ROWS, rows, tokens.of(ROWS, rows), ticker);
        this.limits = Stream.of(this.requests, this.rows).flatMap(Stream::ofNullable).toList();
        this.policy = limits.stream().map(limit -> "\"" + limit.what() + "\";q=" + limit.rate().burst() + ";w="
                + limit.window() + (limit.what().equals(ROWS) ? ";qu=\"rows\"" : "")).collect(Collectors.joining(", "));
        this.watches = List.copyOf(watches);
    }

    /** Takes one request; completes, or fails with {@link ServingFailure.Overloaded}. */
    CompletionStage<Void> admit() {
        return requests == null ? GRANTED : take(requests, 1);
    }

    @Override
    public CompletionStage<Void> take(int count) {
        if (rows == null || count == 0) {
            return GRANTED;
        }
        if (count > rows.rate().burst()) {
            return CompletableFuture.failedStage(new ServingFailure.BatchTooLarge("the key '" + keyId
                    + "' may have at most " + rows.rate().burst() + " rows predicted at once, and never the " + count
                    + " of this request; send them in several"));
        }
        return take(rows, count);
    }

    private CompletionStage<Void> take(Limit limit, int count) {
        CompletableFuture<Tokens.Taken> taken = limit.take(count).toCompletableFuture();
        if (taken.isDone() && !taken.isCompletedExceptionally() && taken.join().granted()) {
            return GRANTED;
        }
        return taken.thenCompose(result -> result.granted()
                ? GRANTED
                : CompletableFuture.failedStage(refusal(limit, result.untilThen())));
    }

    private ServingFailure refusal(Limit limit, Duration wait) {
        watches.forEach(watch -> watch.limited(keyId, limit.what()));
        Rate rate = limit.rate();
        return ServingFailure.Overloaded.rateLimited("the key '" + keyId + "' may "
                + (limit.what().equals(ROWS) ? "have predicted " : "make ")
                + BigDecimal.valueOf(rate.perSecond()).stripTrailingZeros().toPlainString() + " " + limit.what()
                + " a second, and " + rate.burst() + " at once; try again in " + Math.max(1, wait.toMillis()) + " ms",
                wait);
    }

    /** The value of {@code RateLimit-Policy}. */
    String policy() {
        return policy;
    }

    /** The value of {@code RateLimit} at this moment. */
    String state() {
        StringBuilder state = new StringBuilder();
        for (Limit limit : limits) {
            long remaining = limit.remaining();
            state.append(state.isEmpty() ? "\"" : ", \"").append(limit.what()).append("\";r=").append(remaining)
                    .append(";t=").append(limit.secondsUntilFull(remaining));
        }
        return state.toString();
    }
}
