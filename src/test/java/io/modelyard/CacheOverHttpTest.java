package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.TestServer.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What callers see of the prediction cache: where an answer came from, and that nothing else is different. */
class CacheOverHttpTest {
    private final TestServer server = TestServer.prepare().spec(GatedRuntime.SPEC)
            .with("modelyard.predictioncache.policy", "always").start();
    private final GatedRuntime runtime = server.bean(GatedRuntime.class);

    @AfterEach
    void stop() {
        runtime.open();
        server.close();
    }

    private void publish(String type, String cache) {
        GatedRuntime.publish(server.store(), type, manifest -> {
            try {
                manifest.set("cache", TestStore.JSON.readTree(cache));
            } catch (JsonProcessingException e) {
                throw new AssertionError(e);
            }
        });
        load(type);
    }

    private void load(String type) {
        server.post("/registry/sync", "");
        assertThat(server.post("/models/" + type + "/1/load", "").status()).isEqualTo(200);
    }

    private Answer ask(String type, String inputs) {
        return server.post("/predict/" + type, "{\"inputs\": " + inputs + "}");
    }

    private Answer ask(String type, String inputs, String cacheControl) {
        return server.as(server.adminKey())
                .send(server.as(server.adminKey()).request("/predict/" + type)
                        .header("Content-Type", "application/json").header("Cache-Control", cacheControl)
                        .POST(BodyPublishers.ofString("{\"inputs\": " + inputs + "}")));
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
        publish("t", "{}");
        int before = calls();
        demand(ask("t", "[[7]]"), "miss", "[14.0]");
        demand(ask("t", "[[7.0]]"), "memory", "[14.0]");
        demand(ask("t", "[[70e-1]]"), "memory", "[14.0]");
        demand(ask("t", "[[7], [7]]"), "miss", "[14.0,14.0]");
        demand(ask("t", "[[8]]"), "miss", "[16.0]");
        assertThat(calls() - before).isEqualTo(3);
    }

    @Test
    void itIsInTheLogAndInBatches() {
        publish("t", "{}");
        String first = ask("t", "[[7]]").json().path("prediction_id").asText();
        String second = ask("t", "[[7]]").json().path("prediction_id").asText();
        assertThat(second).isNotEqualTo(first);
        JsonNode batch = server.post("/batch-predict", "{\"model_type\": \"t\", \"items\": [[[7]], [[9]]]}").json();
        assertThat(batch.at("/results/0/cached").asBoolean()).isTrue();
        assertThat(batch.at("/results/1/cached").asBoolean()).isFalse();
        Eventually.isTrue("the log says so", () -> {
            List<String> cached = new ArrayList<>();
            server.get("/logs?type=t").json().path("logs").forEach(row -> {
                if (row.path("cached").asBoolean()) {
                    cached.add(row.path("prediction_id").asText());
                }
            });
            return cached.size() == 2 && cached.contains(second);
        });
    }

    @Test
    void aCallerMayWantItComputed() {
        publish("t", "{}");
        ask("t", "[[7]]");
        int before = calls();
        demand(ask("t", "[[7]]", "no-cache"), "bypass", "[14.0]");
        demand(ask("t", "[[7]]", "max-age=0, must-revalidate"), "bypass", "[14.0]");
        demand(ask("t", "[[7]]", "No-Store"), "bypass", "[14.0]");
        assertThat(calls() - before).isEqualTo(3);
        demand(ask("t", "[[7]]", "max-age=60"), "memory", "[14.0]");

        demand(ask("t", "[[8]]", "no-cache"), "bypass", "[16.0]");
        demand(ask("t", "[[8]]"), "memory", "[16.0]");
        demand(ask("t", "[[9]]", "no-store"), "bypass", "[18.0]");
        demand(ask("t", "[[9]]"), "miss", "[18.0]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                                            {"enabled": false}
                                            {"ttl_seconds": 0}
                                            {"deterministic": false}
                                            {"enabled": true, "ttl_seconds": 60, "deterministic": false}
                                            """)
    void aManifestMaySayThatNothingIsKept(String cache) {
        publish("t", cache);
        int before = calls();
        demand(ask("t", "[[7]]"), "bypass", "[14.0]");
        demand(ask("t", "[[7]]"), "bypass", "[14.0]");
        assertThat(calls() - before).isEqualTo(2);
    }

    @Test
    void failuresAreNotKept() {
        publish("t", "{}");
        int before = calls();
        assertThat(ask("t", "[[" + GatedRuntime.REFUSED + "]]").status()).isEqualTo(500);
        assertThat(ask("t", "[[" + GatedRuntime.REFUSED + "]]").status()).isEqualTo(500);
        assertThat(calls() - before).isEqualTo(2);
    }

    @Test
    void equalMissesAtOnceAreComputedOnce() {
        publish("t", "{}");
        int before = calls();
        runtime.shut();
        List<CompletableFuture<Answer>> all = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            all.add(CompletableFuture.supplyAsync(() -> ask("t", "[[7]]"), Thread::startVirtualThread));
        }
        Eventually.isTrue("all wait",
                () -> server.get("/models/t/1").json().path("in_flight").asInt() == 256);
        runtime.open();
        for (CompletableFuture<Answer> each : all) {
            demand(each.join(), "miss", "[14.0]");
        }
        assertThat(calls() - before).isEqualTo(1);
        assertThat(all.stream().map(each -> each.join().json().path("prediction_id").asText()).distinct()).hasSize(256);
    }

    @Test
    void whoLeavesTakesNothingFromOthers() {
        publish("t", "{}");
        int before = calls();
        runtime.shut();
        CompletableFuture<Answer> first = CompletableFuture.supplyAsync(() -> server.as(server.adminKey())
                .send(server.as(server.adminKey()).request("/predict/t").header("Content-Type", "application/json")
                        .header("X-Timeout-Ms", "300").POST(BodyPublishers.ofString("{\"inputs\": [[7]]}"))),
                Thread::startVirtualThread);
        Eventually.isTrue("it is being computed", () -> calls() == before + 1);
        CompletableFuture<Answer> second = CompletableFuture.supplyAsync(() -> ask("t", "[[7]]"),
                Thread::startVirtualThread);
        Eventually.isTrue("the second waits", () -> server.get("/models/t/1").json().path("in_flight").asInt() == 2);
        assertThat(first.join().code()).isEqualTo("deadline_exceeded");
        runtime.open();
        demand(second.join(), "miss", "[14.0]");
        assertThat(calls() - before).isEqualTo(1);
        Eventually.isTrue("nothing is held", () -> server.get("/models/t/1").json().path("in_flight").asInt() == 0);
    }

    @Test
    void deadlinesOfThoseWhoWaitAreTheirOwn() {
        publish("t", "{}");
        int before = calls();
        runtime.shut();
        CompletableFuture<Answer> first = CompletableFuture.supplyAsync(() -> ask("t", "[[7]]"),
                Thread::startVirtualThread);
        Eventually.isTrue("it is being computed", () -> calls() == before + 1);
        Answer second = server.as(server.adminKey())
                .send(server.as(server.adminKey()).request("/predict/t").header("Content-Type", "application/json")
                        .header("X-Timeout-Ms", "200").POST(BodyPublishers.ofString("{\"inputs\": [[7]]}")));
        assertThat(second.code()).isEqualTo("deadline_exceeded");
        runtime.open();
        demand(first.join(), "miss", "[14.0]");
        assertThat(calls() - before).isEqualTo(1);
    }
}
