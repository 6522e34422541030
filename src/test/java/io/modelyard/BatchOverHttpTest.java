package io.modelyard;

import static io.modelyard.runtime.onnx.OnnxModelBuilder.FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.TestServer.Answer;
import io.modelyard.runtime.onnx.TestOnnxModels;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Many predictions in one request: each has its own answer or its own error, in their order, and its own row in the log. */
final class BatchOverHttpTest {
    private static final String PAIR = """
                                       {"inputs": [{"name": "x", "dtype": "float32", "shape": [-1, 2],
                                         "features": [{"name": "a"}, {"name": "b"}]}]}
                                       """;

    @TempDir
    static Path scratch;
    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.prepare().spec(GatedRuntime.SPEC).with("modelyard.serving.max-rows-per-request", 1200)
                .with("modelyard.serving.max-batch-size", 4)
                // The same items are to be computed again.
                .with("modelyard.predictioncache.policy", "never").start();
        onnx("pair", PAIR);
        onnx("other", PAIR);
        GatedRuntime.publish(server.store(), "gated");
        assertThat(server.post("/registry/sync", "").status()).isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void itemsAreAnsweredInTheirOrderWithTheirOwnStepsAndModels() {
        JsonNode answer = ok(
                """
                {"items": [
                   {"inputs": [[1, 2]]},
                   {"inputs": [{"a": 2, "b": 4}], "preprocessing": {"scale": 2}},
                   {"model_type": "other", "model_version": 1, "input_data": [[5, 6], [7, 8]]},
                   {"inputs": [[0.25, 0.75]], "postprocessing": {"top_k": 1}},
                   {"features": [3, 4], "preprocessing": {}}],
                 "modelName": "pair", "preprocessing": {"scale": 10}, "maxBatchSize": 2, "use_ab_testing": false}""");
        assertThat(answer.get("succeeded").intValue()).isEqualTo(5);
        assertThat(answer.get("failed").intValue()).isZero();
        assertThat(answer.at("/results/0/predictions")).isEqualTo(json("[[0.1,0.2]]"));
        assertThat(answer.at("/results/1/predictions")).isEqualTo(json("[[1.0,2.0]]"));
        assertThat(answer.at("/results/2/predictions")).isEqualTo(json("[[0.5,0.6],[0.7,0.8]]"));
        assertThat(answer.at("/results/2/model_type").asText()).isEqualTo("other");
        assertThat(answer.at("/results/3/predictions/0/0/index").intValue()).isEqualTo(1);
        assertThat(answer.at("/results/4/predictions")).isEqualTo(json("[[3.0,4.0]]"));
        assertThat(answer.at("/results/0/model_digest").asText()).hasSize(64);
        assertThat(answer.at("/timing_ms/total").doubleValue()).isPositive();
        assertThat(answer.at("/results/0/timing_ms/steps/normalize").isNumber()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"model_type\": \"pair\", \"inputs\": [[1, 2], [3, 4]]}",
            "{\"model_type\": \"pair\", \"items\": [[1, 2], {\"a\": 3, \"b\": 4}]}",
            "{\"batch\": [{\"inputs\": [[1, 2]]}, {\"input\": {\"a\": 3, \"b\": 4}} ], \"model_name\": \"pair\"}",
            "{\"features\": [ [[1, 2]] , {\"x\": [[3, 4]]}], \"batch\": true, \"modelName\": \"pair\", \"modelVersion\": \"1\"}",
            "[{\"inputs\": [1, 2], \"model_type\": \"pair\"}, {\"model_type\": \"pair\", \"inputs\": [3, 4] }  ]"})
    void handWrittenBodiesWorkAsTheyAre(String body) {
        JsonNode answer = ok(body);
        assertThat(answer.get("results")).as(answer.toString()).hasSize(2);
        assertThat(answer.at("/results/0/predictions")).isEqualTo(json("[[1.0,2.0]]"));
        assertThat(answer.at("/results/1/predictions")).isEqualTo(json("[[3.0,4.0]]"));
    }

