package io.modelyard.feedback;

import static io.modelyard.runtime.onnx.OnnxModelBuilder.FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.TestServer;
import io.modelyard.TestStore;
import io.modelyard.runtime.onnx.TestOnnxModels;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A server with models whose answers are their inputs, so that a test says what is predicted: {@code species} 1 and 2 take
 * the probabilities of {@link #SPECIES}, {@code price} takes a number, {@code pair} two.
 */
final class FeedbackHouse implements AutoCloseable {
    static final List<String> SPECIES = TestOnnxModels.SPECIES;
    static final ObjectMapper JSON = new ObjectMapper();

    private final TestServer server;

    FeedbackHouse(Path scratch, Map<String, Object> properties) {
        server = TestServer.prepare().with("modelyard.feedback.refresh", "100ms").with(properties).start();
        publish(scratch, "species", "1", 3, SPECIES);
        publish(scratch, "species", "2", 3, SPECIES);
        publish(scratch, "price", "1", 1, List.of());
        publish(scratch, "pair", "1", 2, List.of());
        assertThat(server.post("/registry/sync", "").status()).isEqualTo(200);
    }

    private void publish(Path scratch, String type, String version, int width, List<String> labels) {
        try {
            Path folder = Files.createDirectories(scratch.resolve(type + version));
            Files.write(folder.resolve("model.onnx"), TestOnnxModels.identity(FLOAT, -1, width).toByteArray());
            new TestStore(server.store()).publish(type, version, "onnx", folder, manifest -> {
                manifest.putArray("inputs").add(spec("x", width));
                ObjectNode output = spec("y", width);
                if (!labels.isEmpty()) {
                    ArrayNode names = output.putArray("labels");
                    labels.forEach(names::add);
                }
                manifest.putArray("outputs").add(output);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode spec(String name, int width) {
        ObjectNode spec = JSON.createObjectNode().put("name", name).put("dtype", "float32");
        spec.putArray("shape").add(-1).add(width);
        return spec;
    }

    TestServer server() {
        return server;
    }

    FeedbackMetrics metrics() {
        return server.bean(FeedbackMetrics.class);
    }

    /** Predicts with the inputs as JSON, and returns the id. */
    String predict(String model, String inputs) {
        TestServer.Answer answer = server.post("/predict/" + model, "{\"inputs\": " + inputs + "}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().get("prediction_id").textValue();
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
