package io.modelyard.predictioncache;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

class MemoryPredictionCacheTest extends PredictionCacheContract {
    private static final int MOST = 4_000_000;

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final MemoryPredictionCache cache = new MemoryPredictionCache(MOST, now::get);

    @Override
    protected PredictionCache cache() {
        return cache;
    }

    @Override
    protected void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private static List<Tensor> bytes(int count) {
        return List.of(new Tensor.Bytes(Shape.of(count), new byte[count], io.modelyard.tensor.DataType.INT8));
    }

    @Test
    void itTakesNoMoreThanAllowedAndCountsWhatHoldsTheValues() {
        for (int i = 0; i < 100_000; i++) {
            cache.store(key(), bytes(1), Duration.ofMinutes(5));
        }
        assertThat(cache.levels().get("bytes")).isBetween(MOST / 2L, (long) MOST);
        assertThat(cache.levels().get("entries")).isBetween(1_000L, MOST / 300L);
        assertThat(cache.counts().get("evictions")).isPositive();
    }

    @Test
    void whatIsLargeDrivesNothingOut() {
        CacheKey large = key();
        cache.store(large, bytes(MOST / 2), Duration.ofMinutes(5));
        assertThat(find(large)).isEqualTo(new Lookup.Miss());
    }
}
