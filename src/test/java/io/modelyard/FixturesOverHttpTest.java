package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The real models of the shared fixtures, asked over HTTP, give the recorded answers of their original libraries. */
final class FixturesOverHttpTest {
    @ParameterizedTest
    @CsvSource({"xgboost-breast-cancer, model.ubj, xgboost", "xgboost-breast-cancer, model.json, xgboost",
            "xgboost-digits, model.ubj, xgboost", "xgboost-digits, model.json, xgboost",
            "xgboost-diabetes-v34, model.ubj, xgboost", "xgboost-diabetes-v34, model.json, xgboost",
            "xgboost-wine-v34, model.ubj, xgboost", "xgboost-wine-v34, model.json, xgboost"})
    void xgboostAnswersEqualTheRecordedOnesToTheBit(String fixture, String file, String runtime) throws IOException {
        JsonNode cases = read(fixture, "cases.json");
        try (TestServer server = TestServer.start()) {
            new TestStore(server.store()).publish("m", "1", runtime, Shared.path("fixtures/" + fixture + "/" + file));
            server.post("/registry/sync", "");

            JsonNode answer = predict(server, cases.get("rows"), null);
            JsonNode margins = predict(server, cases.get("rows"), "margin");

            assertEqualFloats(answer.get("predictions"), cases.get("expected"));
            assertEqualFloats(margins.get("predictions"), cases.get("margin"));
        }
    }

    @ParameterizedTest
    @CsvSource({"onnx-breast-cancer-logreg, model.onnx, onnx", "onnx-digits-mlp, model.onnx, onnx",
            "tensorflow-digits-mlp, saved_model, tensorflow", "tensorflow-half-plus-two, saved_model, tensorflow"})
    void networksAnswerWithinTheRecordedTolerance(String fixture, String file, String runtime) throws IOException {
        JsonNode cases = read(fixture, "cases.json");
        JsonNode about = read(fixture, "about.json");
        try (TestServer server = TestServer.start()) {
            new TestStore(server.store()).publish("m", "1", runtime, Shared.path("fixtures/" + fixture + "/" + file));
            server.post("/registry/sync", "");

            JsonNode answer = predict(server, cases.get("rows"), about.get("output").asText());

            assertClose(answer.get("predictions"), cases.get("expected"), about.get("tolerance").asDouble());
        }
    }

    private static JsonNode predict(TestServer server, JsonNode rows, @Nullable String output) {
        ObjectNode body = TestStore.JSON.createObjectNode();
        body.set("inputs", rows);
        if (output != null) {
            body.putArray("outputs").add(output);
        }
        TestServer.Answer answer = server.post("/predict/m/1", body.toString());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private static void assertEqualFloats(JsonNode actual, JsonNode expected) {
        assertThat(actual.size()).isEqualTo(expected.size());
        if (expected.isArray()) {
            for (int i = 0; i < expected.size(); i++) {
                assertEqualFloats(actual.get(i), expected.get(i));
            }
        } else {
            assertThat(actual.floatValue()).isEqualTo(expected.floatValue());
        }
    }

    private static void assertClose(JsonNode actual, JsonNode expected, double tolerance) {
        if (expected.isArray() && actual.isNumber()) {
            assertThat(expected.size()).isEqualTo(1);
            assertClose(actual, expected.get(0), tolerance);
        } else if (expected.isArray()) {
            assertThat(actual.size()).isEqualTo(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                assertClose(actual.get(i), expected.get(i), tolerance);
            }
        } else {
            assertThat(actual.asDouble()).isEqualTo(expected.asDouble(), within(tolerance));
        }
    }

    private static JsonNode read(String fixture, String file) throws IOException {
        Path path = Shared.path("fixtures/" + fixture + "/" + file);
        return TestStore.JSON.readTree(Files.readString(path));
    }
}
