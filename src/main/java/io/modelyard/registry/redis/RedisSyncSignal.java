package io.modelyard.registry.redis;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.TaskScheduler;
import io.modelyard.model.ServingFailure;
import io.modelyard.redis.RedisClients;
import io.modelyard.redis.RedisConfigured;
import io.modelyard.registry.DocumentFormat;
import io.modelyard.registry.Registry;
import io.modelyard.registry.ReplicaId;
import io.modelyard.registry.SyncSignal;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Tells the other replicas of this store by a message that something was written, and looks at the store when one of
 * them says so. The messages carry nothing but their sender: what was written is read from the store, as ever. Redis may
 * be away or slow at any time: nobody waits for it.
 */
@Singleton
@Requires(condition = RedisConfigured.class)
final class RedisSyncSignal implements SyncSignal, ApplicationEventListener<StartupEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(RedisSyncSignal.class);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(5);
    private static final int DIGEST_LENGTH = 16;

    private final RedisLink link;
    private final String self;
    private final Nudges nudges;
    private final TaskScheduler scheduler;
    private volatile boolean stopped;

    RedisSyncSignal(RedisClients clients, Registry registry, ReplicaId replica,
            @Named(TaskExecutors.SCHEDULED) TaskScheduler scheduler) {
        this.self = replica.toString();
        this.scheduler = scheduler;
        this.nudges = new Nudges(this::later, () -> look(registry), System::nanoTime);
        this.link = new RedisLink(clients, channel(registry.location()), this::received, nudges::nudge);
    }

    /** Two fleets at one Redis do not wake each other. */
    private static String channel(String storeLocation) {
        return "modelyard:sync:"
                + DocumentFormat.digest(storeLocation.getBytes(StandardCharsets.UTF_8)).substring(0, DIGEST_LENGTH);
    }

    @Override
    public void onApplicationEvent(StartupEvent event) {
        connect();
    }

    @Override
    public void written() {
        link.send(self);
    }

    RedisLink link() {
        return link;
    }

    private void received(String sender) {
        if (!sender.equals(self)) {
            nudges.nudge();
        }
    }

    /** A client mends its connections by itself, but not before it had one. */
    private void connect() {
        if (!stopped) {
            var _ = link.connect().exceptionally(failure -> {
                later(BETWEEN_TRIES, this::connect);
                return null;
            });
        }
    }

    private void later(Duration delay, Runnable work) {
        if (!stopped) {
            var _ = scheduler.schedule(delay, work);
        }
    }

    private static void look(Registry registry) {
        try {
            registry.nudge();
        } catch (ServingFailure.Unavailable e) {
            // The next poll says that the store fails, and goes on trying.
            LOG.debug("A message could not be followed: {}", e.detail());
        }
    }

    @PreDestroy
    void stop() {
        stopped = true;
        link.close();
    }
}
