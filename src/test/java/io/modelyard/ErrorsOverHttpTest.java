package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/** What is wrong is said with the right status, code and place, and the server serves on. */
final class ErrorsOverHttpTest {
    private static final String GOOD_ROW = "[" + "0,".repeat(63) + "0]";
    private static final Path GOOD_XGBOOST = Path.of("models-local/models/breast-cancer/2/model.ubj");

    @TempDir
    static Path store;
    @TempDir
    Path scratch;
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.prepare().store(SampleModels.copyTo(store)).start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void theServerServesOn() {
        assertThat(predict("/predict/digits/2", "{\"inputs\": [" + GOOD_ROW + "]}").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"/predict/nobody, 404, model_not_found", "/predict/digits/9, 404, version_not_found",
            "/predict/digits/@nobody, 404, alias_not_found", "/predict, 404, no_default_type",
            "/predict/digits/..%2F1, 404, version_not_found", "/predict/NOBODY, 404, model_not_found",
            "/nothing, 404, not_found"})
    void whatIsNotThereIsNotFound(String path, int status, String code) {
        assertProblem(predict(path, "{\"inputs\": [" + GOOD_ROW + "]}"), status, code);
    }

    @Test
    void nobodyPredictsWithoutAGoodKeyOfTheRightRole() {
        String body = "{\"inputs\": [" + GOOD_ROW + "]}";
        assertProblem(server.anonymous().post("/predict/digits", body), 401, "unauthenticated");
        assertProblem(server.as("my_wrong").post("/predict/digits", body), 401, "unauthenticated");
        String reader = server.post("/api-keys", "{\"name\": \"reader\", \"roles\": [\"read\"]}").json().get("key")
                .asText();
        assertProblem(server.as(reader).post("/predict/digits", body), 403, "forbidden");
        String other = server.post("/api-keys",
                "{\"name\": \"other\", \"roles\": [\"predict\", \"read\"], \"types\": [\"breast-cancer\"]}").json()
                .get("key")
                .asText();
        assertProblem(server.as(other).post("/predict/digits", body), 403, "forbidden");
        JsonNode seen = server.as(other).get("/models").json().get("models");
        assertThat(seen).hasSize(1);
        assertThat(seen.get(0).get("model_type").asText()).isEqualTo("breast-cancer");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{\"inputs\": [[1,2]                      | 400 | malformed_json | ''",
            "''                                       | 400 | malformed_json | ''",
            "{\"inputs\": [[NaN]]}                    | 400 | malformed_json | ''",
            "{\"inputs\": [[1, 2}]}                 | 400 | malformed_json | ''",
            "{\"inputs\": [[1 2]]}                  | 400 | malformed_json | ''",
            "{\"inputs\": [[\"a]]}                 | 400 | malformed_json | ''",
            "[1, 2]                                   | 422 | invalid_input  | ''",
            "{}                                       | 422 | invalid_input  | /inputs",
            "{\"inputs\": [[1, 2, 3]]}                | 422 | invalid_input  | /inputs/0",
            "{\"inputs\": [ROW, [1, 2]]}              | 422 | invalid_input  | /inputs/1",
            "{\"inputs\": []}                         | 422 | invalid_input  | /inputs",
            "{\"inputs\": 3}                          | 422 | invalid_input  | /inputs",
            "{\"inputs\": {\"pixels\": []}}           | 422 | invalid_input  | /inputs/pixels",
            "{\"inputs\": [TEXT]}                     | 422 | invalid_input  | /inputs/0/3",
            "{\"inputs\": [NULL]}                     | 422 | invalid_input  | /inputs/0/3",
            "{\"inputs\": [HUGE]}                     | 422 | invalid_input  | /inputs/0/3",
            "{\"inputs\": [ROW], \"inptus\": 1}       | 422 | invalid_input  | /inptus",
            "{\"inputs\": [ROW], \"outputs\": [\"x\"]} | 422 | invalid_input | /outputs",
            "{\"inputs\": [ROW], \"preprocessing\": {\"sacle\": 2}} | 422 | invalid_input | /preprocessing/sacle",
            "{\"inputs\": [ROW], \"model_version\": \"1\"} | 422 | invalid_input | /model_version"})
    void aBadBodyIsRefusedWithItsPlace(String body, int status, String code, String pointer) {
        String text = body.replace("ROW", GOOD_ROW).replace("TEXT", GOOD_ROW.replace("0,0,0,0,0,", "0,0,0,\"a\",0,"))
                .replace("NULL", "[0,0,0,null," + "0,".repeat(59) + "0]")
                .replace("HUGE", "[0,0,0,1e400," + "0,".repeat(59) + "0]");
        if (body.contains("TEXT")) {
            text = body.replace("TEXT", "[0,0,0,\"a\"," + "0,".repeat(59) + "0]");
        }
        TestServer.Answer answer = predict("/predict/digits/2", text);
        assertProblem(answer, status, code);
        if (!pointer.isEmpty()) {
            assertThat(answer.json().get("errors").get(0).get("pointer").asText()).isEqualTo(pointer);
        }
    }

