package io.modelyard.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.SampleModels;
import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

/** The description of the API of a server with the sample models. */
final class LiveDescriptionTest {
    @TempDir
    Path store;
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.prepare().store(SampleModels.copyTo(store)).start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Description description() {
        return new Description(server.get("/openapi.json").json());
    }

    @ParameterizedTest
    @ValueSource(strings = {"breast-cancer", "digits"})
    void theExampleOfAModelIsAnsweredAsItsDescriptionSays(String type) {
        Description description = description();
        JsonNode request = description.exampleRequest(type);
        assertThat(description.problemsOfRequest(type, request)).isEmpty();
        Answer answer = server.post("/predict/" + type, request.toString());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(description.problemsOfAnswer(type, answer.json())).isEmpty();
        JsonNode described = description.exampleAnswer(type);
        assertThat(described.get("model_version")).isEqualTo(answer.json().get("model_version"));
        assertAlmostEqual(described.get("predictions"), answer.json().get("predictions"));
        assertThat(description.problemsOfAnswer(type, described)).isEmpty();
    }

    /** Examples have as many digits as somebody wrote down. */
    private static void assertAlmostEqual(JsonNode described, JsonNode told) {
        assertThat(described.getNodeType()).isEqualTo(told.getNodeType());
        if (told.isNumber()) {
            assertThat(described.doubleValue()).isCloseTo(told.doubleValue(),
                    offset(1e-4));
        } else if (told.isValueNode()) {
            assertThat(described).isEqualTo(told);
        } else {
            assertThat(described.size()).isEqualTo(told.size());
            if (told.isObject()) {
                told.properties().forEach(member -> assertAlmostEqual(described.path(member.getKey()),
                        member.getValue()));
            } else {
                for (int i = 0; i < told.size(); i++) {
                    assertAlmostEqual(described.get(i), told.get(i));
                }
            }
        }
    }

    @Test
    void whatTheDescriptionDoesNotAllowIsRefused() {
        Description description = description();
        ObjectNode request = description.exampleRequest("breast-cancer").deepCopy();
        ((ObjectNode) request.at("/inputs/0")).remove("mean_radius");
        assertThat(description.problemsOfRequest("breast-cancer", request)).isNotEmpty();
        assertThat(server.post("/predict/breast-cancer", request.toString()).code()).isEqualTo("invalid_input");

        ObjectNode wide = description.exampleRequest("digits").deepCopy();
        ((ArrayNode) wide.at("/inputs/0")).add(1);
        assertThat(description.problemsOfRequest("digits", wide)).isNotEmpty();
        assertThat(server.post("/predict/digits", wide.toString()).code()).isEqualTo("invalid_input");
    }

    @Test
    void missingValuesAreDescribedWhereTheRuntimeKnowsThem() {
        Description description = description();
        ObjectNode request = description.exampleRequest("breast-cancer").deepCopy();
        ((ObjectNode) request.at("/inputs/0")).putNull("mean_radius");
        assertThat(description.problemsOfRequest("breast-cancer", request)).isEmpty();
        assertThat(server.post("/predict/breast-cancer", request.toString()).status()).isEqualTo(200);

        ObjectNode digit = description.exampleRequest("digits").deepCopy();
        ((ArrayNode) digit.at("/inputs/0")).setNull(0);
        assertThat(description.problemsOfRequest("digits", digit)).isNotEmpty();
        assertThat(server.post("/predict/digits", digit.toString()).code()).isEqualTo("invalid_input");
    }

