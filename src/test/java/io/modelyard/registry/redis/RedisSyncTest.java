package io.modelyard.registry.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.RedisClient;
import io.modelyard.Eventually;
import io.modelyard.TestServer;
import io.modelyard.redis.TestRedis;
import io.modelyard.registry.SyncSignal;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Two servers that would poll once an hour, and a Redis that comes and goes. */
final class RedisSyncTest {
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    @TempDir
    Path store;
    private final TestRedis redis = TestRedis.prepare();

    @AfterEach
    void stopRedis() {
        redis.close();
    }

    private TestServer.Builder server() {
        return TestServer.prepare().store(store).with("modelyard.redis.uri", redis.uri())
                .with("modelyard.registry.poll-interval", "1h").with("modelyard.registry.reconcile-interval", "1h");
    }

    private static JsonNode health(TestServer server) {
        JsonNode health = server.anonymous().get("/health").json();
        assertThat(health.get("status").asText()).isEqualTo("UP");
        return health.at("/details/redis/details");
    }

    private static void awaitConnected(TestServer server) {
        Eventually.isTrue("connected", () -> health(server).get("connected").asBoolean());
    }

    @Test
    void whatOneWritesTheOtherSeesAtOnceAlsoAfterRedisWasAway() {
        redis.startAgain();
        try (TestServer one = server().start(); TestServer other = server().start()) {
            awaitConnected(one);
            awaitConnected(other);
            String key = one.adminKey();
            write(one, "first");
            Eventually.isTrue("the other sees it", AT_ONCE, () -> knows(other, key, "first"));

            redis.kill();
            Eventually.isTrue("it is gone", () -> !health(other).get("connected").asBoolean());
            long before = System.nanoTime();
            write(one, "second");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).as("nobody waits for Redis")
                    .isLessThan(AT_ONCE);
            assertThat(knows(other, key, "second")).isFalse();

            redis.startAgain();
            Eventually.isTrue("what was missed is caught up with", () -> knows(other, key, "second"));
            awaitConnected(one);
            write(one, "third");
            Eventually.isTrue("it works again", AT_ONCE, () -> knows(other, key, "third"));
        }
    }

    @Test
    void aServerStartsWithoutRedisAndFindsItLater() {
        try (TestServer one = server().start()) {
            assertThat(health(one).get("connected").asBoolean()).isFalse();
            assertThat(one.get("/registry").status()).isEqualTo(200);
            redis.startAgain();
            awaitConnected(one);
        }
    }

    @Test
    void fleetsOfOtherStoresAreNotWoken(@TempDir Path elsewhere) {
        try (TestServer one = server().start(); TestServer stranger = server().store(elsewhere).start()) {
            assertThat(health(one).get("channel").asText()).startsWith("modelyard:sync:")
                    .isNotEqualTo(health(stranger).get("channel").asText());
        }
    }

    @Test
    void withoutAnAddressThereIsNothingOfIt() {
        try (TestServer alone = TestServer.start()) {
            assertThat(alone.context().findBean(SyncSignal.class)).isEmpty();
            assertThat(alone.context().getBeansOfType(RedisClient.class)).isEmpty();
            assertThat(alone.anonymous().get("/health").json().at("/details").has("redis")).isFalse();
        }
    }

    @Test
    void theShortNamesMeanTheSameAndTheFrameworkTakesNoNotice() {
        // As the environment would set them.
        try (TestServer one = TestServer.prepare().store(store)
                .with(Map.of("redis.host", "127.0.0.1", "redis.port", redis.port(), "REDIS_HOST", "127.0.0.1",
                        "REDIS_PORT", redis.port()))
                .start()) {
            assertThat(health(one).get("address").asText()).isEqualTo("127.0.0.1:" + redis.port());
            assertThat(one.context().getBeansOfType(RedisClient.class)).isEmpty();
        }
    }

    @Test
    void nonsenseIsRefusedAtStartWithoutQuotingPasswords() {
        assertThatThrownBy(() -> TestServer.prepare().with("modelyard.redis.uri", "http://:secret@somewhere").start())
                .hasStackTraceContaining("modelyard.redis.uri")
                .satisfies(e -> assertThat(Throwables.getStackTrace(e)).doesNotContain("secret"));
        assertThatThrownBy(() -> TestServer.prepare().with("modelyard.redis.host", "redis")
                .with("modelyard.redis.port", "tcp://10.0.0.1:6379").start())
                .hasStackTraceContaining("modelyard.redis.port");
    }

    /** A key is a document like any other. */
    private static void write(TestServer server, String name) {
        assertThat(server.post("/api-keys", "{\"name\": \"" + name + "\", \"roles\": [\"read\"]}").status())
                .isLessThan(300);
    }

    private static boolean knows(TestServer server, String key, String name) {
        return server.as(key).get("/api-keys").text().contains("\"" + name + "\"");
    }
}
