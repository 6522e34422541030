package io.modelyard.predictioncache.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.context.event.StartupEvent;
import io.modelyard.predict.AnswerSource;
import io.modelyard.predictioncache.CacheKey;
import io.modelyard.predictioncache.Lookup;
import io.modelyard.predictioncache.PredictionCache;
import io.modelyard.redis.Circuit;
import io.modelyard.redis.RedisClients;
import io.modelyard.redis.RedisConfigured;
import io.modelyard.tensor.Tensor;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps outputs in Redis, for all replicas of all stores that use it: a key says all that an answer depends on. A request waits for
 * an answer of Redis a few milliseconds, for the taking of one not at all. What Redis does not answer in time, answers wrongly or
 * refuses is counted by a circuit, one for reading and one for writing, because a Redis that is full can still be read.
 */
@Singleton
@Requires(condition = RedisConfigured.class)
@Requires(property = "modelyard.predictioncache.redis.enabled", notEquals = "false")
final class RedisPredictionCache implements PredictionCache, ApplicationEventListener<StartupEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(RedisPredictionCache.class);
    private static final String PREFIX = "modelyard:prediction:" + StoredAnswer.VERSION + ":";
    /** No network and no Redis was seen to answer sooner than this. */
    private static final long LEAST_NANOS = 20_000;
    private static final int MOST_READS = 256;
    private static final long MOST_WRITTEN_BYTES = 8_000_000;
    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(1);
    private static final CompletionStage<Lookup> AWAY = CompletableFuture.completedStage(new Lookup.Away());

    private final RedisLine line;
    private final String place;
    private final RedisCacheConfiguration configuration;
    private final Clock clock;
    private final Circuit reads = new Circuit(System::nanoTime);
    private final Circuit writes = new Circuit(System::nanoTime);
    private final AtomicInteger reading = new AtomicInteger();
    private final AtomicLong writing = new AtomicLong();
    private final LongAdder late = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder unreadable = new LongAdder();
    private final LongAdder unwritten = new LongAdder();

    RedisPredictionCache(RedisClients clients, RedisCacheConfiguration configuration, Clock clock) {
        this.line = new RedisLine(clients, 4 * MOST_READS);
        this.place = clients.configuration().place();
        this.configuration = configuration;
        this.clock = clock;
    }

    @Override
    public void onApplicationEvent(StartupEvent event) {
        connect();
    }

    void connect() {
        line.connect().whenComplete((done, failure) -> {
            if (failure != null) {
                open(failure);
            }
        });
    }

    @Override
    public AnswerSource source() {
        return AnswerSource.REDIS;
    }

    @Override
    public long leastNanos() {
        return LEAST_NANOS;
    }

    @Override
    public CompletionStage<Lookup> find(CacheKey key, Executor after) {
        if (!reads.isClosed()) {
            if (reads.mayTry()) {
                tryForAll(key);
            }
            return AWAY;
        }
        Optional<RedisAsyncCommands<byte[], byte[]>> commands = line.commands();
        if (commands.isEmpty() && line.isConnecting()) {
            return AWAY;
        }
        if (commands.isEmpty()) {
            open(new IllegalStateException("there is no connection"));
            return AWAY;
        }
        if (reading.get() >= MOST_READS) {
            return AWAY;
        }
        return get(commands.get(), key).thenApplyAsync(reply -> {
            Said said = judge(reply, key);
            if (reads.asked(said.good())) {
                opened(reply.why());
            }
            return said.found();
        }, after);
    }

    /** What came of asking: a value, null where there is none, or why neither came. */
    private record Reply(byte @Nullable [] value, @Nullable Throwable failure) {
        Throwable why() {
            return failure == null ? new IllegalStateException("its answers cannot be read") : failure;
        }
    }

    /** @param good whether Redis did what it is for */
    private record Said(Lookup found, boolean good) {}

    /** Completes in time, and never fails. */
    private CompletionStage<Reply> get(RedisAsyncCommands<byte[], byte[]> commands, CacheKey key) {
        reading.incrementAndGet();
        RedisFuture<byte[]> asked;
        try {
            asked = commands.get(name(key));
        } catch (RuntimeException e) {
            reading.decrementAndGet();
            return CompletableFuture.completedStage(new Reply(null, e));
        }
        return asked.toCompletableFuture().copy().orTimeout(configuration.timeout().toNanos(), TimeUnit.NANOSECONDS)
                .handle((value, failure) -> {
                    reading.decrementAndGet();
                    if (failure != null) {
                        asked.cancel(false);
                    }
                    return new Reply(value, failure);
                });
    }

    private Said judge(Reply reply, CacheKey key) {
        if (reply.failure() != null) {
            (root(reply.failure()) instanceof TimeoutException ? late : failed).increment();
            return new Said(new Lookup.Late(), false);
        }
        if (reply.value() == null) {
            return new Said(new Lookup.Miss(), true);
        }
        Optional<StoredAnswer> answer = StoredAnswer.read(reply.value(), key);
        if (answer.isEmpty()) {
            unreadable.increment();
            return new Said(new Lookup.Miss(), false);
        }
        Duration left = Duration.between(clock.instant(), answer.get().until());
        return new Said(left.isPositive() ? new Lookup.Hit(answer.get().outputs(), left) : new Lookup.Miss(), true);
    }

    /** No request waits for it. */
    private void tryForAll(CacheKey key) {
        CompletionStage<Void> connected = line.commands().isPresent()
                ? CompletableFuture.completedStage(null)
                : line.connect();
        connected.thenCompose(done -> line.commands().map(commands -> get(commands, key))
                .orElseGet(() -> CompletableFuture.failedStage(new IllegalStateException("there is no connection"))))
                .whenComplete((reply, failure) -> {
                    boolean good = failure == null && judge(reply, key).good();
                    reads.tried(good);
                    if (good) {
                        LOG.info("Redis at {} answers again: predictions are shared with other replicas", place);
                    } else {
                        line.drop();
                    }
                });
    }

    private void open(Throwable why) {
        if (reads.lose()) {
            opened(why);
        }
    }

    private void opened(Throwable why) {
        line.drop();
        LOG.warn("Redis at {} does not answer as it should; predictions go on without it until it does: {}", place,
                root(why).toString());
    }

    private static Throwable root(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null ? failure : root(cause);
    }

    @Override
    public void store(CacheKey key, List<Tensor> outputs, Duration ttl) {
        if (!reads.isClosed()) {
            return;
        }
        boolean trial = writes.mayTry();
        if (!trial && !writes.isClosed()) {
            return;
        }
        Optional<RedisAsyncCommands<byte[], byte[]>> commands = line.commands();
        long size = StoredAnswer.size(outputs);
        if (commands.isEmpty() || size > configuration.maxValueBytes()
                || writing.get() + size > MOST_WRITTEN_BYTES) {
            unwritten.increment();
            if (trial) {
                writes.tried(false);
            }
            return;
        }
        set(commands.get(), key, outputs, ttl, size).whenComplete((done, failure) -> {
            if (failure != null) {
                unwritten.increment();
            }
            if (trial) {
                writes.tried(failure == null);
            } else if (writes.asked(failure == null)) {
                LOG.warn("Redis at {} does not take answers of predictions: {}", place,
                        failure == null ? "" : root(failure).toString());
            }
        });
    }

    private CompletionStage<String> set(RedisAsyncCommands<byte[], byte[]> commands, CacheKey key,
            List<Tensor> outputs, Duration ttl, long size) {
        writing.addAndGet(size);
        try {
            Instant until = clock.instant().plus(ttl);
            return commands.set(name(key), new StoredAnswer(outputs, until).bytes(key),
                    SetArgs.Builder.px(ttl)).toCompletableFuture().copy()
                    .orTimeout(WRITE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)
                    .whenComplete((done, failure) -> writing.addAndGet(-size));
        } catch (RuntimeException e) {
            writing.addAndGet(-size);
            return CompletableFuture.failedStage(e);
        }
    }

    /** What a key is called in Redis. */
    static byte[] name(CacheKey key) {
        return (PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(key.bytes()))
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public boolean isAvailable() {
        return reads.isClosed() && line.commands().isPresent();
    }

    @Override
    public Map<String, Long> levels() {
        return Map.of("reading", (long) reading.get(), "writing_bytes", writing.get());
    }

    @Override
    public Map<String, Long> counts() {
        return Map.of("late", late.sum(), "failed", failed.sum(), "unreadable", unreadable.sum(), "unwritten",
                unwritten.sum());
    }
}
