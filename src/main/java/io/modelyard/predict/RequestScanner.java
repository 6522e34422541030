package io.modelyard.predict;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelyard.model.ServingFailure;
import io.modelyard.tensor.InputProblem;
import io.modelyard.tensor.JsonReader;
import io.modelyard.tensor.JsonSyntaxException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Scans the body of a prediction once: finds the members that choose the model, and notes where the inputs stand. Knows the
 * names that hand-written services give to the same members. For one body.
 */
final class RequestScanner {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final byte[] body;
    private final JsonReader reader;
    private final List<InputProblem> problems = new ArrayList<>();
    private @Nullable String inputsName;
    private int inputsFrom;
    private int inputsTo;
    private List<String> outputs = List.of();
    private @Nullable JsonNode preprocessing;
    private @Nullable JsonNode postprocessing;
    private @Nullable String type;
    private @Nullable String version;
    private boolean joinsExperiments = true;

    private RequestScanner(byte[] body) {
        this.body = body;
        this.reader = new JsonReader(body);
    }

    /**
     * @throws ServingFailure.MalformedJson if the body is not a JSON object
     * @throws ServingFailure.InvalidInput if a member is unknown, twice there or of the wrong kind, or inputs are missing
     */
    static PredictionRequest scan(byte[] body) {
        try {
            return new RequestScanner(body).scan();
        } catch (JsonSyntaxException e) {
            throw new ServingFailure.MalformedJson(body.length == 0
                    ? "the body is empty; send {\"inputs\": …}"
                    : "the body is not JSON: " + e.describe(body));
        }
    }

    private PredictionRequest scan() {
        if (reader.peek() != '{' && reader.peek() != -1) {
            reader.skip();
            reader.end();
            throw invalid("", "expected an object: {\"inputs\": …}");
        }
        for (boolean more = reader.openObject(); more; more = reader.nextInObject()) {
            member(reader.name());
        }
        reader.end();
        String inputs = inputsName;
        if (inputs == null) {
            problem("inputs", "this member is missing: the rows to predict");
        }
        if (!problems.isEmpty() || inputs == null) {
            throw new ServingFailure.InvalidInput(problems);
        }
        return new PredictionRequest(body, inputs, inputsFrom, inputsTo, outputs, preprocessing, postprocessing, type,
                version, joinsExperiments);
    }

    private void member(String name) {
        switch (name) {
            case "inputs", "input_data", "features", "input" -> inputs(name);
            case "outputs" -> outputs = names(name);
            case "preprocessing" -> preprocessing = tree();
            case "postprocessing" -> postprocessing = tree();
            case "model_type", "modelName", "model_name" -> type = once(name, type);
            case "model_version", "modelVersion" -> version = once(name, version);
            case "use_ab_testing" -> joinsExperiments = flag(name, true);
            case "batch" -> flag(name, true);
            case "maxBatchSize" -> number(name);
            default -> {
                reader.skip();
                problem(name, "there is no such member; there are inputs, outputs, preprocessing, postprocessing, "
                        + "model_type and model_version");
            }
        }
    }

    private void inputs(String name) {
        inputsFrom = reader.position();
        // Decoding checks them; to pass them twice with all checks cost more than decoding.
        reader.skipUnchecked();
        inputsTo = reader.position();
        if (inputsName != null) {
            problem(name, "the inputs are there twice, as '" + inputsName + "' too");
        }
        inputsName = name;
    }

    private List<String> names(String name) {
        List<String> names = new ArrayList<>();
        if (reader.peek() != '[') {
            reader.skip();
            problem(name, "expected an array of names of outputs");
            return names;
        }
        for (boolean more = reader.openArray(); more; more = reader.nextInArray()) {
            if (reader.peek() == '"') {
                names.add(reader.string());
            } else {
                reader.skip();
                problem(name, "expected an array of names of outputs");
            }
        }
        return names;
    }

    private @Nullable String once(String name, @Nullable String before) {
        String value;
        int from = reader.position();
        switch (reader.peek()) {
            case '"' -> value = reader.string();
            case 'n' -> {
                reader.nullValue();
                return before;
            }
            // A version 3 is meant as "3".
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
                reader.number();
                value = new String(body, from, reader.position() - from, StandardCharsets.US_ASCII)
                        .strip();
            }
            default -> {
                reader.skip();
                problem(name, "expected a string");
                return before;
            }
        }
        if (before != null && !before.equals(value)) {
            problem(name, "'" + value + "' contradicts '" + before + "', which the body says too");
        }
        return value;
    }

    private boolean flag(String name, boolean otherwise) {
        switch (reader.peek()) {
            case 't', 'f' -> {
                return reader.bool();
            }
            case 'n' -> reader.nullValue();
            default -> {
                reader.skip();
                problem(name, "expected true or false");
            }
        }
        return otherwise;
    }

    private void number(String name) {
        int next = reader.peek();
        reader.skip();
        if (next != 'n' && next != '-' && (next < '0' || next > '9')) {
            problem(name, "expected a number");
        }
    }

    /** Small members are read as trees. */
    private JsonNode tree() {
        int from = reader.position();
        reader.skip();
        try {
            return JSON.readTree(body, from, reader.position() - from);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void problem(String name, String detail) {
        if (problems.size() < 10) {
            problems.add(new InputProblem("/" + name.replace("~", "~0").replace("/", "~1"), detail));
        }
    }

    private static ServingFailure invalid(String pointer, String detail) {
        return new ServingFailure.InvalidInput(List.of(new InputProblem(pointer, detail)));
    }
}
