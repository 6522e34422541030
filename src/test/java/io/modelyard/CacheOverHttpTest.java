package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.TestServer.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** What callers see of the prediction cache: where an answer came from, and that nothing else is different. */
class CacheOverHttpTest {
    private static final AtomicInteger TYPES = new AtomicInteger();
    private static TestServer server;
    private static GatedRuntime runtime;

    /** Of this test alone. */
    private final String type = "t" + TYPES.incrementAndGet();

    @BeforeAll
    static void start() {
        server = TestServer.prepare().spec(GatedRuntime.SPEC).with("modelyard.predictioncache.policy", "always")
                .start();
        runtime = server.bean(GatedRuntime.class);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void open() {
        runtime.open();
    }

    private void publish(String cache) {
        GatedRuntime.publish(server.store(), type, manifest -> {
            try {
                manifest.set("cache", TestStore.JSON.readTree(cache));
            } catch (JsonProcessingException e) {
                throw new AssertionError(e);
            }
        });
        server.post("/registry/sync", "");
        assertThat(server.post("/models/" + type + "/1/load", "").status()).isEqualTo(200);
    }

    private Answer ask(String inputs) {
        return ask(inputs, "Cache-Control", "max-age=60");
    }

    private Answer ask(String inputs, String header, String value) {
        return server.as(server.adminKey())
                .send(server.as(server.adminKey()).request("/predict/" + type)
                        .header("Content-Type", "application/json").header(header, value)
                        .POST(BodyPublishers.ofString("{\"inputs\": " + inputs + "}")));
    }

    private CompletableFuture<Answer> begin(String inputs, String header, String value) {
        return CompletableFuture.supplyAsync(() -> ask(inputs, header, value), Thread::startVirtualThread);
    }

    private int inFlight() {
        return server.get("/models/" + type + "/1").json().path("in_flight").asInt();
    }

    private int calls() {
        return runtime.calls().size();
    }

    private static void demand(Answer answer, String source, String predictions) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.header("X-Cache")).contains(source);
        assertThat(answer.json().path("cached").asBoolean()).isEqualTo(source.equals("memory"));
        assertThat(answer.json().path("predictions")).hasToString(predictions);
    }

    @Test
    void theSecondTimeItIsThere() {
        publish("{}");
        int before = calls();
        demand(ask("[[7]]"), "miss", "[14.0]");
        demand(ask("[[7.0]]"), "memory", "[14.0]");
        demand(ask("[[70e-1]]"), "memory", "[14.0]");
        demand(ask("[[7], [7]]"), "miss", "[14.0,14.0]");
        demand(ask("[[8]]"), "miss", "[16.0]");
        assertThat(calls() - before).isEqualTo(3);
    }

    @Test
    void itIsInTheLogAndInBatches() {
        publish("{}");
        String first = ask("[[7]]").json().path("prediction_id").asText();
        String second = ask("[[7]]").json().path("prediction_id").asText();
        assertThat(second).isNotEqualTo(first);
        JsonNode batch = server.post("/batch-predict", "{\"model_type\": \"" + type + "\", \"items\": [[[7]], [[9]]]}")
                .json();
        assertThat(batch.at("/results/0/cached").asBoolean()).isTrue();
        assertThat(batch.at("/results/1/cached").asBoolean()).isFalse();
        Eventually.isTrue("the log says so", () -> {
            List<String> cached = new ArrayList<>();
            server.get("/logs?type=" + type).json().path("logs").forEach(row -> {
                if (row.path("cached").asBoolean()) {
                    cached.add(row.path("prediction_id").asText());
                }
            });
            return cached.size() == 2 && cached.contains(second);
        });
    }

    @Test
    void aCallerMayWantItComputed() {
        publish("{}");
        ask("[[7]]");
        int before = calls();
        demand(ask("[[7]]", "Cache-Control", "no-cache"), "bypass", "[14.0]");
        demand(ask("[[7]]", "Cache-Control", "max-age=0, must-revalidate"), "bypass", "[14.0]");
        demand(ask("[[7]]", "Cache-Control", "No-Store"), "bypass", "[14.0]");
        assertThat(calls() - before).isEqualTo(3);
        demand(ask("[[7]]", "Cache-Control", "max-age=60"), "memory", "[14.0]");

        demand(ask("[[8]]", "Cache-Control", "no-cache"), "bypass", "[16.0]");
        demand(ask("[[8]]"), "memory", "[16.0]");
        demand(ask("[[9]]", "Cache-Control", "no-store"), "bypass", "[18.0]");
        demand(ask("[[9]]"), "miss", "[18.0]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                                            {"enabled": false}
                                            {"ttl_seconds": 0}
                                            {"deterministic": false}
                                            {"enabled": true, "ttl_seconds": 60, "deterministic": false}
                                            """)
    void aManifestMaySayThatNothingIsKept(String cache) {
        publish(cache);
        int before = calls();
        demand(ask("[[7]]"), "bypass", "[14.0]");
        demand(ask("[[7]]"), "bypass", "[14.0]");
        assertThat(calls() - before).isEqualTo(2);
    }

    @Test
    void failuresAreNotKept() {
        publish("{}");
        int before = calls();
        assertThat(ask("[[" + GatedRuntime.REFUSED + "]]").status()).isEqualTo(500);
        assertThat(ask("[[" + GatedRuntime.REFUSED + "]]").status()).isEqualTo(500);
        assertThat(calls() - before).isEqualTo(2);
    }

    @Test
    void equalMissesAtOnceAreComputedOnce() {
        publish("{}");
        int before = calls();
        runtime.shut();
        List<CompletableFuture<Answer>> all = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            all.add(begin("[[7]]", "Cache-Control", "max-age=60"));
        }
        Eventually.isTrue("all wait", () -> inFlight() == 256);
        runtime.open();
        for (CompletableFuture<Answer> each : all) {
            demand(each.join(), "miss", "[14.0]");
        }
        assertThat(calls() - before).isEqualTo(1);
        assertThat(all.stream().map(each -> each.join().json().path("prediction_id").asText()).distinct()).hasSize(256);
    }

    @Test
    void whoLeavesTakesNothingFromOthers() {
        publish("{}");
        int before = calls();
        runtime.shut();
        CompletableFuture<Answer> first = begin("[[7]]", "X-Timeout-Ms", "400");
        Eventually.isTrue("it is being computed", () -> calls() == before + 1);
        CompletableFuture<Answer> second = begin("[[7]]", "X-Timeout-Ms", "30000");
        Eventually.isTrue("the second waits", () -> inFlight() == 2);
        assertThat(first.join().code()).isEqualTo("deadline_exceeded");
        runtime.open();
        demand(second.join(), "miss", "[14.0]");
        assertThat(calls() - before).isEqualTo(1);
        Eventually.isTrue("nothing is held", () -> inFlight() == 0);
    }

    @Test
    void deadlinesOfThoseWhoWaitAreTheirOwn() {
        publish("{}");
        int before = calls();
        runtime.shut();
        CompletableFuture<Answer> first = begin("[[7]]", "X-Timeout-Ms", "30000");
        Eventually.isTrue("it is being computed", () -> calls() == before + 1);
        assertThat(ask("[[7]]", "X-Timeout-Ms", "200").code()).isEqualTo("deadline_exceeded");
        runtime.open();
        demand(first.join(), "miss", "[14.0]");
        assertThat(calls() - before).isEqualTo(1);
    }

    @Test
    void whatItGaveIsTold() {
        publish("{\"ttl_seconds\": 60}");
        ask("[[7]]");
        ask("[[7]]");
        ask("[[7]]");
        ask("[[7]]", "Cache-Control", "no-store");
        assertThat(server.get("/models/" + type + "/1").json().at("/metrics/cache")).hasToString(
                "{\"ttl_seconds\":60,\"memory_hits\":2,\"redis_hits\":0,\"misses\":1,\"shared\":0,\"bypassed\":1,\"hit_rate\":0.5}");
        String series = "modelyard_prediction_answers_total{source=\"%s\",type=\"" + type + "\",version=\"1\"} %s";
        assertThat(server.get("/metrics").text()).contains(series.formatted("memory", "2.0"),
                series.formatted("miss", "1.0"), series.formatted("bypass", "1.0"),
                "modelyard_prediction_cache_available{tier=\"memory\"} 1.0", "modelyard_prediction_cache_bytes{",
                "modelyard_prediction_cache_evictions_total{");
        JsonNode health = server.anonymous().get("/health").json().at("/details/prediction_cache/details");
        assertThat(health.path("policy").asText()).isEqualTo("always");
        assertThat(health.at("/memory/entries").asInt()).isPositive();
        assertThat(health.has("redis")).isFalse();
    }
}
