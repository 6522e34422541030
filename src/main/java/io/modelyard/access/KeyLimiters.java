package io.modelyard.access;

import io.modelyard.model.ApiKey;
import io.modelyard.model.KeyLimits;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What holds keys to their limits: one for each key that has some, for as long as these are the same. Safe for use by many
 * threads.
 */
@Singleton
final class KeyLimiters {
    private final @Nullable SharedTokens shared;
    private final Ticker ticker;
    private final List<AccessWatch> watches;
    private final ConcurrentHashMap<String, Entry> byKey = new ConcurrentHashMap<>();

    private record Entry(KeyLimits limits, KeyLimiter limiter) {}

    /** @param shared null where each replica grants by itself */
    KeyLimiters(@Nullable SharedTokens shared, Ticker ticker, List<AccessWatch> watches) {
        this.shared = shared;
        this.ticker = ticker;
        this.watches = watches;
    }

    /** Null for a key without limits. */
    @Nullable
    KeyLimiter of(ApiKey key) {
        KeyLimits limits = key.limits();
        if (limits == null) {
            byKey.remove(key.id());
            return null;
        }
        return byKey.compute(key.id(), (id, before) -> before != null && before.limits().equals(limits)
                ? before
                : new Entry(limits, limiter(id, limits))).limiter();
    }

    private KeyLimiter limiter(String keyId, KeyLimits limits) {
        return new KeyLimiter(keyId, limits.requests(), limits.rows(), (what, rate) -> {
            LocalTokens local = new LocalTokens(rate, ticker);
            // Another rate is another bucket, so that a change of the limits holds at once.
            return shared == null
                    ? local
                    : shared.of(keyId + ":" + what + ":" + rate.perSecond() + ":" + rate.burst(), rate, local);
        }, ticker, watches);
    }
}