    @Test
    void everyFormOfRowsIsDescribed() {
        Description description = description();
        JsonNode published = description.predict("breast-cancer")
                .at("/requestBody/content/application~1json/examples/as-published/value");
        JsonNode named = description.predict("breast-cancer")
                .at("/requestBody/content/application~1json/examples/by-name/value");
        for (JsonNode inputs : new JsonNode[]{published.get("inputs"), published.at("/inputs/0"),
                named.get("inputs"), named.at("/inputs/0"), tensors(published.get("inputs"))}) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            body.set("inputs", inputs);
            assertThat(description.problemsOfRequest("breast-cancer", body)).as(body.toString()).isEmpty();
            assertThat(server.post("/predict/breast-cancer", body.toString()).status()).isEqualTo(200);
        }
    }

    private static JsonNode tensors(JsonNode rows) {
        return JsonNodeFactory.instance.objectNode().set("features", rows);
    }

    @Test
    void tellsTheVersionThatAnswersAndChangesWithIt() {
        Answer before = server.get("/openapi.json");
        assertThat(new Description(before.json()).predict("digits").path("description").asText())
                .contains("Version `2` (onnx)");
        String etag = before.header("ETag").orElseThrow();
        Answer same = server.anonymous()
                .send(server.anonymous().request("/openapi.json").header("If-None-Match", etag).GET());
        assertThat(same.status()).isEqualTo(304);
        assertThat(same.text()).isEmpty();

        assertThat(server.post("/models/digits/1/activate", "").status()).isEqualTo(200);
        server.post("/predict/digits", new Description(before.json()).exampleRequest("digits").toString());
        Answer after = server.get("/openapi.json");
        assertThat(after.header("ETag").orElseThrow()).isNotEqualTo(etag);
        assertThat(new Description(after.json()).predict("digits").path("description").asText())
                .contains("(tensorflow)");
    }

    @Test
    void whoseKeyIsForSomeTypesSeesThoseAlone() {
        String key = server.post("/api-keys", "{\"name\": \"n\", \"roles\": [\"read\"], \"types\": [\"digits\"]}")
                .json().path("key").asText();
        Answer seen = server.as(key).get("/openapi.json");
        assertThat(new Description(seen.json()).types()).containsExactly("digits");
        assertThat(seen.text()).doesNotContain("breast-cancer");
        assertThat(seen.header("Vary").orElseThrow()).contains("X-API-Key");
        assertThat(server.as(key).get("/openapi/digits.json").status()).isEqualTo(200);
        assertThat(server.as(key).get("/openapi/breast-cancer.json").code()).isEqualTo("forbidden");
        assertThat(description().types()).containsExactly("breast-cancer", "digits");
    }

    @Test
    void onLoopbackItNeedsNoKey() {
        assertThat(new Description(server.anonymous().get("/openapi.json").json()).types())
                .containsExactly("breast-cancer", "digits");
        assertThat(server.anonymous().get("/openapi/digits.json").status()).isEqualTo(200);
        assertThat(server.anonymous().get("/openapi/nothing.json").code()).isEqualTo("model_not_found");
    }

    @Test
    void elsewhereItNeedsAKeyUnlessItIsMadePublic() {
        try (TestServer open = TestServer.prepare().with("micronaut.server.host", "0.0.0.0").store(store).start()) {
            assertThat(open.anonymous().get("/openapi.json").status()).isEqualTo(401);
            assertThat(open.anonymous().get("/openapi/digits.json").status()).isEqualTo(401);
            assertThat(open.anonymous().get("/docs/index.html").status()).isEqualTo(401);
        }
        try (TestServer open = TestServer.prepare().with("micronaut.server.host", "0.0.0.0")
                .with("modelyard.access.public-paths", "/openapi.json,/docs").store(store).start()) {
            assertThat(open.anonymous().get("/openapi.json").status()).isEqualTo(200);
            assertThat(open.anonymous().get("/openapi/digits.json").status()).isEqualTo(401);
            assertThat(open.anonymous().get("/docs/index.html").status()).isEqualTo(200);
        }
    }

    @Test
    void holdsAsManyTypesAsTheBudgetAllowsTheDefaultOneFirst() {
        assertThat(server.put("/registry/default-type", "{\"type\": \"digits\"}").status()).isEqualTo(200);
        assertThat(description().types()).containsExactly("digits", "breast-cancer");
        try (TestServer small = TestServer.prepare().with("modelyard.openapi.max-types", 1).store(store).start()) {
            Description description = new Description(small.anonymous().get("/openapi.json").json());
            assertThat(description.types()).containsExactly("digits");
            assertThat(description.tree().at("/info/description").asText()).contains("1 of 2 types");
            assertThat(small.anonymous().get("/openapi/breast-cancer.json").status()).isEqualTo(200);
        }
        try (TestServer small = TestServer.prepare().with("modelyard.openapi.max-bytes", 1).store(store).start()) {
            assertThat(new Description(small.anonymous().get("/openapi.json").json()).types()).isEmpty();
        }
    }
}
