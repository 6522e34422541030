package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.runtime.onnx.OnnxModelBuilder;
import io.modelyard.runtime.onnx.TestOnnxModels;
import io.modelyard.runtime.tensorflow.TestSavedModels;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Models of many shapes and types take every form of inputs that fits them, and answer as documented. */
final class ModelKindsOverHttpTest {
    @TempDir
    static Path scratch;
    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start();
        TestStore store = new TestStore(server.store());
        onnx(store, "half", TestOnnxModels.halfPlusTwo());
        onnx(store, "rowless", TestOnnxModels.withoutRows());
        onnx(store, "fixed", TestOnnxModels.sums(1, 4));
        onnx(store, "mixed", TestOnnxModels.numbersAndTexts());
        onnx(store, "counts", TestOnnxModels.numbersAndCounts());
        onnx(store, "species", TestOnnxModels.linearClassifier(TestOnnxModels.SPECIES));
        onnx(store, "classes", TestOnnxModels.linearClassifier(List.of()));
        savedModel(store, "order", TestSavedModels.order(folder("order")).root());
        savedModel(store, "greeting", TestSavedModels.greeting(folder("greeting")).root());
        assertThat(server.post("/registry/sync", "").status()).isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "half    | [[1], [5]]                                   | [2.5,4.5]",
            "half    | [1]                                          | [2.5]",
            "half    | {\"x\": [[1], [-4]]}                         | [2.5,0.0]",
            "half    | [{\"x\": 1}, {\"x\": 2}]                     | [2.5,3.0]",
            "half    | {\"x\": 1}                                   | [2.5]",
            "rowless | [1, 2, 3, 4]                                 | [10.0]",
            "rowless | [[1, 2, 3, 4], [5, 6, 7, 8]]                 | [10.0,26.0]",
            "rowless | {\"x\": [1, 2, 3, 4]}                        | [10.0]",
            "fixed   | [[1, 2, 3, 4], [0, 0, 0, 1]]                 | [{\"sums\":10.0,\"doubled\":[2.0,4.0,6.0,8.0]},{\"sums\":1.0,\"doubled\":[0.0,0.0,0.0,2.0]}]",
            "mixed   | [{\"amount\": 3, \"currency\": \"USD\"}]     | [1.5]",
            "mixed   | [[3, \"USD\"], [2, \"EUR\"]]                 | [1.5,2.0]",
            "mixed   | {\"amount\": [[3], [4]], \"currency\": [[\"EUR\"], [\"XXX\"]]} | [3.0,0.0]",
            "counts  | {\"price\": 2.5, \"count\": 4}               | [{\"total\":10.0,\"seen\":4}]",
            "counts  | {\"price\": 0, \"count\": 9007199254740993}  | [{\"total\":0.0,\"seen\":9007199254740993}]",
            "order   | [{\"prices\": [1, 2, 3], \"pieces\": 2}]     | [{\"more\":3,\"total\":12.0}]",
            "greeting | [\"Ada\", \"Grüße\\n\"]                     | [\"Hello, Ada\",\"Hello, Grüße\\n\"]"})
    void answers(String type, String inputs, String predictions) {
        TestServer.Answer answer = predict(type, inputs, "");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().get("predictions")).isEqualTo(json(predictions));
    }

    @Test
    void classifiersAnswerWithLabelConfidenceAndProbabilities() {
        JsonNode species = predict("species", "[[3, 0], [0, 3]]", "").json().get("predictions");
        assertThat(species.at("/0/label").asText()).isEqualTo("setosa");
        assertThat(species.at("/1/probabilities/label").asText()).isEqualTo("versicolor");
        assertThat(species.at("/1/probabilities/probabilities")).hasSize(3);

        JsonNode wanted = predict("species", "[[3, 0]]", ", \"outputs\": [\"probabilities\"]").json()
                .get("predictions");
        assertThat(wanted.at("/0/label").asText()).isEqualTo("setosa");
        assertThat(wanted.at("/0/confidence").floatValue()).isEqualTo(wanted.at("/0/probabilities/0").floatValue());

        JsonNode plain = predict("classes", "[[3, 0]]",
                ", \"outputs\": [\"probabilities\"], \"postprocessing\": {\"labels\": false}").json()
                .get("predictions");
        assertThat(plain.get(0).isArray()).isTrue();
        assertThat(plain.get(0)).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"input_data", "features", "input"})
    void handWrittenBodiesWorkAsTheyAre(String name) {
        TestServer.Answer answer = server.post("/predict",
                "{\"model_version\": 1, \"" + name + "\": [[1]], \"modelName\": \"half\", \"use_ab_testing\": false}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().get("predictions")).isEqualTo(json("[2.5]"));
    }

    @Test
    void theSchemaOfAModelTellsWhatItTakes() {
        JsonNode schema = server.get("/models/mixed/1/schema").json();
        assertThat(schema.toString()).contains("amount", "currency", "\"string\"", "\"number\"");
    }

    private static TestServer.Answer predict(String type, String inputs, String more) {
        return server.post("/predict/" + type, "{\"inputs\": " + inputs + more + "}");
    }

    private static void onnx(TestStore store, String type, OnnxModelBuilder model) throws IOException {
        Path file = folder(type).resolve("model.onnx");
        Files.write(file, model.toByteArray());
        store.publish(type, "1", "onnx", file);
    }

    private static void savedModel(TestStore store, String type, Path folder) {
        store.publish(type, "1", "tensorflow", folder);
    }

    private static Path folder(String name) throws IOException {
        return Files.createDirectories(scratch.resolve(name));
    }

    private static JsonNode json(String text) {
        try {
            return TestStore.JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }
}
