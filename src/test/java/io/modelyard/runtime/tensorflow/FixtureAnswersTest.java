package io.modelyard.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import io.modelyard.Shared;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.Tensor;
import io.modelyard.tensor.TensorSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.Example;
import org.tensorflow.proto.FloatList;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Models that other programs made, against the answers that came with them. */
final class FixtureAnswersTest {
    private static final TensorflowRuntime RUNTIME = new TensorflowRuntime(
            new TensorflowConfiguration(List.of(), 1, 0), Runnable::run);

    @ParameterizedTest
    @ValueSource(strings = {"tensorflow-digits-mlp", "tensorflow-half-plus-two"})
    void answersAsTheLibraryThatTrainedTheModel(String name) throws Exception {
        Path fixture = fixture(name);
        JsonNode about = new ObjectMapper().readTree(fixture.resolve("about.json").toFile());
        JsonNode cases = new ObjectMapper().readTree(fixture.resolve("cases.json").toFile());
        try (LoadedModel model = load(fixture, Map.of())) {
            assertThat(model.warnings()).isEmpty();
            TensorSpec input = model.signature().inputs().getFirst();
            assertThat(input.name()).isEqualTo(about.get("input").asText());
            Tensor answer = model
                    .run(List.of(new Tensor.Floats(shape(cases.get("rows")), floats(cases.get("rows")))),
                            List.of(about.get("output").asText()))
                    .getFirst();
            assertThat(answer.shape()).isEqualTo(shape(cases.get("expected")));
            assertThat((float[]) answer.array()).usingComparatorWithPrecision((float) about.get("tolerance").asDouble())
                    .containsExactly(floats(cases.get("expected")));
        }
    }

    @Test
    void readsTheSignatureOfTheDigits() throws Exception {
        try (LoadedModel model = load(fixture("tensorflow-digits-mlp"), Map.of())) {
            assertThat(model.signature()).isEqualTo(
                    new Signature(List.of(TensorSpec.of("pixels", DataType.FLOAT32, Shape.of(-1, 64))),
                            List.of(TensorSpec.of("probabilities", DataType.FLOAT32, Shape.of(-1, 10))), false));
        }
    }

    /** Four of the five signatures of TensorFlow Serving's hello-world take and give other tensors than the default. */
    @ParameterizedTest
    @CsvSource({"serving_default, x, float32, y", "regress_x2_to_y3, inputs, float32, outputs",
            "regress_x_to_y, inputs, string, outputs", "regress_x_to_y2, inputs, string, outputs",
            "classify_x_to_y, inputs, string, scores"})
    void servesEverySignatureOfHalfPlusTwo(String signature, String input, String type, String output)
            throws Exception {
        Path fixture = fixture("tensorflow-half-plus-two");
        try (LoadedModel model = load(fixture, Map.of("signature", new TextNode(signature)))) {
            assertThat(model.signature().inputs()).singleElement().satisfies(spec -> {
                assertThat(spec.name()).isEqualTo(input);
                assertThat(spec.dtype().jsonName()).isEqualTo(type);
                assertThat(spec.shape()).isEqualTo(type.equals("string") ? Shape.of(-1) : Shape.of(-1, 1));
            });
            assertThat(model.signature().outputs())
                    .containsExactly(TensorSpec.of(output, DataType.FLOAT32, Shape.of(-1, 1)));
            // As a float, 2 is made of bytes that are UTF-8 text.
            Tensor two = type.equals("string")
                    ? new Tensor.Strings(Shape.of(1), new String[]{text(example("x", 2))})
                    : new Tensor.Floats(Shape.of(1, 1), new float[]{2});
            float answer = ((float[]) model.run(List.of(two), List.of(output)).getFirst().array())[0];
            // Those that give y2 and y3 add three to the half, and y3 takes x2.
            assertThat(answer).isCloseTo(signature.endsWith("_y") || signature.equals("serving_default") ? 3f : 4f,
                    within(1e-6f));
        }
    }

    @Test
    void takesSerializedExamplesAsBase64WhereTheManifestSaysSo() throws Exception {
        Path fixture = fixture("tensorflow-half-plus-two");
        try (LoadedModel model = load(fixture,
                Map.of("signature", new TextNode("regress_x_to_y"), "base64", new TextNode("inputs")))) {
            // The bytes of 1.1f are no UTF-8 text.
            String packed = Base64.getEncoder().encodeToString(example("x", 1.1f).toByteArray());
            Tensor answer = model
                    .run(List.of(new Tensor.Strings(Shape.of(1), new String[]{packed})), List.of("outputs"))
                    .getFirst();
            assertThat((float[]) answer.array()).containsExactly(1.1f / 2 + 2);
        }
    }

    private static Example example(String feature, float value) {
        Example.Builder example = Example.newBuilder();
        example.getFeaturesBuilder().putFeature(feature, org.tensorflow.proto.Feature.newBuilder()
                .setFloatList(FloatList.newBuilder().addValue(value)).build());
        return example.build();
    }

    private static String text(Example example) {
        return new String(example.toByteArray(), StandardCharsets.UTF_8);
    }

    private static LoadedModel load(Path fixture, Map<String, JsonNode> options) throws Exception {
        return RUNTIME.load(TestSavedModels.files(fixture.resolve("saved_model"), options));
    }

    private static Path fixture(String name) {
        return Shared.path("fixtures/" + name);
    }

    private static Shape shape(JsonNode rows) {
        return Shape.of(rows.size(), rows.get(0).size());
    }

    private static float[] floats(JsonNode rows) {
        float[] values = new float[rows.size() * rows.get(0).size()];
        int next = 0;
        for (JsonNode row : rows) {
            for (JsonNode value : row) {
                values[next++] = (float) value.asDouble();
            }
        }
        return values;
    }
}
