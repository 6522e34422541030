package io.modelyard.access.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.micronaut.context.annotation.Requires;
import io.modelyard.access.SharedLastUses;
import io.modelyard.redis.RedisConfigured;
import jakarta.inject.Singleton;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** When keys were used last, as one hash in Redis. Two replicas that write at once may lose a minute. */
@Singleton
@Requires(condition = RedisConfigured.class)
final class RedisLastUses implements SharedLastUses {
    private final AccessLink link;

    RedisLastUses(AccessLink link) {
        this.link = link;
    }

    @Override
    public CompletionStage<Map<String, Instant>> exchange(Map<String, Instant> known) {
        Optional<StatefulRedisConnection<String, byte[]>> connection = link.open();
        return connection.isEmpty()
                ? CompletableFuture.failedStage(new IOException("there is no connection"))
                : exchange(connection.get().async(), known);
    }

    private CompletionStage<Map<String, Instant>> exchange(RedisAsyncCommands<String, byte[]> redis,
            Map<String, Instant> known) {
        String key = link.key("last-use");
        return redis.hgetall(key).thenCompose(fields -> {
            Map<String, Instant> theirs = new HashMap<>();
            fields.forEach((id, second) -> theirs.put(id, instant(second)));
            Map<String, byte[]> news = new HashMap<>();
            known.forEach((id, at) -> {
                Instant there = theirs.get(id);
                if (there == null || there.isBefore(at)) {
                    news.put(id, Long.toString(at.getEpochSecond()).getBytes(StandardCharsets.US_ASCII));
                }
            });
            return news.isEmpty()
                    ? CompletableFuture.completedStage(theirs)
                    : redis.hset(key, news).thenApply(_ -> theirs);
        });
    }

    private static Instant instant(byte[] second) {
        return Instant.ofEpochSecond(Long.parseLong(new String(second, StandardCharsets.US_ASCII)));
    }
}
