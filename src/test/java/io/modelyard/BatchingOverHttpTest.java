package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.TestServer.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Requests that come together are computed together, and nobody notices but by the speed. */
class BatchingOverHttpTest {
    /** Nobody waits so long: what is held goes on when there is nothing else to do. */
    private static final int LONG = 10_000_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestServer server = TestServer.prepare().spec(GatedRuntime.SPEC)
            .with("modelyard.serving.prediction-threads", 1).with("modelyard.serving.batching", "always")
            .with("modelyard.serving.max-batch-size", 4).with("modelyard.serving.max-delay-us", LONG).start();
    private final GatedRuntime runtime = server.bean(GatedRuntime.class);

    @AfterEach
    void stop() {
        runtime.open();
        server.close();
    }

    private void publish(String type) {
        GatedRuntime.publish(server.store(), type);
        server.post("/registry/sync", "");
        assertThat(server.post("/models/" + type + "/1/load", "").status()).isEqualTo(200);
    }

    private CompletableFuture<Answer> ask(String path, String inputs) {
        return CompletableFuture.supplyAsync(
                () -> server.post("/predict/" + path, "{\"inputs\": " + inputs + "}"), Thread::startVirtualThread);
    }

    /** Has all wait while the first is computed, then lets them be computed; the answers to all but the first. */
    private List<Answer> together(String type, List<String> inputs) {
        runtime.shut();
        int before = runtime.calls().size();
        CompletableFuture<Answer> first = ask(type, "[[1]]");
        Eventually.isTrue("the first is being computed", () -> runtime.calls().size() > before);
        List<CompletableFuture<Answer>> others = new ArrayList<>();
        for (String each : inputs) {
            others.add(ask(type, each));
            Eventually.isTrue("the request waits",
                    () -> server.get("/models/" + type + "/1").json().path("in_flight").asInt() == others.size() + 1);
        }
        runtime.open();
        assertThat(first.join().status()).isEqualTo(200);
        return others.stream().map(CompletableFuture::join).toList();
    }

    private static List<Double> predictions(Answer answer) {
        assertThat(answer.status()).describedAs(answer.text()).isEqualTo(200);
        List<Double> values = new ArrayList<>();
        answer.json().path("predictions").forEach(value -> values.add(value.asDouble()));
        return values;
    }

    @Test
    void whatWaitsIsComputedInOneCallAndEveryoneGetsHisOwn() {
        publish("t");

        List<Answer> answers = together("t", List.of("[[2]]", "[[3], [4]]", "[[5]]"));

        assertThat(runtime.calls()).contains(List.of(2f, 3f, 4f, 5f));
        assertThat(answers.stream().map(BatchingOverHttpTest::predictions)).containsExactly(List.of(4.0),
                List.of(6.0, 8.0), List.of(10.0));
        Scraped scraped = Scraped.of(server);
        assertThat(scraped.sum("modelyard_prediction_batch_rows_count", "type", "t")).isEqualTo(2);
        assertThat(scraped.sum("modelyard_prediction_batch_rows_sum", "type", "t")).isEqualTo(5);
        assertThat(scraped.sum("modelyard_prediction_batch_requests_total", "type", "t")).isEqualTo(4);
        assertThat(answers.stream().map(answer -> answer.json().path("prediction_id").asText()).distinct()).hasSize(3);
    }

    @Test
    void oneCallHasNoMoreRowsThanAllowed() {
        publish("t");

        List<Answer> answers = together("t", List.of("[[2]]", "[[3], [4], [5]]", "[[6], [7]]", "[[8]]"));

        assertThat(answers.stream().map(BatchingOverHttpTest::predictions)).containsExactly(List.of(4.0),
                List.of(6.0, 8.0, 10.0), List.of(12.0, 14.0), List.of(16.0));
        assertThat(runtime.calls()).contains(List.of(2f, 3f, 4f, 5f), List.of(6f, 7f, 8f));
    }

