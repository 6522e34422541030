package io.modelyard.predictioncache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.modelyard.predict.AnswerSource;
import io.modelyard.tensor.Tensor;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** Keeps outputs in this process, so many bytes of them. What is asked for often stays longest (W-TinyLFU, by Caffeine). */
final class MemoryPredictionCache implements PredictionCache {
    /** Of the bytes: what is larger would drive out too much else. */
    private static final int LARGEST_SHARE = 8;
    /** Caffeine's node and table, the key, the entry and its list. */
    private static final int ENTRY_BYTES = 256;
    /** A tensor's record, its shape and the head of its array. */
    private static final int TENSOR_BYTES = 96;
    private static final int TEXT_BYTES = 48;
    private static final CompletionStage<Lookup> MISS = CompletableFuture.completedStage(new Lookup.Miss());

    private final long maxBytes;
    private final LongSupplier nanos;
    private final Cache<CacheKey, Entry> entries;

    /** @param until as of the clock */
    private record Entry(List<Tensor> outputs, int bytes, long until) {}

    /** @param nanos the time, as of {@link System#nanoTime} */
    MemoryPredictionCache(long maxBytes, LongSupplier nanos) {
        this.maxBytes = maxBytes;
        this.nanos = nanos;
        this.entries = Caffeine.newBuilder().maximumWeight(maxBytes)
                .weigher((CacheKey key, Entry entry) -> entry.bytes())
                .expireAfter(Expiry.creating(
                        (CacheKey key, Entry entry) -> Duration.ofNanos(entry.until() - nanos.getAsLong())))
                .ticker(nanos::getAsLong)
                // What little there is to do is done by those who store.
                .executor(Runnable::run).recordStats().build();
    }

    @Override
    public AnswerSource source() {
        return AnswerSource.MEMORY;
    }

    @Override
    public CompletionStage<Lookup> find(CacheKey key, Executor after) {
        Entry entry = entries.getIfPresent(key);
        if (entry == null) {
            return MISS;
        }
        long left = entry.until() - nanos.getAsLong();
        return left <= 0
                ? MISS
                : CompletableFuture.completedStage(new Lookup.Hit(entry.outputs(), Duration.ofNanos(left)));
    }

    @Override
    public void store(CacheKey key, List<Tensor> outputs, Duration ttl) {
        long bytes = bytes(outputs);
        if (bytes <= maxBytes / LARGEST_SHARE) {
            entries.put(key, new Entry(outputs, (int) Math.min(bytes, Integer.MAX_VALUE),
                    nanos.getAsLong() + ttl.toNanos()));
        }
    }

    @Override
    public long leastNanos() {
        return 0;
    }

    @Override
    public boolean isAvailable() {
        return true;
    }

    @Override
    public Map<String, Long> levels() {
        Map<String, Long> levels = new LinkedHashMap<>();
        levels.put("entries", entries.estimatedSize());
        levels.put("bytes", weight());
        levels.put("max_bytes", maxBytes);
        return levels;
    }

    @Override
    public Map<String, Long> counts() {
        return Map.of("evictions", entries.stats().evictionCount());
    }

    private long weight() {
        return entries.policy().eviction().map(eviction -> eviction.weightedSize().orElse(0)).orElse(0L);
    }

    /** About what it takes of the heap. */
    private static long bytes(List<Tensor> outputs) {
        long bytes = ENTRY_BYTES;
        for (Tensor output : outputs) {
            bytes += TENSOR_BYTES + (long) output.shape().rank() * Long.BYTES + switch (output.dataType()) {
                case INT8, UINT8, BOOL -> output.length();
                case INT16 -> 2L * output.length();
                case FLOAT32, INT32 -> 4L * output.length();
                case FLOAT64, INT64 -> 8L * output.length();
                case STRING -> textBytes((Tensor.Strings) output);
            };
        }
        return bytes;
    }

    private static long textBytes(Tensor.Strings texts) {
        long bytes = 0;
        for (String text : texts.values()) {
            bytes += TEXT_BYTES + 2L * text.length();
        }
        return bytes;
    }
}
