package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.TestServer.Answer;
import io.modelyard.redis.RedisWire;
import io.modelyard.redis.RedisWire.Fault;
import io.modelyard.redis.TestRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Two replicas share what they computed, by a Redis that is slow, full, wrong or gone: no prediction fails because of it. */
class CacheInRedisTest {
    /** Beyond what the runtime refuses. */
    private static final AtomicInteger NEXT = new AtomicInteger((int) GatedRuntime.REFUSED);

    @TempDir
    static Path store;
    private static TestRedis redis;
    private static RedisWire wire;
    private static TestServer one;
    private static String key;

    @BeforeAll
    static void start() {
        redis = TestRedis.start();
        wire = new RedisWire(redis.port());
        GatedRuntime.publish(store, "t");
        one = replica("150ms");
        key = one.adminKey();
        awaitAvailable(one, true);
    }

    @AfterAll
    static void stop() {
        one.close();
        wire.close();
        redis.close();
    }

    private static TestServer replica(String timeout) {
        return TestServer.prepare().spec(GatedRuntime.SPEC).store(store)
                .with("modelyard.redis.uri", "redis://127.0.0.1:" + wire.port())
                .with("modelyard.predictioncache.policy", "always")
                .with("modelyard.predictioncache.redis.timeout", timeout).start();
    }

    private static JsonNode health(TestServer server) {
        JsonNode health = server.anonymous().get("/health").json();
        assertThat(health.path("status").asText()).isEqualTo("UP");
        return health.at("/details/prediction_cache/details/redis");
    }

    /** Somebody must ask, or nobody finds out. */
    private static void awaitAvailable(TestServer server, boolean available) {
        Eventually.isTrue("Redis is " + (available ? "asked" : "not asked"), () -> {
            predict(server);
            return health(server).path("available").asBoolean() == available;
        });
    }

    /** Something that was never asked before. */
    private static void predict(TestServer server) {
        int input = NEXT.incrementAndGet();
        demand(ask(server, input), input);
    }

    private static Answer ask(TestServer server, int input) {
        return server.as(key).post("/predict/t", "{\"inputs\": [[" + input + "]]}");
    }

    private static Answer demand(Answer answer, int input) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().at("/predictions/0").asInt()).isEqualTo(2 * input);
        return answer;
    }

    private static String source(Answer answer) {
        return answer.header("X-Cache").orElseThrow();
    }

    @Test
    void whatOneComputedTheOtherHas() {
        assertThat(redis.tell("FLUSHALL")).startsWith("+OK");
        // Whatever was before: Redis may not be written to again at once.
        Eventually.isTrue("it is there for others", () -> {
            demand(one.as(key).send(one.as(key).request("/predict/t").header("Content-Type", "application/json")
                    .header("Cache-Control", "no-cache").POST(BodyPublishers.ofString("{\"inputs\": [[-5]]}"))), -5);
            return redis.keys() > 0;
        });
        assertThat(source(demand(ask(one, -5), -5))).isEqualTo("memory");
        try (TestServer other = replica("1s")) {
            awaitAvailable(other, true);
            Answer shared = demand(ask(other, -5), -5);
            assertThat(source(shared)).isEqualTo("redis");
            assertThat(shared.json().path("cached").asBoolean()).isTrue();
            assertThat(source(demand(ask(other, -5), -5))).as("and keeps it").isEqualTo("memory");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void noPredictionFails(Fault fault) {
        wire.set(fault);
        for (int i = 0; i < 30; i++) {
            predict(one);
        }
        wire.set(Fault.NONE);
        awaitAvailable(one, true);
    }

    @Test
    void aSlowRedisCostsAFewRequestsAMomentAndThenNothing() {
        wire.set(Fault.SLOW);
        awaitAvailable(one, false);
        long start = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            predict(one);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as("twenty times two seconds are not waited")
                .isLessThan(Duration.ofSeconds(10));
        wire.set(Fault.NONE);
        awaitAvailable(one, true);
    }

    @Test
    void redisIsKilledStartedAgainFlushedAndFull() {
        predict(one);
        redis.kill();
        awaitAvailable(one, false);
        for (int i = 0; i < 10; i++) {
            predict(one);
        }
        redis.startAgain();
        awaitAvailable(one, true);
        Eventually.isTrue("it is written to again", () -> {
            predict(one);
            return redis.keys() > 0;
        });

        assertThat(redis.tell("FLUSHALL")).startsWith("+OK");
        for (int i = 0; i < 10; i++) {
            predict(one);
        }
        Eventually.isTrue("it fills again", () -> redis.keys() > 0);

        assertThat(redis.tell("CONFIG SET maxmemory-policy noeviction")).startsWith("+OK");
        assertThat(redis.tell("CONFIG SET maxmemory 1")).startsWith("+OK");
        long before = health(one).path("unwritten").asLong();
        for (int i = 0; i < 20; i++) {
            predict(one);
        }
        Eventually.isTrue("it takes nothing", () -> health(one).path("unwritten").asLong() > before);
        awaitAvailable(one, true);
        assertThat(redis.tell("CONFIG SET maxmemory 0")).startsWith("+OK");
    }
}
