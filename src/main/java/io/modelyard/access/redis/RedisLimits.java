package io.modelyard.access.redis;

import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.api.StatefulRedisConnection;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.TaskScheduler;
import io.modelyard.access.LocalTokens;
import io.modelyard.access.SharedTokens;
import io.modelyard.access.Ticker;
import io.modelyard.access.Tokens;
import io.modelyard.model.KeyLimits.Rate;
import io.modelyard.redis.Circuit;
import io.modelyard.redis.RedisConfigured;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Limits that hold for all replicas together, in buckets in Redis. Tries beside the requests whether Redis is there and quick,
 * and asks it for the time. Safe for use by many threads.
 */
@Singleton
@Requires(condition = RedisConfigured.class)
final class RedisLimits implements SharedTokens, ApplicationEventListener<StartupEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLimits.class);
    private static final Duration BETWEEN_TRIALS = Duration.ofMillis(500);
    /** One at a time, so that a Redis that was silent is not overrun when it speaks again. */
    private static final Duration LONGEST_TRIAL = Duration.ofSeconds(10);
    /** Clocks drift by some millionths. */
    private static final int TRIALS_UNTIL_TIME = 20;
    private static final Duration KEPT_AFTER_FULL = Duration.ofSeconds(10);
    private static final Rate PLENTY = Rate.of(Rate.MOST_PER_SECOND);

    private final AccessLink link;
    private final Ticker ticker;
    private final Duration timeout;
    private final TaskScheduler scheduler;
    private final RedisTime time;
    private final Circuit circuit;
    private final RedisBucket trial;
    private volatile @Nullable AsyncProxyManager<String> manager;
    private int trials;
    private volatile CompletableFuture<?> last = CompletableFuture.completedFuture(null);
    private @Nullable ScheduledFuture<?> task;

    RedisLimits(AccessLink link, Ticker ticker, RedisLimitsConfiguration configuration,
            @Named(TaskExecutors.SCHEDULED) TaskScheduler scheduler) {
        this.link = link;
        this.ticker = ticker;
        this.timeout = configuration.redisTimeout();
        this.scheduler = scheduler;
        this.time = new RedisTime(ticker);
        this.circuit = new Circuit(System::nanoTime, BETWEEN_TRIALS);
        // Nobody waits for a Redis that was never reached.
        circuit.lose();
        this.trial = new RedisBucket(link.key("trial"), PLENTY, this::buckets);
    }

    @Override
    public Tokens of(String name, Rate rate, LocalTokens local) {
        return new LeasedTokens(rate, local,
                new RedisBucket(link.key("limit:" + name), rate, this::buckets), circuit,
                ticker, timeout);
    }

    /** Whether limits hold for all replicas together now. */
    boolean areShared() {
        return circuit.isClosed();
    }

    @Override
    public synchronized void onApplicationEvent(StartupEvent event) {
        task = scheduler.scheduleWithFixedDelay(BETWEEN_TRIALS, BETWEEN_TRIALS, this::look);
    }

    private void look() {
        Optional<StatefulRedisConnection<String, byte[]>> connection = link.open();
        if (connection.isEmpty()) {
            if (circuit.lose()) {
                LOG.warn("The connection to Redis was closed; until it is back each replica holds keys to their limits"
                        + " by itself");
            }
        } else if (last.isDone() && (circuit.mayTry() || (circuit.isClosed() && ++trials % TRIALS_UNTIL_TIME == 0))) {
            attempt(connection.get());
        }
    }

    /** It must be as quick as a request would have it; the first ones are not, because they load classes. */
    private void attempt(StatefulRedisConnection<String, byte[]> connection) {
        long start = ticker.nanos();
        try {
            last = connection.async().time().toCompletableFuture().thenCompose(said -> {
                if (!isQuick(start)) {
                    return CompletableFuture.<SharedBucket.Reply>failedFuture(new IOException("it was slow"));
                }
                time.heard(start, micros(said));
                return trial.take(1);
            }).thenAccept(reply -> tried(isQuick(start))).orTimeout(LONGEST_TRIAL.toMillis(), TimeUnit.MILLISECONDS)
                    .exceptionally(failure -> {
                        LOG.debug("Redis was tried in vain: {}", failure.toString());
                        tried(false);
                        return null;
                    });
        } catch (RuntimeException e) {
            LOG.debug("Redis was tried in vain: {}", e.toString());
            tried(false);
        }
    }

    private void tried(boolean good) {
        boolean wasClosed = circuit.isClosed();
        circuit.tried(good);
        if (!wasClosed && circuit.isClosed()) {
            LOG.info("Limits of keys are held by all replicas together");
        }
    }

    private boolean isQuick(long start) {
        return ticker.nanos() - start <= timeout.toNanos();
    }

    /** Seconds, and millionths of them. */
    private static long micros(List<byte[]> said) {
        return TimeUnit.SECONDS.toMicros(number(said.get(0))) + number(said.get(1));
    }

    private static long number(byte[] text) {
        return Long.parseLong(new String(text, StandardCharsets.US_ASCII));
    }

    private Optional<AsyncProxyManager<String>> buckets() {
        AsyncProxyManager<String> known = manager;
        return known != null && link.open().isPresent() ? Optional.of(known) : link.open().map(this::manage);
    }

    private synchronized AsyncProxyManager<String> manage(StatefulRedisConnection<String, byte[]> connection) {
        AsyncProxyManager<String> known = manager;
        if (known == null) {
            known = Bucket4jLettuce.casBasedBuilder(connection).clientClock(time)
                    .expirationAfterWrite(ExpirationAfterWriteStrategy
                            .basedOnTimeForRefillingBucketUpToMax(KEPT_AFTER_FULL))
                    .build().asAsync();
            manager = known;
        }
        return known;
    }

    @PreDestroy
    synchronized void stop() {
        if (task != null) {
            task.cancel(false);
        }
    }
}
