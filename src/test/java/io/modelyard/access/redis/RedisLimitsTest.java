package io.modelyard.access.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.RedisClient;
import io.modelyard.Eventually;
import io.modelyard.SampleModels;
import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import io.modelyard.redis.TestRedis;
import io.modelyard.registry.Registry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/** Two servers and a Redis that comes and goes. */
final class RedisLimitsTest {
    private static final String ROW = "{\"inputs\": [[" + "0,".repeat(63) + "0]]}";

    private static final Duration PAUSE = Duration.ofMinutes(1);

    @TempDir
    Path store;
    private final TestRedis redis = TestRedis.prepare();

    @BeforeEach
    void copy() {
        SampleModels.copyTo(store);
    }

    @AfterEach
    void stopRedis() {
        redis.close();
    }

    /** The time that it may take is that of a machine that runs other tests, too. */
    private TestServer server() {
        return TestServer.prepare().spec("secured").store(store).with("test.ticker", "settable")
                .with("modelyard.redis.uri", redis.uri())
                .with("modelyard.access.limits.redis-timeout", "10s").start();
    }

    @Test
    void aLimitHoldsForBothAndIsHeldAloneWhileRedisIsAway() {
        redis.startAgain();
        try (TestServer one = server(); TestServer other = server()) {
            awaitShared(one, true);
            awaitShared(other, true);
            String key = key(one, "{\"requests\": {\"per_second\": 0.001, \"burst\": 40}}");
            other.bean(Registry.class).sync();
            int granted = 0;
            for (int i = 0; i < 40; i++) {
                granted += granted(one, key) + granted(other, key);
            }
            assertThat(granted).as("of 40, of which one may be held by each").isBetween(38, 40);
            assertThat(one.as(key).get("/whoami").header("RateLimit").orElseThrow()).startsWith("\"requests\";r=");

            redis.kill();
            awaitShared(other, false);
            int alone = 0;
            for (int i = 0; i < 50; i++) {
                alone += granted(other, key);
            }
            assertThat(alone).as("as many as one may have by itself").isEqualTo(40);

            redis.startAgain();
            awaitShared(other, true);
            String fresh = key(one, "{\"requests\": {\"per_second\": 0.001, \"burst\": 40}}");
            other.bean(Registry.class).sync();
            awaitShared(one, true);
            int again = 0;
            for (int i = 0; i < 40; i++) {
                again += granted(one, fresh) + granted(other, fresh);
            }
            assertThat(again).isBetween(38, 40);
        }
    }

    @Test
    void rowsAreCountedForBothAndPredictionsGoOnWithoutRedis() {
        redis.startAgain();
        try (TestServer one = server(); TestServer other = server()) {
            awaitShared(one, true);
            awaitShared(other, true);
            String key = key(one, "{\"rows\": {\"per_second\": 0.001, \"burst\": 20}}");
            other.bean(Registry.class).sync();
            int granted = 0;
            for (int i = 0; i < 20; i++) {
                granted += predicted(one, key) + predicted(other, key);
            }
            assertThat(granted).isBetween(18, 20);
            redis.kill();
            String fresh = key(one, "{\"rows\": {\"per_second\": 1000, \"burst\": 1000}}");
            for (int i = 0; i < 20; i++) {
                assertThat(predicted(one, fresh)).isEqualTo(1);
            }
        }
    }

    @Test
    void aRedisThatIsFullOrSilentHoldsUpNobody() {
        redis.startAgain();
        String uri = redis.uri();
        try (TestServer one = TestServer.prepare().spec("secured").store(store).with("modelyard.redis.uri", uri)
                .start();
                RedisClient client = RedisClient.create(uri)) {
            awaitShared(one, true);
            String key = key(one, "{\"requests\": {\"per_second\": 1000}, \"rows\": {\"per_second\": 1000}}");
            assertThat(predicted(one, key)).isEqualTo(1);
            var commands = client.connect().sync();
            commands.configSet("maxmemory", "1");
            Eventually.isTrue("it is seen to be full", () -> predicted(one, key) == 1 && !isShared(one));
            commands.configSet("maxmemory", "0");
            Eventually.isTrue("it is asked again", () -> predicted(one, key) == 1 && isShared(one));

            commands.clientPause(PAUSE.toMillis());
            long before = System.nanoTime();
            int predicted = 0;
            // Of what was taken in advance at first, then after a moment's wait, then without asking.
            while (isShared(one) || predicted < 20) {
                predicted += predicted(one, key);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - before)).as("while Redis was silent").isLessThan(PAUSE);
        }
    }

    @Test
    void replicasTellEachOtherWhenAKeyWasUsed() {
        redis.startAgain();
        try (TestServer one = server(); TestServer other = server()) {
            awaitShared(one, true);
            awaitShared(other, true);
            Answer made = one.post("/api-keys", "{\"name\": \"n\", \"roles\": [\"predict\"]}");
            String id = made.json().path("id").asText();
            assertThat(granted(one, made.json().path("key").asText())).isEqualTo(1);
            String admin = one.adminKey();
            assertThat(lastUse(one, admin, id)).isNotEmpty();
            other.bean(Registry.class).sync();
            assertThat(lastUse(other, admin, id)).isEqualTo(lastUse(one, admin, id));
        }
    }

    private static String lastUse(TestServer server, String admin, String id) {
        for (JsonNode key : server.as(admin).get("/api-keys").json().path("keys")) {
            if (key.path("id").asText().equals(id)) {
                return key.path("last_used_at").asText();
            }
        }
        throw new AssertionError("there is no key " + id);
    }

    private static int granted(TestServer server, String key) {
        Answer answer = server.as(key).get("/whoami");
        assertThat(answer.status()).as(answer.text()).isIn(200, 429);
        return answer.status() == 200 ? 1 : 0;
    }

    private static int predicted(TestServer server, String key) {
        Answer answer = server.as(key).post("/predict/digits/2", ROW);
        assertThat(answer.status()).as(answer.text()).isIn(200, 429);
        return answer.status() == 200 ? 1 : 0;
    }

    private static void awaitShared(TestServer server, boolean shared) {
        Eventually.isTrue("limits are shared: " + shared, () -> isShared(server) == shared);
    }

    private static boolean isShared(TestServer server) {
        return server.anonymous().get("/health").json().at("/details/limits/details/shared").asBoolean();
    }

    private static String key(TestServer server, String limits) {
        Answer made = server.post("/api-keys",
                "{\"name\": \"app\", \"roles\": [\"predict\"], \"limits\": " + limits + "}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.json().path("key").asText();
    }
}
