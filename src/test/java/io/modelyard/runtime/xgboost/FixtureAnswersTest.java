package io.modelyard.runtime.xgboost;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelyard.Shared;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.runtime.ModelFiles;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Models that were trained by other versions elsewhere, with the answers that those gave. */
final class FixtureAnswersTest {
    @ParameterizedTest
    @CsvSource({
            "xgboost-breast-cancer, model.ubj, probabilities", "xgboost-breast-cancer, model.json, probabilities",
            "xgboost-digits, model.ubj, probabilities", "xgboost-digits, model.json, probabilities",
            "xgboost-diabetes-v34, model.ubj, prediction", "xgboost-diabetes-v34, model.json, prediction",
            "xgboost-wine-v34, model.ubj, probabilities", "xgboost-wine-v34, model.json, probabilities"})
    void answersAreTheRecordedOnesToTheBit(String fixture, String file, String main) throws Exception {
        Path folder = folder(fixture);
        JsonNode cases = new ObjectMapper().readTree(Files.readAllBytes(folder.resolve("cases.json")));
        try (LoadedModel model = new XgboostRuntime().load(new ModelFiles(folder, List.of(file), Map.of()))) {
            Signature signature = model.signature();
            assertThat(signature.outputs()).extracting(output -> output.name()).containsExactly(main, "margin");
            assertThat(signature.defaultOutputs()).extracting(output -> output.name()).containsExactly(main);
            assertThat(model.warnings()).isEmpty();
            float[] rows = floats(cases.get("rows"));
            Shape shape = Shape.of(cases.get("rows").size(), cases.get("rows").get(0).size());
            assertThat(signature.inputs().getFirst().shape().accepts(shape)).isTrue();
            List<Tensor> answers = model.run(List.of(new Tensor.Floats(shape, rows)), List.of(main, "margin"));
            assertThat((float[]) answers.getFirst().array()).isEqualTo(floats(cases.get("expected")));
            assertThat((float[]) answers.getLast().array()).isEqualTo(floats(cases.get("margin")));
        }
    }

    private static Path folder(String fixture) {
        return Shared.path("fixtures/" + fixture);
    }

    /** All numbers within, in order; null is a missing value. */
    private static float[] floats(JsonNode node) {
        List<Float> values = new ArrayList<>();
        collect(node, values);
        float[] array = new float[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.get(i);
        }
        return array;
    }

    private static void collect(JsonNode node, List<Float> into) {
        if (node.isArray()) {
            node.forEach(each -> collect(each, into));
        } else {
            into.add(node.isNull() ? Float.NaN : (float) node.asDouble());
        }
    }
}
