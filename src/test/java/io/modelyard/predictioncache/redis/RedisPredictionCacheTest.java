package io.modelyard.predictioncache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.modelyard.Eventually;
import io.modelyard.SettableClock;
import io.modelyard.predictioncache.CacheKey;
import io.modelyard.predictioncache.Lookup;
import io.modelyard.predictioncache.PredictionCache;
import io.modelyard.predictioncache.PredictionCacheContract;
import io.modelyard.redis.Circuit;
import io.modelyard.redis.RedisClients;
import io.modelyard.redis.RedisWire;
import io.modelyard.redis.RedisWire.Fault;
import io.modelyard.redis.TestRedis;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

class RedisPredictionCacheTest extends PredictionCacheContract {
    private static final TestRedis REDIS = TestRedis.start();

    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-20T12:00:00Z"));
    private final RedisWire wire = new RedisWire(REDIS.port());
    private final RedisClients clients = TestRedis.clients(wire.port());
    /** Patient, because this machine may be busy. */
    private RedisPredictionCache cache = made(Duration.ofMillis(500));

    @AfterAll
    static void stopRedis() {
        REDIS.close();
    }

    private RedisPredictionCache made(Duration timeout) {
        return new RedisPredictionCache(clients, new RedisCacheConfiguration(true, timeout, 1_000_000), clock);
    }

    @BeforeEach
    void connect() {
        cache.connect();
        Eventually.isTrue("connected", cache::isAvailable);
    }

    @AfterEach
    void close() {
        wire.close();
        TestRedis.close(clients);
    }

    @Override
    protected PredictionCache cache() {
        return cache;
    }

    @Override
    protected void pass(Duration time) {
        clock.advance(time);
    }

    private static List<Tensor> one(float value) {
        return List.of(new Tensor.Floats(Shape.of(1), new float[]{value}));
    }

    private void askUntil(String what, BooleanSupplier condition) {
        Eventually.isTrue(what, () -> {
            find(key());
            return condition.getAsBoolean();
        });
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"NONE", "CORRUPT", "SHIFTED"})
    void whateverRedisDoesItIsNotAskedAnyMoreAndAskedAgainWhenItIsWell(Fault fault) {
        CacheKey key = key();
        store(key, one(7), Duration.ofMinutes(5));
        cache = made(Duration.ofMillis(30));
        connect();
        wire.set(fault);
        askUntil("the circuit is open", () -> !cache.isAvailable());
        assertThat(find(key)).as("nobody waits").isEqualTo(new Lookup.Away());
        cache.store(key(), one(8), Duration.ofMinutes(5));
        assertThat(cache.levels()).containsEntry("reading", 0L);

        wire.set(Fault.NONE);
        askUntil("it is asked again", cache::isAvailable);
        Eventually.isTrue("what was kept is still there", () -> find(key) instanceof Lookup.Hit hit
                && ((Tensor.Floats) hit.outputs().getFirst()).values()[0] == 7);
    }

    @ParameterizedTest
    @EnumSource(names = {"NONSENSE", "CORRUPT", "SHIFTED", "GARBAGE"})
    void nothingButWhatWasStoredIsEverAnswered(Fault fault) {
        List<CacheKey> keys = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            keys.add(key());
            store(keys.get(i), one(i), Duration.ofMinutes(5));
        }
        Random random = new Random(9);
        for (int asked = 0; asked < 60; asked++) {
            int which = random.nextInt(50);
            wire.set(random.nextInt(3) == 0 ? fault : Fault.NONE);
            if (find(keys.get(which)) instanceof Lookup.Hit hit) {
                assertThat(((Tensor.Floats) hit.outputs().getFirst()).values()).containsExactly(which);
            }
        }
        wire.set(Fault.NONE);
        askUntil("it is asked again", cache::isAvailable);
    }

    @Test
    void whatSomebodyElseWroteThereIsAMissAndIsWrittenAnew() {
        CacheKey key = key();
        byte[] whole = new StoredAnswer(one(1), clock.instant().plusSeconds(60)).bytes(key);
        byte[] other = new StoredAnswer(one(1), clock.instant().plusSeconds(60)).bytes(key());
        byte[] later = whole.clone();
        later[0]++;
        List<byte[]> wrong = List.of(new byte[0], new byte[]{1}, "hello".getBytes(StandardCharsets.UTF_8),
                other, later, Arrays.copyOf(whole, whole.length - 1),
                Arrays.copyOf(whole, whole.length + 1), new byte[whole.length]);
        for (byte[] value : wrong) {
            write(key, value);
            assertThat(find(key)).isEqualTo(new Lookup.Miss());
            store(key, one(1), Duration.ofMinutes(5));
            // Many good ones for a bad one, or Redis would not be asked any more.
            for (int good = 0; good < Circuit.REMEMBERED; good++) {
                find(key);
            }
        }
        assertThat(cache.counts()).containsEntry("unreadable", (long) wrong.size());
        write(key, whole);
        assertThat(find(key)).isInstanceOf(Lookup.Hit.class);
    }

    /** Over a connection that nothing is done to. */
    private void write(CacheKey key, byte[] value) {
        try (RedisClient client = RedisClient.create(REDIS.uri());
                StatefulRedisConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE)) {
            connection.sync().set(RedisPredictionCache.name(key), value);
        }
    }

    @Test
    void anyDamagedValueIsAMiss() {
        CacheKey key = key();
        byte[] good = new StoredAnswer(one(3), clock.instant().plusSeconds(60)).bytes(key);
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = random.nextInt(4) == 0
                    ? Arrays.copyOf(good, random.nextInt(good.length))
                    : good.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0 && damaged.length > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
            }
            if (!Arrays.equals(damaged, good)) {
                assertThat(StoredAnswer.read(damaged, key)).isEmpty();
            }
        }
        assertThat(StoredAnswer.read(good, key)).isPresent();
    }

    @Test
    void aFullRedisIsStillRead() {
        CacheKey key = key();
        store(key, one(1), Duration.ofMinutes(5));
        REDIS.tell("CONFIG SET maxmemory 1");
        REDIS.tell("CONFIG SET maxmemory-policy noeviction");
        try {
            for (int i = 0; i < 20; i++) {
                cache.store(key(), one(2), Duration.ofMinutes(5));
            }
            Eventually.isTrue("it was refused", () -> cache.counts().getOrDefault("unwritten", 0L) >= 4);
            assertThat(find(key)).isInstanceOf(Lookup.Hit.class);
            assertThat(cache.isAvailable()).isTrue();
        } finally {
            REDIS.tell("CONFIG SET maxmemory 0");
        }
        CacheKey again = key();
        Eventually.isTrue("it is written again", () -> {
            cache.store(again, one(3), Duration.ofMinutes(5));
            return find(again) instanceof Lookup.Hit;
        });
    }

    @Test
    void whatIsLargeIsNotShared() {
        CacheKey key = key();
        cache.store(key, List.of(new Tensor.Bytes(Shape.of(1_000_001), new byte[1_000_001], DataType.INT8)),
                Duration.ofMinutes(5));
        assertThat(cache.counts()).containsEntry("unwritten", 1L);
        assertThat(find(key)).isEqualTo(new Lookup.Miss());
    }

    @Test
    void aServerThatStartsBeforeRedisFindsIt() {
        wire.set(Fault.CLOSED);
        RedisPredictionCache early = made(Duration.ofMillis(500));
        early.connect();
        Eventually.isTrue("it is not there", () -> !early.isAvailable());
        wire.set(Fault.NONE);
        Eventually.isTrue("it is there", () -> {
            early.find(key(), Runnable::run);
            return early.isAvailable();
        });
    }
}