    @Test
    void badItemsHaveTheirOwnErrorsAndHarmNoOther() {
        JsonNode answer = ok("""
                             {"model_type": "pair", "postprocessing": {"labels": false}, "items": [
                                {"inputs": [[1, 2]]},
                                {"inputs": [[1, 2], [1, "x"]]},
                                [1, null],
                                {"a": 1, "c": 2},
                                {"model_type": "nobody", "inputs": [[1, 2]]},
                                {"inputs": [[1, 2]], "preprocessing": {"mean": [1, 2, 3]}},
                                {"outputs": ["y"]},
                                {"inputs": [[1, 2]], "speed": 1},
                                "text",
                                {},
                                {"inputs": [[3, 4]]}]}""");
        assertThat(answer.get("succeeded").intValue()).isEqualTo(2);
        assertThat(answer.get("failed").intValue()).isEqualTo(9);
        assertThat(answer.at("/results/0/predictions")).isEqualTo(json("[[1.0,2.0]]"));
        assertThat(answer.at("/results/10/predictions")).isEqualTo(json("[[3.0,4.0]]"));
        failed(answer, 1, 422, "/items/1/inputs/1/1");
        failed(answer, 2, 422, "/items/2/1");
        failed(answer, 3, 422, "/items/3/c");
        assertThat(answer.at("/results/4/error/code").asText()).isEqualTo("model_not_found");
        assertThat(answer.at("/results/4/error/status").intValue()).isEqualTo(404);
        assertThat(answer.at("/results/4/error/retryable").isBoolean()).isTrue();
        failed(answer, 5, 422, "/items/5/preprocessing/mean");
        failed(answer, 6, 422, "/items/6/inputs");
        failed(answer, 7, 422, "/items/7/speed");
        failed(answer, 8, 422, "/items/8");
        failed(answer, 9, 422, "/items/9/a");
        assertThat(answer.at("/results/1/error/detail").asText()).startsWith("/items/1/inputs/1/1: ");
    }

