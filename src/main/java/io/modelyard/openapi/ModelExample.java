package io.modelyard.openapi;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.model.Example;
import io.modelyard.tensor.InputDecoder;
import io.modelyard.tensor.InputRows;
import io.modelyard.tensor.InvalidInputException;
import io.modelyard.tensor.JsonReader;
import io.modelyard.tensor.JsonSyntaxException;
import io.modelyard.tensor.OutputEncoder;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.TensorSpec;
import io.modelyard.tensor.TooManyRowsException;
import io.modelyard.transform.Transforms;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The first example of a manifest as request and answer of the API. The model was seen to answer it so, or it would not be
 * served.
 *
 * @param named its rows by name, where they can be told so and are short enough to be read
 * @param answered the predictions, in the form in which they are told; null where the example has none
 */
record ModelExample(JsonNode inputs, @Nullable JsonNode named, @Nullable JsonNode answered) {
    /** Pixels are better read as rows. */
    private static final int MOST_NAMES = 40;
    private static final int MOST_ROWS = 1000;
    private static final ObjectMapper JSON = new ObjectMapper();

    static Optional<ModelExample> of(ServedType served) {
        return served.manifest().examples().stream().findFirst().map(example -> served.transforms()
                .map(transforms -> of(example, transforms))
                .orElseGet(() -> new ModelExample(example.inputs(), null, null)));
    }

    private static ModelExample of(Example example, Transforms transforms) {
        InputDecoder decoder = transforms.preprocessing().decoder();
        return new ModelExample(example.inputs(), named(example.inputs(), decoder.columnNames()),
                example.outputs() == null ? null : answered(example.outputs(), transforms));
    }

    /** Rows as arrays, made to rows by name. */
    private static @Nullable JsonNode named(JsonNode inputs, List<String> names) {
        if (names.isEmpty() || names.size() > MOST_NAMES || !inputs.isArray() || inputs.isEmpty()) {
            return null;
        }
        if (!inputs.get(0).isArray()) {
            return inputs.size() == names.size() && inputs.get(0).isValueNode() ? row(inputs, names) : null;
        }
        ArrayNode rows = JSON.createArrayNode();
        for (JsonNode row : inputs) {
            if (row.size() != names.size()) {
                return null;
            }
            rows.add(row(row, names));
        }
        return rows;
    }

    private static ObjectNode row(JsonNode values, List<String> names) {
        ObjectNode row = JSON.createObjectNode();
        for (int column = 0; column < names.size(); column++) {
            row.set(names.get(column), values.get(column));
        }
        return row;
    }

    /** What the manifest has as values is told with labels and decisions; what it has as an answer stays. */
    private static @Nullable JsonNode answered(JsonNode outputs, Transforms transforms) {
        Signature signature = transforms.preprocessing().decoder().signature();
        List<TensorSpec> specs = signature.defaultOutputs();
        if (!signature.isBatched()) {
            return null;
        }
        try {
            // Outputs are written as inputs are.
            InputRows values = new InputDecoder(new Signature(specs.stream()
                    .map(spec -> TensorSpec.of(spec.name(), spec.dtype(), spec.shape())).toList(), List.of(), true))
                    .decode(new JsonReader(outputs.toString().getBytes(StandardCharsets.UTF_8)), "/outputs", MOST_ROWS);
            ByteArrayOutputStream told = new ByteArrayOutputStream();
            try (JsonGenerator json = JSON.createGenerator(told)) {
                new OutputEncoder(json).writeRows(
                        transforms.postprocessing().decide(specs, values.tensors()), values.rows());
            }
            return JSON.readTree(told.toByteArray());
        } catch (InvalidInputException | JsonSyntaxException | TooManyRowsException e) {
            return outputs.isArray() && outputs.path(0).has("label") ? outputs : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