    @Test
    void aLargeRequestGoesAlone() {
        publish("t");

        List<Answer> answers = together("t", List.of("[[2]]", "[[3], [4], [5], [6], [7]]", "[[8]]"));

        assertThat(answers.stream().map(BatchingOverHttpTest::predictions).toList().get(1))
                .containsExactly(6.0, 8.0, 10.0, 12.0, 14.0);
        assertThat(runtime.calls()).contains(List.of(3f, 4f, 5f, 6f, 7f), List.of(2f, 8f));
    }

    @Test
    void aRowThatTheModelRefusesFailsNobodyElse() {
        publish("t");

        List<Answer> answers = together("t", List.of("[[2]]", "[[666]]", "[[4]]"));

        assertThat(predictions(answers.get(0))).containsExactly(4.0);
        assertThat(answers.get(1).status()).isEqualTo(500);
        assertThat(answers.get(1).code()).isEqualTo("inference_failed");
        assertThat(answers.get(1).detail()).contains("does not like 666");
        assertThat(predictions(answers.get(2))).containsExactly(8.0);
    }

    @Test
    void onAnIdleServerNobodyWaitsForOthers() {
        publish("t");

        Answer answer = server.as(server.adminKey())
                .send(server.as(server.adminKey()).request("/predict/t").header("X-Timeout-Ms", "5000")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"inputs\": [[3]]}")));

        assertThat(predictions(answer)).containsExactly(6.0);
    }

    @Test
    void aManifestDecidesForItsModel() {
        GatedRuntime.publish(server.store(), "alone",
                manifest -> manifest.putObject("batching").put("enabled", false));
        GatedRuntime.publish(server.store(), "pairs",
                manifest -> manifest.putObject("batching").put("max_batch_size", 2).put("max_delay_us", LONG));
        server.post("/registry/sync", "");
        assertThat(server.post("/models/alone/1/load", "").json().at("/batching/enabled").asBoolean(true)).isFalse();
        JsonNode pairs = server.post("/models/pairs/1/load", "").json().path("batching");

        together("alone", List.of("[[2]]", "[[3]]"));
        together("pairs", List.of("[[12]]", "[[13]]", "[[14]]"));

        assertThat(pairs.path("enabled").asBoolean()).isTrue();
        assertThat(pairs.path("max_batch_size").asInt()).isEqualTo(2);
        assertThat(pairs.path("gain").isNumber()).isTrue();
        assertThat(pairs.path("same_bits").asBoolean()).isTrue();
        assertThat(runtime.calls()).contains(List.of(2f), List.of(3f), List.of(12f, 13f), List.of(14f));
    }

    @Test
    void realModelsAnswerTheSameBitsWhateverTheyWereJoinedWith(@TempDir Path folder) throws IOException {
        try (TestServer real = TestServer.prepare().store(SampleModels.copyTo(folder))
                .with("modelyard.serving.batching", "always").start()) {
            for (String model : List.of("breast-cancer/2", "digits/1", "digits/2")) {
                List<String> rows = rows(model, 64);
                List<JsonNode> alone = rows.stream().map(row -> real.post("/predict/" + model, row).json()
                        .path("predictions")).toList();
                List<CompletableFuture<Answer>> many = rows.stream().map(row -> CompletableFuture
                        .supplyAsync(() -> real.post("/predict/" + model, row), Thread::startVirtualThread)).toList();
                for (int i = 0; i < many.size(); i++) {
                    assertThat(many.get(i).join().json().path("predictions")).isEqualTo(alone.get(i)).isNotEmpty();
                }
            }
        }
    }

    /** Bodies of one row each: the model's example with every value moved a little, otherwise in each. */
    private static List<String> rows(String model, int count) throws IOException {
        JsonNode example = JSON.readTree(Path.of("models-local/registry/" + model + ".json").toFile())
                .at("/examples/0/inputs/0");
        List<String> bodies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ObjectNode body = JSON.createObjectNode();
            ArrayNode row = body.putArray("inputs").addArray();
            for (JsonNode value : example) {
                row.add((float) (value.asDouble() * (1 + 0.01 * i)));
            }
            bodies.add(body.toString());
        }
        return bodies;
    }
}