    @Test
    void whatIsSaidForAllIsToldWhereItStands() {
        JsonNode answer = ok(
                """
                {"items": [{"inputs": [[1, 2]]}, [1, 2]], "model_type": "pair", "postprocessing": {"top_k": 0}}""");
        failed(answer, 0, 422, "/postprocessing/top_k");
        failed(answer, 1, 422, "/postprocessing/top_k");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "``                                          | 400 | malformed_json | ``",
            "{\"items\": [{\"inputs\": [[1,}]}           | 400 | malformed_json | ``",
            "{\"items\": [1]} x                          | 400 | malformed_json | ``",
            "3                                           | 422 | invalid_input  | ``",
            "{}                                          | 422 | invalid_input  | /items",
            "{\"items\": []}                             | 422 | invalid_input  | /items",
            "{\"items\": {\"a\": 1}}                     | 422 | invalid_input  | /items",
            "{\"items\": [1], \"inputs\": [2]}           | 422 | invalid_input  | /inputs",
            "{\"items\": [1], \"itmes\": [2]}            | 422 | invalid_input  | /itmes",
            "{\"items\": [1], \"max_batch_size\": 0}     | 422 | invalid_input  | /max_batch_size",
            "{\"items\": [1], \"maxBatchSize\": \"2\"}   | 422 | invalid_input  | /maxBatchSize",
            "{\"items\": [1], \"batch\": 2}              | 422 | invalid_input  | /batch",
            "{\"items\": [1], \"model_type\": \"a\", \"modelName\": \"a\"} | 422 | invalid_input | /modelName"})
    void aBodyThatIsNoBatchIsRefusedAsAWhole(String body, int status, String code, String pointer) {
        Answer answer = server.post("/batch-predict", body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.json().at("/errors/0/pointer").asText()).isEqualTo(pointer);
    }

    @Test
    void aThousandItemsAreAThousandPredictionsAndRows() {
        String items = IntStream.range(0, 1000)
                .mapToObj(i -> i % 10 == 9 ? "[" + i + "]" : "{\"inputs\": [[" + i + ", 0]]}")
                .collect(Collectors.joining(","));
        JsonNode answer = ok("{\"model_type\": \"other\", \"items\": [" + items + "]}");
        assertThat(answer.get("succeeded").intValue()).isEqualTo(900);
        assertThat(answer.get("failed").intValue()).isEqualTo(100);
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            JsonNode result = answer.get("results").get(i);
            if (i % 10 == 9) {
                assertThat(result.at("/error/errors/0/pointer").asText()).isEqualTo("/items/" + i);
            } else {
                assertThat(result.at("/predictions/0/0").intValue()).isEqualTo(i);
                ids.add(result.get("prediction_id").asText());
            }
        }
        assertThat(ids).hasSize(900);
        Set<String> logged = new HashSet<>();
        Eventually.isTrue("every prediction is in the log", () -> {
            logged.clear();
            JsonNode rows = server.get("/logs?n_limit=1000&type=other&status=200").json();
            rows.findValuesAsText("prediction_id").forEach(logged::add);
            return logged.containsAll(ids);
        });
        assertThat(server.get("/logs?n_limit=1000&type=other&status=422").json().findValuesAsText("prediction_id"))
                .hasSizeGreaterThanOrEqualTo(100);
    }

    @Test
    void itemsAndRowsAreLimited() {
        String one = "[1, 2]";
        Answer many = server.post("/batch-predict", "{\"model_type\": \"pair\", \"items\": ["
                + String.join(",", Collections.nCopies(1201, one)) + "]}");
        assertThat(many.status()).isEqualTo(413);
        assertThat(many.code()).isEqualTo("batch_too_large");

        String rows = "{\"inputs\": [" + String.join(",", Collections.nCopies(700, one)) + "]}";
        JsonNode answer = ok("{\"model_type\": \"pair\", \"max_batch_size\": 1, \"items\": [" + rows + "," + rows + ","
                + one + "]}");
        assertThat(answer.at("/results/0/predictions")).hasSize(700);
        assertThat(answer.at("/results/1/error/code").asText()).isEqualTo("batch_too_large");
        assertThat(answer.at("/results/1/error/status").intValue()).isEqualTo(413);
        assertThat(answer.at("/results/2/predictions")).hasSize(1);
    }

    @Test
    void aKeyOfOneTypeGetsItsItemsOnly() {
        String key = server.post("/api-keys", "{\"name\": \"p\", \"roles\": [\"predict\"], \"types\": [\"pair\"]}")
                .json().get("key").asText();
        JsonNode answer = server.as(key).post("/batch-predict",
                """
                {"items": [{"inputs": [1, 2], "model_type": "pair"}, {"inputs": [1, 2], "model_type": "other"}]}""")
                .json();
        assertThat(answer.at("/results/0/predictions")).isEqualTo(json("[[1.0,2.0]]"));
        assertThat(answer.at("/results/1/error/status").intValue()).isIn(403, 404);

        String reader = server.post("/api-keys", "{\"name\": \"r\", \"roles\": [\"read\"]}").json().get("key").asText();
        assertThat(server.as(reader).post("/batch-predict", "{\"items\": [[1, 2]]}").status()).isEqualTo(403);
        assertThat(server.anonymous().post("/batch-predict", "{\"items\": [[1, 2]]}").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({"2, 2", "100, 4"})
    void soManyItemsAreInWorkAtOnce(int asked, int atOnce) {
        GatedRuntime runtime = server.bean(GatedRuntime.class);
        assertThat(server.post("/models/gated/1/load", "").status()).isEqualTo(200);
        runtime.shut();
        try {
            CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> server.post("/batch-predict",
                    "{\"model_type\": \"gated\", \"max_batch_size\": " + asked
                            + ", \"items\": [[1], [2], [3], [666], [5], [6], [7]]}"),
                    Thread::startVirtualThread);
            Eventually.isTrue("so many are under way", () -> underWay() == atOnce);
            assertThat(answer).isNotDone();
            assertThat(underWay()).isEqualTo(atOnce);
            runtime.open();
            assertThat(answer.join().json().get("results").findValuesAsText("predictions")).hasSize(6);
            assertThat(answer.join().json().at("/results/6/predictions")).isEqualTo(json("[14.0]"));
            assertThat(answer.join().json().at("/results/3/error/code").asText()).isEqualTo("inference_failed");
        } finally {
            runtime.open();
        }
    }

    @Test
    void theTimeOfAllItemsIsOver() {
        GatedRuntime runtime = server.bean(GatedRuntime.class);
        assertThat(server.post("/models/gated/1/load", "").status()).isEqualTo(200);
        runtime.shut();
        try {
            var request = server.as(server.adminKey()).request("/batch-predict").header("X-Timeout-Ms", "300")
                    .header("Content-Type", "application/json").POST(BodyPublishers.ofString(
                            "{\"model_type\": \"gated\", \"items\": [[1], [2], [3], [4], [5], [6], [7]]}"));
            Answer answer = server.as(server.adminKey()).send(request);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.json().get("failed").intValue()).isEqualTo(7);
            assertThat(answer.json().findValuesAsText("code")).containsOnly("deadline_exceeded").hasSize(7);
        } finally {
            runtime.open();
        }
    }

    private static int underWay() {
        return server.get("/models/gated/1").json().path("in_flight").asInt();
    }

    private static void failed(JsonNode answer, int item, int status, String pointer) {
        JsonNode error = answer.get("results").get(item).get("error");
        assertThat(error.get("status").intValue()).isEqualTo(status);
        assertThat(error.get("code").asText()).isEqualTo("invalid_input");
        assertThat(error.at("/errors/0/pointer").asText()).isEqualTo(pointer);
    }

    private static JsonNode ok(String body) {
        Answer answer = server.post("/batch-predict", body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private static void onnx(String type, String more) throws IOException {
        Path folder = Files.createDirectories(scratch.resolve(type));
        Files.write(folder.resolve("model.onnx"), TestOnnxModels.identity(FLOAT, -1, 2).toByteArray());
        new TestStore(server.store()).publish(type, "1", "onnx", folder,
                manifest -> manifest.setAll((ObjectNode) json(more)));
    }

    private static JsonNode json(String text) {
        try {
            return TestStore.JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }
}
