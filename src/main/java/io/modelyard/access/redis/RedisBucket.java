package io.modelyard.access.redis;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A bucket in Redis. It is gone there when it would be full again, and made anew. Safe for use by many threads. */
final class RedisBucket implements SharedBucket {
    private final String key;
    private final BucketConfiguration configuration;
    private final Supplier<Optional<AsyncProxyManager<String>>> buckets;
    private volatile @Nullable AsyncBucketProxy proxy;

    /** @param buckets empty while Redis is not there */
    RedisBucket(String key, BucketConfiguration configuration,
            Supplier<Optional<AsyncProxyManager<String>>> buckets) {
        this.key = key;
        this.configuration = configuration;
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
                known = there.get().getProxy(key, () -> CompletableFuture.completedFuture(configuration));
                proxy = known;
            }
            return known.tryConsumeAndReturnRemaining(count)
                    .thenApply(probe -> new Reply(probe.isConsumed(), probe.getRemainingTokens()));
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }
}
