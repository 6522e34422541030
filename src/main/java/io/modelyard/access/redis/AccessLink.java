package io.modelyard.access.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.TaskScheduler;
import io.modelyard.redis.RedisClients;
import io.modelyard.redis.RedisConfiguration;
import io.modelyard.redis.RedisConfigured;
import io.modelyard.registry.DocumentFormat;
import io.modelyard.registry.Registry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** The connection for what is known of keys. Nobody waits for it. Safe for use by many threads. */
@Singleton
@Requires(condition = RedisConfigured.class)
final class AccessLink implements ApplicationEventListener<StartupEvent> {
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(5);
    private static final int MOST_WAITING = 1_000;
    private static final int DIGEST_LENGTH = 16;

    private final RedisClient client;
    private final RedisConfiguration configuration;
    private final TaskScheduler scheduler;
    private final String prefix;
    private volatile @Nullable StatefulRedisConnection<String, byte[]> connection;
    private volatile boolean stopped;

    AccessLink(RedisClients clients, Registry registry, @Named(TaskExecutors.SCHEDULED) TaskScheduler scheduler) {
        this.client = clients.create(MOST_WAITING);
        this.configuration = clients.configuration();
        this.scheduler = scheduler;
        this.prefix = "modelyard:access:" + DocumentFormat
                .digest(registry.location().getBytes(StandardCharsets.UTF_8)).substring(0, DIGEST_LENGTH) + ":";
    }

    @Override
    public void onApplicationEvent(StartupEvent event) {
        connect();
    }

    /** Of this store: two fleets at one Redis do not count for each other. */
    String key(String name) {
        return prefix + name;
    }

    /** Empty while there is none that is open. */
    Optional<StatefulRedisConnection<String, byte[]>> open() {
        return Optional.ofNullable(connection).filter(StatefulRedisConnection::isOpen);
    }

    /** A client mends its connections by itself, but not before it had one. */
    private void connect() {
        if (stopped) {
            return;
        }
        var _ = client.connectAsync(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE), configuration.address())
                .whenComplete((made, failure) -> {
                    if (made != null) {
                        connection = made;
                    } else if (!stopped) {
                        var _ = scheduler.schedule(BETWEEN_TRIES, this::connect);
                    }
                });
    }

    @PreDestroy
    void stop() {
        stopped = true;
    }
}
