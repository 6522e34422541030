package io.modelyard.runtime;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelyard.model.Example;
import io.modelyard.model.Manifest;
import io.modelyard.tensor.InputRows;
import io.modelyard.tensor.InvalidInputException;
import io.modelyard.tensor.JsonReader;
import io.modelyard.tensor.JsonSyntaxException;
import io.modelyard.tensor.OutputEncoder;
import io.modelyard.tensor.Tensor;
import io.modelyard.tensor.TensorSpec;
import io.modelyard.tensor.ToldOutput;
import io.modelyard.tensor.TooManyRowsException;
import io.modelyard.transform.StepTimes;
import io.modelyard.transform.Transforms;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a manifest's examples. Two numbers agree where they differ by at most the example's tolerance (1e-6 where it has
 * none) times the greater of 1 and the expected number's size.
 */
public final class ExampleCheck {
    private static final double DEFAULT_TOLERANCE = 1e-6;
    private static final int MOST_ROWS = 10_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private ExampleCheck() {}

    /** @throws InvalidModelException naming the first example whose answer is another, with both answers */
    public static void check(DescribedModel model, Manifest manifest) throws InvalidModelException {
        for (int i = 0; i < manifest.examples().size(); i++) {
            Example example = manifest.examples().get(i);
            try {
                String difference = difference(model, example);
                if (difference != null) {
                    throw new InvalidModelException("example " + i + " of the manifest is answered otherwise: "
                            + difference);
                }
            } catch (InvalidInputException | JsonSyntaxException | TooManyRowsException e) {
                throw new InvalidModelException("example " + i + " of the manifest does not fit the model: "
                        + e.getMessage(), e);
            } catch (InferenceException e) {
                throw new InvalidModelException("example " + i + " of the manifest cannot be computed: "
                        + e.getMessage(), e);
            }
        }
    }

    /**
     * What the model answers to inputs in any form of a request, after pre- and post-processing: one element per row, labels
     * left out and what is decided by the values.
     */
    public static JsonNode answer(DescribedModel model, JsonNode inputs) {
        return answer(model, inputs, false);
    }

    private static @Nullable String difference(DescribedModel model, Example example) {
        JsonNode plain = answer(model, example.inputs(), false);
        JsonNode expected = example.outputs();
        if (expected == null) {
            return null;
        }
        double tolerance = example.tolerance() == null ? DEFAULT_TOLERANCE : example.tolerance();
        // Examples may be written as values or as the answers of the API, with labels and decisions.
        if (agree(expected, plain, tolerance)
                || agree(expected, answer(model, example.inputs(), true), tolerance)) {
            return null;
        }
        return "expected " + abridged(expected) + ", got " + abridged(plain);
    }

    private static JsonNode answer(DescribedModel model, JsonNode inputs, boolean asTold) {
        InputRows rows = rows(model, inputs);
        Transforms transforms = model.transforms();
        List<TensorSpec> outputs = model.signature().defaultOutputs();
        List<Tensor> answers = model.run(rows, outputs.stream().map(TensorSpec::name).toList());
        List<ToldOutput> told = asTold
                ? transforms.postprocessing().apply(outputs, answers, new StepTimes())
                : transforms.postprocessing().values(outputs, answers);
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try {
            try (JsonGenerator generator = JSON.createGenerator(json)) {
                new OutputEncoder(generator).writeRows(told, rows.rows());
            }
            return JSON.readTree(json.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Inputs in any form of a request, as the model takes them. */
    static InputRows rows(DescribedModel model, JsonNode inputs) {
        byte[] text = inputs.toString().getBytes(StandardCharsets.UTF_8);
        InputRows rows = model.decoder().decode(new JsonReader(text), "/inputs", MOST_ROWS);
        return model.transforms().preprocessing().apply(rows, new StepTimes());
    }

    private static boolean agree(JsonNode expected, JsonNode actual, double tolerance) {
        if (expected.isNumber() && actual.isNumber()) {
            double want = expected.asDouble();
            return Math.abs(want - actual.asDouble()) <= tolerance * Math.max(1, Math.abs(want));
        }
        if (expected.isArray() && actual.isArray()) {
            if (expected.size() != actual.size()) {
                return false;
            }
            for (int i = 0; i < expected.size(); i++) {
                if (!agree(expected.get(i), actual.get(i), tolerance)) {
                    return false;
                }
            }
            return true;
        }
        // A row of one value may be written with and without brackets.
        if (expected.isArray() && expected.size() == 1) {
            return agree(expected.get(0), actual, tolerance);
        }
        if (expected.isObject() && actual.isObject()) {
            List<String> names = new ArrayList<>();
            expected.fieldNames().forEachRemaining(names::add);
            return names.stream().allMatch(name -> actual.has(name)
                    && agree(expected.get(name), actual.get(name), tolerance));
        }
        return expected.equals(actual);
    }

    private static String abridged(JsonNode node) {
        String text = node.toString();
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }
}
