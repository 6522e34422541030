package io.modelyard.predictioncache.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.modelyard.redis.RedisClients;
import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The connection on which answers are asked for. One that is in doubt is dropped, and whatever waits in it: nothing that comes
 * late on it can then be taken for an answer to something else. Nothing here blocks. Safe for use by many threads.
 */
final class RedisLine {
    private final RedisClient client;
    private final RedisURI address;
    private final AtomicReference<@Nullable StatefulRedisConnection<byte[], byte[]>> connection = new AtomicReference<>();

    /** @param mostWaiting how many commands may wait for their answer */
    RedisLine(RedisClients clients, int mostWaiting) {
        this.client = clients.create(mostWaiting);
        this.address = clients.configuration().address();
    }

    /** Empty where there is no connection now. */
    Optional<RedisAsyncCommands<byte[], byte[]>> commands() {
        StatefulRedisConnection<byte[], byte[]> current = connection.get();
        return current == null || !current.isOpen() ? Optional.empty() : Optional.of(current.async());
    }

    /** Tries to connect, in the place of any connection that there is. */
    CompletionStage<Void> connect() {
        return client.connectAsync(ByteArrayCodec.INSTANCE, address)
                .thenAccept(made -> close(connection.getAndSet(made)));
    }

    void drop() {
        close(connection.getAndSet(null));
    }

    private static void close(@Nullable StatefulRedisConnection<byte[], byte[]> old) {
        if (old != null) {
            var _ = old.closeAsync();
        }
    }
}
