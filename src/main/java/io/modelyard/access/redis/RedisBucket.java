package io.modelyard.access.redis;

import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.modelyard.access.LocalTokens;
import io.modelyard.model.KeyLimits.Rate;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A bucket in Redis. It is gone there when it would be full again, and made anew. Safe for use by many threads. */
final class RedisBucket implements SharedBucket {
    private static final double NANOS = 1e9;

    private final String key;
    private final Rate rate;
    private final Supplier<Optional<AsyncProxyManager<String>>> buckets;
    private volatile @Nullable AsyncBucketProxy proxy;

    /** @param buckets empty while Redis is not there */
    RedisBucket(String key, Rate rate, Supplier<Optional<AsyncProxyManager<String>>> buckets) {
        this.key = key;
        this.rate = rate;
        this.buckets = buckets;
    }

    @Override
    public CompletionStage<Reply> take(long count) {
        try {
            Optional<AsyncProxyManager<String>> there = buckets.get();
            if (there.isEmpty()) {
                return CompletableFuture.failedStage(new IOException("there is no connection"));
            }
            AsyncBucketProxy known = proxy;
            if (known == null) {
                known = there.get().getProxy(key,
                        () -> CompletableFuture.completedFuture(LocalTokens.configuration(rate)));
                proxy = known;
            }
            return known.tryConsumeAndReturnRemaining(count)
                    .thenApply(probe -> new Reply(probe.isConsumed(), remaining(probe)));
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** What is missing is what the time until the bucket is full would add. */
    private double remaining(ConsumptionProbe probe) {
        double missing = probe.getNanosToWaitForReset() / NANOS * rate.perSecond();
        return Math.max((double) probe.getRemainingTokens(), rate.burst() - missing);
    }
}