    @Test
    void unknownAndMissingFeaturesAreNamed() {
        ObjectNode row = TestStore.JSON.createObjectNode();
        JsonNode features = server.get("/models/breast-cancer/2").json().get("inputs").get(0).get("features");
        features.forEach(feature -> row.put(feature.get("name").asText(), 1.0));
        assertThat(predict("/predict/breast-cancer/2", body(row)).status()).isEqualTo(200);
        row.remove("mean_radius");
        row.put("mean_radios", 1.0);
        TestServer.Answer answer = predict("/predict/breast-cancer/2", body(row));
        assertProblem(answer, 422, "invalid_input");
        assertThat(answer.json().get("errors").findValuesAsText("pointer"))
                .containsExactlyInAnyOrder("/inputs/0/mean_radios", "/inputs/0/mean_radius");
        assertThat(answer.text()).contains("did you mean 'mean_radius'?");
    }

    @Test
    void deepNestingIsRefused() {
        assertProblem(predict("/predict/digits/2", "{\"inputs\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}"),
                400,
                "malformed_json");
    }

    @Test
    void tooManyRowsAreRefused() {
        assertProblem(
                predict("/predict/digits/2", "{\"inputs\": [" + (GOOD_ROW + ",").repeat(10_000) + GOOD_ROW + "]}"),
                413, "batch_too_large");
    }

    @Test
    void otherMethodsAndMediaTypesAreRefused() {
        assertProblem(server.get("/predict/digits"), 405, "method_not_allowed");
        assertProblem(server.as(server.adminKey()).send("POST", "/predict/digits", "text/csv",
                BodyPublishers.ofString("1,2")), 415, "unsupported_media_type");
    }

    @Test
    void aManifestThatIsNotJsonIsQuarantinedAndHarmsNothingElse() {
        TestStore test = new TestStore(store);
        test.writeManifest("torn", "1", "{\"schema_version\": 1, \"type\": \"to");
        sync();
        assertThat(server.get("/registry").json().get("quarantine").toString()).contains("registry/torn/1.json");
        assertProblem(predict("/predict/torn/1", "{\"inputs\": [[1]]}"), 404, "model_not_found");
    }

    @Test
    void aMissingFileIsALoadFailureWithItsName() throws IOException {
        TestStore test = new TestStore(store);
        // Of a content that no other version has: that would be taken from the artifact cache.
        test.publish("fileless", "1", "xgboost", Files.write(scratch.resolve("model.ubj"), new byte[100]));
        Files.delete(store.resolve("models/fileless/1/model.ubj"));
        sync();
        TestServer.Answer answer = predict("/predict/fileless/1", "{\"inputs\": [[1]]}");
        assertProblem(answer, 503, "model_load_failed");
        assertThat(answer.detail()).contains("model.ubj");
        assertThat(answer.header("Retry-After")).isPresent();
        assertThat(server.get("/models/fileless/1").json().get("state").asText()).isEqualTo("FAILED");
    }

    @Test
    void aFileThatIsNotWhatTheManifestSaysIsALoadFailure() throws IOException {
        TestStore test = new TestStore(store);
        byte[] bytes = new byte[101];
        test.publish("swapped", "1", "xgboost", Files.write(scratch.resolve("model.ubj"), bytes));
        bytes[50] ^= 1;
        Files.write(store.resolve("models/swapped/1/model.ubj"), bytes);
        sync();
        TestServer.Answer answer = predict("/predict/swapped/1", "{\"inputs\": [[1]]}");
        assertProblem(answer, 503, "model_load_failed");
        assertThat(answer.detail()).contains("SHA-256");
    }

