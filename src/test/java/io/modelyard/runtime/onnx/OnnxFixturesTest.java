package io.modelyard.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelyard.Shared;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.runtime.ModelFiles;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Models that scikit-learn made, and what scikit-learn says. */
final class OnnxFixturesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(strings = {"onnx-breast-cancer-logreg", "onnx-digits-mlp"})
    void answersAsTheLibraryThatTrainedTheModel(String name) throws Exception {
        Path folder = fixture(name);
        JsonNode about = JSON.readTree(folder.resolve("about.json").toFile());
        JsonNode cases = JSON.readTree(folder.resolve("cases.json").toFile());
        float[] expected = values(cases.get("expected"));
        try (LoadedModel model = load(folder)) {
            Tensor.Floats actual = (Tensor.Floats) model
                    .run(List.of(rows(cases)), List.of(about.get("output").asText())).getFirst();
            assertThat(actual.shape().dim(0)).isEqualTo(cases.get("rows").size());
            assertThat(actual.values()).hasSize(expected.length);
            for (int i = 0; i < expected.length; i++) {
                assertThat(actual.values()[i]).as("value %s", i)
                        .isCloseTo(expected[i], within((float) about.get("tolerance").asDouble()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"onnx-breast-cancer-logreg", "onnx-digits-mlp"})
    void answersToTheBitAsTheRuntimeCalledDirectly(String name) throws Exception {
        Path folder = fixture(name);
        Tensor.Floats rows = rows(JSON.readTree(folder.resolve("cases.json").toFile()));
        try (LoadedModel model = load(folder)) {
            List<Tensor> answers = model.run(List.of(rows), ModelFolder.names(model));
            Tensor probabilities = answers.getLast();
            assertThat(probabilities.array())
                    .isEqualTo(direct(folder, model.signature().inputs().getFirst().name(), rows));
        }
    }

    /** The session as its makers' own example opens and runs it: no options, a heap buffer. */
    private static float[] direct(Path folder, String input, Tensor.Floats rows) throws OrtException {
        OrtEnvironment environment = Library.environment();
        try (OrtSession session = environment.createSession(folder.resolve("model.onnx").toString());
                OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(rows.values()),
                        rows.shape().toArray());
                OrtSession.Result result = session.run(Map.of(input, tensor))) {
            return ((OnnxTensor) result.get(result.size() - 1)).getFloatBuffer().array();
        }
    }

    private static LoadedModel load(Path folder) throws Exception {
        return ModelFolder.RUNTIME.load(new ModelFiles(folder, List.of("model.onnx"), Map.of()));
    }

    private static Tensor.Floats rows(JsonNode cases) {
        JsonNode rows = cases.get("rows");
        return new Tensor.Floats(Shape.of(rows.size(), rows.get(0).size()), values(rows));
    }

    private static float[] values(JsonNode rows) {
        float[] values = new float[rows.size() * rows.get(0).size()];
        int i = 0;
        for (JsonNode row : rows) {
            for (JsonNode value : row) {
                values[i++] = (float) value.asDouble();
            }
        }
        return values;
    }

    private static Path fixture(String name) throws IOException {
        Path folder = Shared.path("fixtures/" + name);
        assertThat(Files.isDirectory(folder)).as("%s is there", folder).isTrue();
        return folder;
    }
}
