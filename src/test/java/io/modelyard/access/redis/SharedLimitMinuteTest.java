package io.modelyard.access.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.Eventually;
import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import io.modelyard.redis.TestRedis;
import io.modelyard.registry.Registry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * How exactly a limit holds over a minute for two replicas that share a Redis, in real time and with the time limit for Redis that
 * servers have. A limit of {@code -Dmodelyard.test.limit} requests a second, asked for twice as often.
 */
@EnabledIfSystemProperty(named = "modelyard.test.limit", matches = "\\d+")
final class SharedLimitMinuteTest {
    private static final int BURST = 10;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    Path store;

    @Test
    void holdsWithinTwoHundredths() {
        int perSecond = Integer.getInteger("modelyard.test.limit", 50);
        try (TestRedis redis = TestRedis.start();
                TestServer one = server(redis);
                TestServer other = server(redis)) {
            awaitShared(one);
            awaitShared(other);
            Answer made = one.post("/api-keys", "{\"name\": \"n\", \"roles\": [\"predict\"], \"limits\": "
                    + "{\"requests\": {\"per_second\": " + perSecond + ", \"burst\": " + BURST + "}}}");
            String key = made.json().path("key").asText();
            other.bean(Registry.class).sync();

            TestServer[] servers = {one, other};
            long[] micros = new long[2 * perSecond * (int) MINUTE.toSeconds()];
            int asked = 0;
            int granted = 0;
            long start = System.nanoTime();
            for (long past = 0; past < MINUTE.toNanos(); past = System.nanoTime() - start) {
                long before = System.nanoTime();
                int status = servers[asked % 2].as(key).get("/whoami").status();
                assertThat(status).isIn(200, 429);
                if (asked < micros.length) {
                    micros[asked] = (System.nanoTime() - before) / 1000;
                }
                asked++;
                granted += status == 200 ? 1 : 0;
                long next = start + Duration.ofSeconds(1).toNanos() * asked / (2L * perSecond);
                LockSupport.parkNanos(next - System.nanoTime());
            }
            double expected = BURST + perSecond * (System.nanoTime() - start) / 1e9;
            Arrays.sort(micros, 0, Math.min(asked, micros.length));
            System.out.printf("limit %d/s: %d asked, %d granted of %.0f (%.2f %%); median %d us, p99 %d us%n",
                    perSecond,
                    asked, granted, expected, 100 * granted / expected, micros[Math.min(asked, micros.length) / 2],
                    micros[Math.min(asked, micros.length) * 99 / 100]);
            assertThat((double) granted).isBetween(expected * 0.98, expected * 1.02);
        }
    }

    private TestServer server(TestRedis redis) {
        return TestServer.prepare().spec("secured").store(store)
                .with("modelyard.redis.uri", redis.uri())
                .start();
    }

    private static void awaitShared(TestServer server) {
        Eventually.isTrue("limits are shared", () -> server.anonymous().get("/health").json()
                .at("/details/limits/details/shared").asBoolean());
    }
}
