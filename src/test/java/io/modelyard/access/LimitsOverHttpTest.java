package io.modelyard.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.SampleModels;
import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Keys with limits are held to them, and told how much is left. */
final class LimitsOverHttpTest {
    @TempDir
    static Path store;
    private static TestServer server;
    private static SettableTicker ticker;

    @BeforeAll
    static void start() {
        server = TestServer.prepare().spec("secured").with("test.ticker", "settable")
                .store(SampleModels.copyTo(store)).start();
        ticker = server.bean(SettableTicker.class);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void requestsAboveTheBurstWaitForTheirSecond() {
        TestServer.Client app = limited("{\"requests\": {\"per_second\": 2, \"burst\": 3}}");
        for (int left = 2; left >= 0; left--) {
            Answer good = app.get("/whoami");
            assertThat(good.status()).isEqualTo(200);
            assertThat(good.header("RateLimit-Policy")).contains("\"requests\";q=3;w=2");
            assertThat(good.header("RateLimit"))
                    .contains("\"requests\";r=" + left + ";t=" + (left == 0 ? 2 : 1));
        }
        Answer refused = app.get("/whoami");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.code()).isEqualTo("rate_limited");
        assertThat(refused.json().path("retryable").asBoolean()).isTrue();
        assertThat(refused.header("Retry-After")).contains("1");
        assertThat(refused.header("RateLimit-Policy")).contains("\"requests\";q=3;w=2");
        assertThat(refused.header("RateLimit")).contains("\"requests\";r=0;t=2");
        assertThat(refused.header("Content-Type")).hasValueSatisfying(
                type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(refused.detail()).contains("2 requests a second", "3 at once", "500 ms");

        ticker.advance(Duration.ofMillis(499));
        assertThat(app.get("/whoami").status()).isEqualTo(429);
        ticker.advance(Duration.ofMillis(1));
        assertThat(app.get("/whoami").status()).isEqualTo(200);
        assertThat(app.get("/whoami").status()).isEqualTo(429);
    }

    @Test
    void aMinuteOfTryingGivesTheRateAndTheBurst() {
        TestServer.Client app = limited("{\"requests\": {\"per_second\": 2, \"burst\": 5}}");
        int granted = 0;
        for (int tick = 0; tick < 120; tick++) {
            for (int i = 0; i < 2; i++) {
                granted += app.get("/whoami").status() == 200 ? 1 : 0;
            }
            ticker.advance(Duration.ofMillis(500));
        }
        assertThat(granted).isEqualTo(5 + 119);
    }

    @Test
    void whoMayNotAskIsNotCounted() {
        TestServer.Client app = limited("{\"requests\": {\"per_second\": 1, \"burst\": 1}}");
        assertThat(app.get("/api-keys").status()).isEqualTo(403);
        assertThat(app.get("/whoami").status()).isEqualTo(200);
        assertThat(app.get("/whoami").status()).isEqualTo(429);
    }

    @Test
    void keysWithoutLimitsHaveNoHeaders() {
        Answer answer = server.get("/whoami");
        assertThat(answer.header("RateLimit")).isEmpty();
        assertThat(answer.header("RateLimit-Policy")).isEmpty();
    }

    @Test
    void rowsAreCountedByPredictionAndByItem() {
        TestServer.Client app = limited("{\"rows\": {\"per_second\": 10, \"burst\": 20}}");
        Answer good = app.post("/predict/digits", rows(15));
        assertThat(good.status()).as(good.text()).isEqualTo(200);
        assertThat(good.header("RateLimit-Policy")).contains("\"rows\";q=20;w=2;qu=\"rows\"");
        assertThat(good.header("RateLimit")).contains("\"rows\";r=5;t=2");

        Answer tooMany = app.post("/predict/digits", rows(6));
        assertThat(tooMany.status()).as(tooMany.text()).isEqualTo(429);
        assertThat(tooMany.code()).isEqualTo("rate_limited");
        assertThat(tooMany.header("Retry-After")).contains("1");
        assertThat(app.post("/predict/digits", rows(5)).status()).isEqualTo(200);

        ticker.advance(Duration.ofSeconds(1));
        Answer batch = app.post("/batch-predict", "{\"model_type\": \"digits\", \"items\": [" + rows(8) + "," + rows(8)
                + "]}");
        assertThat(batch.status()).as(batch.text()).isEqualTo(200);
        assertThat(batch.text()).containsOnlyOnce("rate_limited");
    }

    @Test
    void moreRowsThanEverFitAreNotToBeTriedAgain() {
        TestServer.Client app = limited("{\"rows\": {\"per_second\": 1000, \"burst\": 20}}");
        Answer never = app.post("/predict/digits", rows(21));
        assertThat(never.status()).as(never.text()).isEqualTo(413);
        assertThat(never.code()).isEqualTo("batch_too_large");
        assertThat(never.json().path("retryable").asBoolean()).isFalse();
        assertThat(never.detail()).contains("at most 20 rows").contains("21");
        assertThat(app.post("/predict/digits", rows(20)).status()).isEqualTo(200);
    }

    private static String rows(int count) {
        String row = IntStream.range(0, 64).mapToObj(i -> "0").collect(Collectors.joining(",", "[", "]"));
        return "{\"inputs\": [" + IntStream.range(0, count).mapToObj(i -> row).collect(Collectors.joining(",")) + "]}";
    }

    private static TestServer.Client limited(String limits) {
        Answer made = server.post("/api-keys",
                "{\"name\": \"app\", \"roles\": [\"predict\"], \"limits\": " + limits + "}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return server.as(made.json().path("key").asText());
    }
}
