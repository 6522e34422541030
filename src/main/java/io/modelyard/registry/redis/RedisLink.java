package io.modelyard.registry.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.modelyard.redis.RedisClients;
import io.modelyard.redis.RedisConfiguration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * One channel of a Redis that may come, go and come back. Nothing here blocks; what cannot be sent is lost. Safe for use
 * by many threads.
 */
final class RedisLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
    private static final int MOST_WAITING = 100;

    private final String channel;
    private final String place;
    private final Consumer<String> received;
    private final Runnable connected;
    private final RedisClient client;
    private final RedisConfiguration configuration;
    private volatile @Nullable StatefulRedisConnection<String, String> sending;
    private volatile @Nullable StatefulRedisPubSubConnection<String, String> receiving;
    private volatile boolean closed;
    private boolean toldOfTrouble;

    /**
     * @param received is told every message, and must not block
     * @param connected is called when messages arrive again, after some may have been lost; must not block
     */
    RedisLink(RedisClients clients, String channel, Consumer<String> received, Runnable connected) {
        this.configuration = clients.configuration();
        this.channel = channel;
        this.place = configuration.place();
        this.received = received;
        this.connected = connected;
        this.client = clients.create(MOST_WAITING);
        client.addListener(new Listener());
    }

    /** Tries once to connect; after that the connections mend themselves. Fails where Redis does not answer. */
    CompletionStage<Void> connect() {
        return client.connectPubSubAsync(StringCodec.UTF8, configuration.address()).thenCompose(connection -> {
            receiving = connection;
            connection.addListener(new RedisPubSubAdapter<>() {
                @Override
                public void message(String from, String message) {
                    received.accept(message);
                }

                @Override
                public void subscribed(String to, long count) {
                    // Also after a reconnection.
                    tellOfRecovery();
                    connected.run();
                }
            });
            return connection.async().subscribe(channel);
        }).thenCompose(subscribed -> client.connectAsync(StringCodec.UTF8, configuration.address()))
                .thenAccept(connection -> sending = connection)
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        tellOfTrouble(failure);
                        StatefulRedisPubSubConnection<String, String> half = receiving;
                        receiving = null;
                        if (half != null) {
                            var _ = half.closeAsync();
                        }
                    }
                });
    }

    /** Sends a message to whoever listens, if Redis is there. */
    void send(String message) {
        StatefulRedisConnection<String, String> connection = sending;
        if (connection == null || !connection.isOpen()) {
            return;
        }
        try {
            var _ = connection.async().publish(channel, message).exceptionally(failure -> {
                LOG.debug("Redis at {} did not take a message: {}", place, failure.toString());
                return 0L;
            });
        } catch (RuntimeException e) {
            LOG.debug("Redis at {} did not take a message: {}", place, e.toString());
        }
    }

    boolean isConnected() {
        StatefulRedisPubSubConnection<String, String> listening = receiving;
        StatefulRedisConnection<String, String> speaking = sending;
        return listening != null && listening.isOpen() && speaking != null && speaking.isOpen();
    }

    String place() {
        return place;
    }

    String channel() {
        return channel;
    }

    @Override
    public void close() {
        closed = true;
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }

    /** One line when it goes and one when it is back, however often is tried between. */
    private synchronized void tellOfTrouble(Throwable why) {
        if (!toldOfTrouble && !closed) {
            toldOfTrouble = true;
            LOG.warn("Redis at {} does not answer; until it does, replicas see each other's changes at their next poll:"
                    + " {}", place, root(why).toString());
        }
    }

    private static Throwable root(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null ? failure : root(cause);
    }

    private synchronized void tellOfRecovery() {
        if (toldOfTrouble) {
            toldOfTrouble = false;
            LOG.info("Redis at {} answers again", place);
        }
    }

    private final class Listener implements RedisConnectionStateListener {
        @Override
        public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress address) {}

        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            tellOfTrouble(new IOException("the connection was closed"));
        }

        @Override
        public void onRedisExceptionCaught(RedisChannelHandler<?, ?> connection, Throwable cause) {
            tellOfTrouble(cause);
        }
    }
}
