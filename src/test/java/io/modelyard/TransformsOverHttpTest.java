package io.modelyard;

import static io.modelyard.runtime.onnx.OnnxModelBuilder.FLOAT;
import static io.modelyard.runtime.onnx.OnnxModelBuilder.INT64;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.runtime.onnx.OnnxModelBuilder;
import io.modelyard.runtime.onnx.TestOnnxModels;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Steps before and after models that give back what they get, so that the answer shows what the steps did. */
final class TransformsOverHttpTest {
    private static final String BIRD = """
                                       {"inputs": [{"name": "x", "dtype": "float32", "shape": [-1, 3],
                                         "features": [{"name": "island"}, {"name": "mass"}, {"name": "bill"}]}]}
                                       """;

    @TempDir
    static Path scratch;
    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start();
        publish("echo", TestOnnxModels.identity(FLOAT, -1, 3), BIRD);
        publish("image", TestOnnxModels.identity(FLOAT, -1, 2, 2), "{}");
        publish("counts", TestOnnxModels.identity(INT64, -1, 2),
                """
                {"inputs": [{"name": "x", "dtype": "int64", "shape": [-1, 2],
                  "features": [{"name": "color"}, {"name": "size"}]}],
                 "preprocessing": {"map": {"color": {"categories": ["red", "blue"], "unknown": 7}}}}""");
        publish("birds", TestOnnxModels.identity(FLOAT, -1, 3), BIRD.strip().replaceFirst("}$",
                """
                , "preprocessing": {
                  "map": {"island": {"categories": {"Biscoe": 10, "Dream": 20}}},
                  "fill": {"island": -1, "mass": 4000}, "clip": {"min": {"mass": 3000}, "max": {"mass": 5000}},
                  "mean": {"mass": 4000}, "std": {"mass": 500}},
                 "examples": [{"inputs": [{"island": "Dream", "mass": null, "bill": 40}], "outputs": [[20, 0, 40]]}]}"""));
        publish("classes", TestOnnxModels.identity(FLOAT, -1, 3),
                """
                {"outputs": [{"name": "y", "dtype": "float32", "shape": [-1, 3], "labels": ["a", "b", "c"]}],
                 "postprocessing": {"softmax": true},
                 "examples": [{"inputs": [[0, 0, 0]], "outputs": [[0.333333333, 0.333333333, 0.333333333]]}]}""");
        publish("two", TestOnnxModels.identity(FLOAT, -1, 1),
                """
                {"outputs": [{"name": "y", "dtype": "float32", "shape": [-1, 1], "labels": ["no", "yes"]}]}""");
        publish("fixed", TestOnnxModels.identity(FLOAT, -1, 3),
                "{\"overridable\": false, \"preprocessing\": {\"scale\": 2}}");
        assertThat(server.post("/registry/sync", "").status()).isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "echo   | [[1, 2, 3]]            | {}                                           | [[1.0,2.0,3.0]]",
            "echo   | [[1, 2, 3]]            | {\"scale\": 2}                               | [[0.5,1.0,1.5]]",
            "echo   | [[1, 2, 3]]            | {\"scale\": 2, \"normalize\": false}         | [[1.0,2.0,3.0]]",
            "echo   | [[1, 2, 3]]            | {\"mean\": [0, 1, 2], \"std\": [1, 2, 4]}    | [[1.0,0.5,0.25]]",
            "echo   | [[1, 2, 3]]            | {\"mean\": {\"bill\": 1}, \"std\": 2}        | [[0.5,1.0,1.0]]",
            "echo   | [[1, null, 3], [null, null, 0]] | {\"fill\": 5}                       | [[1.0,5.0,3.0],[5.0,5.0,0.0]]",
            "echo   | [[1, null, 3]]         | {\"fill\": [null, 9, null]}                  | [[1.0,9.0,3.0]]",
            "echo   | [[1, null, 3]]         | {\"fill\": {\"mass\": 9}, \"clip\": {\"max\": 8}, \"mean\": 1} | [[0.0,7.0,2.0]]",
            "echo   | [[-5, 2, 30]]          | {\"clip\": {\"min\": 0, \"max\": [9, 1, null]}} | [[0.0,1.0,30.0]]",
            "echo   | [[\"b\", 2, 3], [\"?\", 2, 3]] | {\"map\": [{\"categories\": [\"a\", \"b\"], \"unknown\": -1}, null, null]} | [[1.0,2.0,3.0],[-1.0,2.0,3.0]]",
            "echo   | [{\"island\": \"?\", \"mass\": 2, \"bill\": 3}] | {\"map\": {\"island\": {\"categories\": {\"a\": 2}, \"unknown\": null}}, \"fill\": 8} | [[8.0,2.0,3.0]]",
            "image  | [[[1, 2], [3, 4]]]     | {\"mean\": [1, 2]}                           | [[[0.0,0.0],[2.0,2.0]]]",
            "image  | [[[1, 2], [3, 4]]]     | {\"mean\": [1, 3], \"axis\": 1}              | [[[0.0,1.0],[0.0,1.0]]]",
            "image  | [[[1, null], [3, 4]]]  | {\"fill\": 0, \"scale\": 2}                  | [[[0.5,0.0],[1.5,2.0]]]",
            "counts | [[\"blue\", 5], [\"pink\", 6]] | {}                                   | [[1,5],[7,6]]",
            "birds  | [[\"Biscoe\", 9000, 1], [null, null, 1]] | {}                         | [[10.0,2.0,1.0],[-1.0,0.0,1.0]]",
            "birds  | [[\"Dream\", 4500, 1]] | {\"normalize\": false}                       | [[20.0,4500.0,1.0]]",
            "birds  | [[\"Dream\", 9000, 1]] | {\"clip\": null, \"scale\": 10}              | [[2.0,900.0,0.1]]"})
    void inputsArePreprocessed(String type, String inputs, String preprocessing, String predictions) {
        TestServer.Answer answer = predict(type, inputs, ", \"preprocessing\": " + preprocessing);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().get("predictions")).isEqualTo(json(predictions));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "echo    | [[1, 1, 1.5]] | {\"round\": 0}                          | [[1.0,1.0,2.0]]",
            "echo    | [[0.1, 0.8, 0.5]] | {\"threshold\": 0.5}                | [[false,true,true]]",
            "echo    | [[1, 3, 2]]   | {\"top_k\": 2}                          | [[{\"index\":1,\"probability\":3.0},{\"index\":2,\"probability\":2.0}]]",
            "echo    | [[1, 1, 1]]   | {\"softmax\": true, \"round\": 3}       | [[0.333,0.333,0.333]]",
            "echo    | [[0, 1000, -1000]] | {\"sigmoid\": true}                | [[0.5,1.0,0.0]]",
            "echo    | [[0.2, 0.5, 0.3]] | {\"labels\": [\"x\", \"y\", \"z\"]} | [{\"label\":\"y\",\"confidence\":0.5,\"probabilities\":[0.2,0.5,0.3]}]",
            "echo    | [[0.2, 0.5, 0.3]] | {\"outputs\": {\"y\": {\"round\": 0}}} | [[0.0,0.0,0.0]]",
            "classes | [[0, 0, 9]]   | {\"round\": 2}                          | [{\"label\":\"c\",\"confidence\":1.0,\"probabilities\":[0.0,0.0,1.0]}]",
            "classes | [[0, 0, 0]]   | {\"labels\": false, \"round\": 2}       | [[0.33,0.33,0.33]]",
            "classes | [[0.2, 0.5, 0.3]] | {\"softmax\": false, \"threshold\": 0.6} | [{\"label\":null,\"confidence\":0.5,\"probabilities\":[0.2,0.5,0.3]}]",
            "classes | [[0.2, 0.5, 0.3]] | {\"softmax\": false, \"top_k\": 2} | [{\"label\":\"b\",\"confidence\":0.5,\"top_k\":[{\"label\":\"b\",\"probability\":0.5},{\"label\":\"c\",\"probability\":0.3}]}]",
            "classes | [[0.5, 0.5, 0.0]] | {\"softmax\": false, \"top_k\": 3} | [{\"label\":\"a\",\"confidence\":0.5,\"top_k\":[{\"label\":\"a\",\"probability\":0.5},{\"label\":\"b\",\"probability\":0.5},{\"label\":\"c\",\"probability\":0.0}],\"probabilities\":[0.5,0.5,0.0]}]",
            "classes | [[0, 1000, -1000]] | {\"sigmoid\": true, \"threshold\": 0.5} | [{\"label\":\"b\",\"confidence\":1.0,\"labels\":[\"a\",\"b\"],\"probabilities\":[0.5,1.0,0.0]}]",
            "classes | [[0.5003, 0.5004, 0]] | {\"softmax\": false, \"round\": 3} | [{\"label\":\"b\",\"confidence\":0.5,\"probabilities\":[0.5,0.5,0.0]}]",
            "two     | [[0.5004]]    | {\"round\": 3}                          | [{\"label\":\"yes\",\"confidence\":0.5,\"probabilities\":[0.5,0.5]}]",
            "two     | [[0.25], [0.75]] | {}                                   | [{\"label\":\"no\",\"confidence\":0.75,\"probabilities\":[0.75,0.25]},{\"label\":\"yes\",\"confidence\":0.75,\"probabilities\":[0.25,0.75]}]",
            "two     | [[0.25]]      | {\"threshold\": 0.25}                   | [{\"label\":\"yes\",\"confidence\":0.25,\"probabilities\":[0.75,0.25]}]",
            "two     | [[0.25]]      | {\"threshold\": 0.25, \"labels\": false} | [true]",
            "two     | [[0.25]]      | {\"top_k\": 1}                          | [{\"label\":\"no\",\"confidence\":0.75,\"top_k\":[{\"label\":\"no\",\"probability\":0.75}]}]",
            "two     | [[0]]         | {\"sigmoid\": true}                     | [{\"label\":\"no\",\"confidence\":0.5,\"probabilities\":[0.5,0.5]}]"})
    void outputsArePostprocessed(String type, String inputs, String postprocessing, String predictions) {
        TestServer.Answer answer = predict(type, inputs, ", \"postprocessing\": " + postprocessing);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().get("predictions")).isEqualTo(json(predictions));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "echo   | [[1, null, 3]] | {}                            | /inputs/0/1                   | knows no missing values",
            "echo   | [[1, null, 3]] | {\"fill\": {\"bill\": 0}}     | /inputs/0/1                   | knows no missing values",
            "birds  | [[\"Draem\", 1, 1]] | {}                       | /inputs/0/0                   | there is no category \"Draem\"; there are 'Biscoe', 'Dream'",
            "birds  | [[3, 1, 1]]    | {}                            | /inputs/0/0                   | expected one of the categories 'Biscoe', 'Dream', found a number",
            "birds  | [{\"island\": \"Dream\", \"mass\": \"heavy\", \"bill\": 1}] | {} | /inputs/0/mass | expected a number or null, found a string",
            "echo   | [[1, 2, 3]]    | []                            | /preprocessing                | expected an object",
            "echo   | [[1, 2, 3]]    | {\"mean\": [1, 2]}            | /preprocessing/mean           | found 2",
            "echo   | [[1, 2, 3]]    | {\"mean\": {\"bil\": 2}}      | /preprocessing/mean/bil       | island, mass, bill",
            "echo   | [[1, 2, 3]]    | {\"mean\": [1, 2, \"a\"]}     | /preprocessing/mean/2         | expected a number",
            "echo   | [[1, 2, 3]]    | {\"std\": 0}                  | /preprocessing/std            | 0 cannot be divided by",
            "echo   | [[1, 2, 3]]    | {\"clip\": {\"min\": 2, \"max\": 1}} | /preprocessing/clip    | above the max",
            "echo   | [[1, 2, 3]]    | {\"clip\": {\"mni\": 2}}      | /preprocessing/clip/mni       | min, max",
            "echo   | [[1, 2, 3]]    | {\"fill\": 1e39}              | /preprocessing/fill           | out of the range",
            "echo   | [[1, 2, 3]]    | {\"map\": {\"mass\": {\"categories\": {}}}} | /preprocessing/map/mass/categories | expected",
            "echo   | [[1, 2, 3]]    | {\"map\": {\"mass\": {\"categories\": [\"a\"], \"unknown\": null}}} | /preprocessing/map | fill",
            "image  | [[[1, 2], [3, 4]]] | {\"mean\": [1, 2, 3]}     | /preprocessing/mean           | or 2 for axis 2",
            "image  | [[[1, 2], [3, 4]]] | {\"mean\": [1, 2], \"axis\": 3} | /preprocessing/mean     | has no axis 3",
            "image  | [[[1, 2], [3, 4]]] | {\"mean\": {\"a\": 1}}    | /preprocessing/mean           | array",
            "counts | [[\"red\", 2]] | {\"scale\": 2}                | /preprocessing                | no floating-point input",
            "fixed  | [[1, 2, 3]]    | {\"scale\": 3}                | /preprocessing                | does not allow"})
    void wrongPreprocessingIsSaidWithItsPlace(String type, String inputs, String preprocessing, String pointer,
            String detail) {
        demandProblem(predict(type, inputs, ", \"preprocessing\": " + preprocessing), pointer, detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "echo   | {\"softmaks\": true}                   | /postprocessing/softmaks  | softmax, sigmoid",
            "echo   | {\"softmax\": 1}                       | /postprocessing/softmax   | true or false",
            "echo   | {\"softmax\": true, \"sigmoid\": true} | /postprocessing/sigmoid   | exclude",
            "echo   | {\"threshold\": 1.5}                   | /postprocessing/threshold | from 0 to 1",
            "echo   | {\"top_k\": 0}                         | /postprocessing/top_k     | from 1",
            "echo   | {\"top_k\": 1.5}                       | /postprocessing/top_k     | integer",
            "echo   | {\"top_k\": 2, \"threshold\": 0.5}     | /postprocessing/top_k     | exclude",
            "echo   | {\"round\": 16}                        | /postprocessing/round     | from 0 to 15",
            "echo   | {\"labels\": [\"a\", \"b\"]}           | /postprocessing/labels    | 2 labels for 3 values",
            "echo   | {\"labels\": [\"a\", 1, \"b\"]}        | /postprocessing/labels/1  | string",
            "echo   | {\"outputs\": {\"z\": {}}}             | /postprocessing/outputs/z | there are y",
            "echo   | {\"outputs\": {\"y\": {\"top\": 1}}}   | /postprocessing/outputs/y/top | top_k",
            "counts | {\"softmax\": true}                    | /postprocessing           | none of the outputs"})
    void wrongPostprocessingIsSaidWithItsPlace(String type, String postprocessing, String pointer, String detail) {
        demandProblem(predict(type, type.equals("counts") ? "[[\"red\", 2]]" : "[[1, 2, 3]]",
                ", \"postprocessing\": " + postprocessing), pointer, detail);
    }

    @Test
    void stepsThatRanAreTimedEachAndCounted() {
        JsonNode quiet = predict("echo", "[[1, 2, 3]]", "").json().get("timing_ms");
        assertThat(quiet.has("steps")).isFalse();
        JsonNode timing = predict("birds", "[[\"Dream\", null, 3]]", ", \"postprocessing\": {\"softmax\": true}").json()
                .get("timing_ms");
        assertThat(timing.get("steps").fieldNames()).toIterable()
                .containsExactly("map", "fill", "clip", "normalize", "softmax");
        assertThat(timing.get("steps").get("softmax").doubleValue())
                .isLessThanOrEqualTo(timing.get("postprocessing").doubleValue());
        assertThat(server.get("/metrics").text()).contains("modelyard_prediction_step_seconds_count{")
                .contains("step=\"softmax\"");
    }

    @Test
    void theSchemaHasTheStepsAndTheExamplesOfTheManifest() {
        JsonNode schema = server.get("/models/birds/1/schema").json();
        assertThat(schema.at("/properties/preprocessing/default/fill"))
                .isEqualTo(json("{\"island\": -1, \"mass\": 4000}"));
        assertThat(schema.at("/properties/postprocessing").has("default")).isFalse();
        assertThat(schema.get("examples"))
                .isEqualTo(json("[{\"inputs\": [{\"island\": \"Dream\", \"mass\": null, \"bill\": 40}]}]"));
        assertThat(server.get("/models/two/1/schema").json().has("examples")).isFalse();
    }

    @Test
    void theSchemaTellsWhatStepsMakeAcceptable() {
        JsonNode byName = server.get("/models/birds/1/schema").json().at("/properties/inputs/anyOf/1/properties");
        assertThat(byName.get("island"))
                .isEqualTo(json("""
                                {"type": ["string", "null"], "enum": ["Biscoe", "Dream", null]}"""));
        assertThat(byName.get("mass").get("type")).isEqualTo(json("[\"number\", \"null\"]"));
        assertThat(byName.get("bill").get("type")).isEqualTo(json("\"number\""));
        assertThat(server.get("/models/birds/1/schema").json().toString()).contains("prefixItems", "postprocessing");
        assertThat(server.get("/models/fixed/1/schema").json().toString()).doesNotContain("postprocessing");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"preprocessing\": {\"mean\": [1, 2]}}       | /preprocessing/mean: expected one value, or 3",
            "{\"preprocessing\": {\"fill\": {\"age\": 2}}} | /preprocessing/fill",
            "{\"postprocessing\": {\"labels\": [\"a\"]}}   | /postprocessing/labels: output 'y'"})
    void aManifestWhoseStepsDoNotFitItsModelFailsToLoad(String more, String reason) throws IOException {
        String type = "broken-" + Integer.toHexString(more.hashCode());
        publish(type, TestOnnxModels.identity(FLOAT, -1, 3), more);
        assertThat(server.post("/registry/sync", "").status()).isEqualTo(200);
        TestServer.Answer answer = predict(type, "[[1, 2, 3]]", "");
        assertThat(answer.code()).isEqualTo("model_load_failed");
        assertThat(answer.detail()).contains("the manifest's " + reason);
    }

    @Test
    void aManifestWithStepsThatNobodyKnowsIsNotPublished() {
        new TestStore(server.store()).publish("unknown", "1", "onnx", scratch.resolve("echo"),
                manifest -> manifest.set("preprocessing", json("{\"sacle\": 1}")));
        server.post("/registry/sync", "");
        assertThat(server.get("/registry").text()).contains("there is no member 'sacle' here");
    }

    private static void demandProblem(TestServer.Answer answer, String pointer, String detail) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.code()).isEqualTo("invalid_input");
        assertThat(answer.json().at("/errors/0/pointer").asText()).isEqualTo(pointer);
        assertThat(answer.json().at("/errors/0/detail").asText()).contains(detail);
    }

    private static TestServer.Answer predict(String type, String inputs, String more) {
        return server.post("/predict/" + type, "{\"inputs\": " + inputs + more + "}");
    }

    private static void publish(String type, OnnxModelBuilder model, String more) throws IOException {
        Path folder = Files.createDirectories(scratch.resolve(type));
        Files.write(folder.resolve("model.onnx"), model.toByteArray());
        Consumer<ObjectNode> add = manifest -> manifest.setAll((ObjectNode) json(more));
        new TestStore(server.store()).publish(type, "1", "onnx", folder, add);
    }

    private static JsonNode json(String text) {
        try {
            return TestStore.JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }
}
