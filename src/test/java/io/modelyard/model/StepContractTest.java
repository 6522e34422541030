package io.modelyard.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Feature;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.TensorSpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

final class StepContractTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{}                                                  | {'mean': 3, 'fill': 1}                              | ``",
            "{'map': {'b': {'categories': ['x']}}}               | {'map': [null, {'categories': {'x': 7, 'y': 8}}]}   | ``",
            "{'map': {'b': {'categories': ['x'], 'unknown': 1}}} | {'map': {'b': {'categories': ['z'], 'unknown': 1}}} | ``",
            "{'map': {'b': {'categories': ['x']}}}               | {}                                                  | takes no categories any more",
            "{}                                                  | {'map': {'b': {'categories': ['x']}}}               | 'b' takes categories, was a number",
            "{'map': {'b': {'categories': ['x', 'y']}}}          | {'map': {'b': {'categories': {'x': 1}}}}            | no category 'y' any more",
            "{'map': {'b': {'categories': ['x'], 'unknown': 1}}} | {'map': {'b': {'categories': ['x']}}}               | refuses unknown categories"})
    void inputsStayAcceptable(String old, String now, String difference) {
        demand(StepContract.differences(manifest(old, "{}"), manifest(now, "{}")), difference);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{}                  | {'labels': true, 'round': 3} | ``",
            "{'threshold': 0.5}  | {'threshold': 0.6}           | ``",
            "{}                  | {'labels': false}            | other labels",
            "{'labels': ['a']}   | {'labels': ['b']}            | other labels",
            "{}                  | {'top_k': 3}                 | top_k is new",
            "{'threshold': 0.5}  | {}                           | threshold is gone"})
    void answersKeepTheirForm(String old, String now, String difference) {
        demand(StepContract.differences(manifest("{}", old), manifest("{}", now)), difference);
    }

    private static void demand(List<String> differences, String expected) {
        if (expected.isEmpty()) {
            assertThat(differences).isEmpty();
        } else {
            assertThat(differences).singleElement().asString().contains(expected);
        }
    }

    private static Manifest manifest(String preprocessing, String postprocessing) {
        TensorSpec input = TensorSpec.of("x", DataType.FLOAT32, Shape.of(-1, 2))
                .withFeatures(Stream.of("a", "b").map(Feature::named).toList());
        return new Manifest(1, "type", "1", "onnx", null, List.of(), List.of(input), List.of(), List.of(),
                json(preprocessing), json(postprocessing), true, Map.of(), null, null, null, null, Instant.EPOCH, null,
                Map.of());
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }
}
