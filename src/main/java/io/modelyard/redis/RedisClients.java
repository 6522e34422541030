package io.modelyard.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.micronaut.context.annotation.Requires;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Makes clients of the configured Redis, which share their threads. What such a client is told while Redis is away fails at
 * once and is not kept for later, and it connects again by itself. Safe for use by many threads.
 */
@Singleton
@Requires(condition = RedisConfigured.class)
public final class RedisClients {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    /** A client has no fewer. */
    private static final int THREADS = 2;

    private final RedisConfiguration configuration;
    private final ClientResources resources;
    private final List<RedisClient> clients = new CopyOnWriteArrayList<>();

    RedisClients(RedisConfiguration configuration) {
        this.configuration = configuration;
        this.resources = DefaultClientResources.builder().ioThreadPoolSize(THREADS).computationThreadPoolSize(THREADS)
                .reconnectDelay(() -> Delay.fullJitter(Duration.ofMillis(10), LONGEST_PAUSE, 50, TimeUnit.MILLISECONDS))
                .build();
    }

    /**
     * A client that is closed when the server ends.
     *
     * @param mostWaiting how many commands may wait for their answer; more fail at once
     */
    public RedisClient create(int mostWaiting) {
        RedisClient client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(mostWaiting)
                .socketOptions(SocketOptions.builder().connectTimeout(configuration.timeout())
                        .keepAlive(true).build())
                .build());
        clients.add(client);
        return client;
    }

    public RedisConfiguration configuration() {
        return configuration;
    }

    @PreDestroy
    void close() {
        clients.forEach(client -> client.shutdown(Duration.ZERO, Duration.ofSeconds(1)));
        resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
    }
}
