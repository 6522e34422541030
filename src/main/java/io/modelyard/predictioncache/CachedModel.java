package io.modelyard.predictioncache;

import io.modelyard.predict.AnswerSource;
import io.modelyard.tensor.InputRows;
import io.modelyard.tensor.Tensor;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** What the cache knows of one model: its keys, how long answers are kept, what was measured. Safe for use by many threads. */
final class CachedModel {
    private static final SizePrices.Asked NOBODY = new SizePrices.Asked(false, false);

    private final CacheKeys keys;
    private final Duration ttl;
    private final CachePolicy policy;
    private final PredictionCache near;
    private final @Nullable PredictionCache far;
    private final CacheCounts counts = new CacheCounts();
    private final InputSample sample = new InputSample();
    /** By the number of bits of the number of input values. */
    private final AtomicReferenceArray<SizePrices> bySize = new AtomicReferenceArray<>(Long.SIZE + 1);

    CachedModel(CacheKeys keys, Duration ttl, CachePolicy policy, PredictionCache near, @Nullable PredictionCache far) {
        this.keys = keys;
        this.ttl = ttl;
        this.policy = policy;
        this.near = near;
        this.far = far;
    }

    CacheKeys keys() {
        return keys;
    }

    /** Above zero where answers are kept. */
    Duration ttl() {
        return ttl;
    }

    boolean isKept() {
        return ttl.isPositive();
    }

    CacheCounts counts() {
        return counts;
    }

    SizePrices prices(InputRows rows) {
        long values = 0;
        for (Tensor tensor : rows.tensors()) {
            values += tensor.length();
        }
        int size = Long.SIZE - Long.numberOfLeadingZeros(values);
        SizePrices known = bySize.get(size);
        if (known != null) {
            return known;
        }
        bySize.compareAndSet(size, null, new SizePrices(near, far));
        return bySize.get(size);
    }

    SizePrices.Asked asked(InputRows rows, SizePrices prices) {
        return switch (policy) {
            case NEVER -> NOBODY;
            case ALWAYS -> new SizePrices.Asked(true, far != null);
            case AUTO -> prices.asked(rows, sample);
        };
    }

    CacheUse use() {
        return new CacheUse(ttl, counts.of(AnswerSource.MEMORY), counts.of(AnswerSource.REDIS),
                counts.of(AnswerSource.MISS), counts.shared(), counts.of(AnswerSource.BYPASS));
    }
}