    @ParameterizedTest
    @CsvSource({"xgboost, model.ubj", "xgboost, model.json", "onnx, model.onnx", "tensorflow, saved_model.pb"})
    void garbageAndHalvesAreLoadFailures(String runtime, String name) throws IOException {
        byte[] good = Files.readAllBytes(switch (runtime) {
            case "xgboost" -> GOOD_XGBOOST;
            case "onnx" -> Path.of("models-local/models/digits/2/model.onnx");
            default -> Path.of("models-local/models/digits/1/saved_model.pb");
        });
        byte[] garbage = new byte[5000];
        Arrays.fill(garbage, (byte) '{');
        refuses(runtime, name, "garbage", garbage);
        refuses(runtime, name, "half", Arrays.copyOf(good, good.length / 2));
        refuses(runtime, name, "empty", new byte[0]);
    }

    @ParameterizedTest
    @CsvSource({"left_children, 100000", "right_children, -7", "split_indices, 4711"})
    void aModelWhoseIndicesAreOutOfRangeIsRefusedAndTheProcessLives(String member, int index) throws IOException {
        String model = mutated(tree -> ((ArrayNode) tree.get(member)).set(0, index));
        refuses("xgboost", "model.json", "indices-" + member.replace('_', '-'),
                model.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anExampleThatComesOutOtherwiseIsALoadFailureWithBothAnswers() {
        new TestStore(store).publish("unproven", "1", "xgboost", GOOD_XGBOOST, manifest -> {
            ObjectNode example = manifest.putArray("examples").addObject();
            example.set("inputs", example("breast-cancer", "2"));
            example.putArray("outputs").add(0.5).add(0.5);
        });
        sync();
        TestServer.Answer answer = predict("/predict/unproven/1", "{\"inputs\": [[1]]}");
        assertProblem(answer, 503, "model_load_failed");
        assertThat(answer.detail()).contains("expected [0.5,0.5], got [");
    }

    @Test
    void aManifestThatContradictsItsModelIsALoadFailure() {
        new TestStore(store).publish("contradictory", "1", "xgboost", GOOD_XGBOOST, manifest -> {
            ObjectNode input = manifest.putArray("inputs").addObject();
            input.put("name", "features").put("dtype", "float32").putArray("shape").add(-1).add(29);
        });
        sync();
        assertThat(predict("/predict/contradictory/1", "{\"inputs\": [[1]]}").detail())
                .contains("[-1, 29]", "[-1, 30]");
    }

    private void refuses(String runtime, String name, String what, byte[] bytes) throws IOException {
        String type = runtime + "-" + what + "-" + name.replaceAll("[^a-z]", "-");
        Path folder = Files.createDirectories(scratch.resolve(type));
        Files.write(folder.resolve(name), bytes);
        new TestStore(store).publish(type, "1", runtime, folder);
        sync();
        TestServer.Answer answer = predict("/predict/" + type + "/1", "{\"inputs\": [[1]]}");
        assertProblem(answer, 503, "model_load_failed");
        assertThat(answer.detail()).as(what).contains(type + "/1 cannot be loaded");
    }

    /** The JSON form of a small model, its first tree changed. */
    private String mutated(Consumer<ObjectNode> change) throws IOException {
        JsonNode model = TestStore.JSON.readTree(Files.readString(Path.of("src/test/resources/small-xgboost.json")));
        change.accept((ObjectNode) model.at("/learner/gradient_booster/model/trees/0"));
        return model.toString();
    }

    private static JsonNode example(String type, String version) {
        try {
            return TestStore.JSON.readTree(Files.readString(Path.of("models-local/registry/" + type + "/" + version
                    + ".json"))).at("/examples/0/inputs");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String body(JsonNode row) {
        ObjectNode body = TestStore.JSON.createObjectNode();
        body.putArray("inputs").add(row);
        return body.toString();
    }

    private static void sync() {
        assertThat(server.post("/registry/sync", "").status()).isEqualTo(200);
    }

    private static TestServer.Answer predict(String path, String body) {
        return server.post(path, body);
    }

    private static void assertProblem(TestServer.Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.header("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(answer.json().get("request_id").asText()).isEqualTo(answer.header("X-Request-Id").orElse(""));
    }
}
