package io.modelyard.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.modelyard.runtime.InvalidModelException;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A folder that MLflow saved a model in, as its file {@code MLmodel} describes it.
 *
 * @param flavor the one that is served, {@code xgboost} for example
 * @param data the model's file or folder, relative, with forward slashes
 * @param options the runtime's options that the flavor says
 * @see <a href="https://mlflow.org/docs/latest/ml/model/">the format</a>
 */
record MlflowFolder(Path folder, String flavor, String data, Map<String, JsonNode> options, Provenance provenance) {
    static final String FILE = "MLmodel";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> SERVED = List.of("xgboost", "onnx", "tensorflow", "keras");
    private static final List<String> WHERE = List.of("data", "saved_model_dir", "model_data");
    private static final List<String> FACTS = List.of("run_id", "model_id", "mlflow_version", "metrics", "params",
            "metadata");

    /** @throws InvalidModelException if it cannot be read, or none of its flavors is served */
    static MlflowFolder read(Path folder) throws InvalidModelException, IOException {
        JsonNode model = parse(folder.resolve(FILE));
        JsonNode flavors = model.path("flavors");
        for (String flavor : SERVED) {
            if (flavors.path(flavor).isObject()) {
                return of(folder, flavor, model);
            }
        }
        throw new InvalidModelException(MlflowConversion.of(folder, flavors));
    }

    /** What to do where the flavor's files are in a format that is not served. */
    String conversion() {
        return MlflowConversion.ofData(folder, flavor, data);
    }

    private static MlflowFolder of(Path folder, String flavor, JsonNode model) throws InvalidModelException {
        JsonNode options = model.path("flavors").path(flavor);
        JsonNode python = model.path("flavors").path("python_function");
        String data = null;
        for (String key : WHERE) {
            if (data == null && options.path(key).isTextual()) {
                data = options.path(key).asText();
            }
        }
        if (data == null && python.path("data").isTextual()) {
            data = python.path("data").asText();
        }
        if (data == null) {
            throw new InvalidModelException(folder.resolve(FILE) + " does not say where the flavor " + flavor
                    + " keeps its model: save it again with a newer mlflow");
        }
        Path inside = Path.of(data).normalize();
        if (inside.isAbsolute() || inside.startsWith("..")) {
            throw new InvalidModelException(folder.resolve(FILE) + " names '" + data
                    + "' as the model, which is outside the folder");
        }
        JsonNode signature = options.path("signature_def_key");
        Map<String, JsonNode> runtimeOptions = signature.isTextual()
                ? Map.of("signature", TextNode.valueOf(signature.asText()))
                : Map.of();
        return new MlflowFolder(folder, flavor, FolderListing.slashed(inside), runtimeOptions,
                new Provenance(columns(model), example(folder, model), training(flavor, options, model)));
    }

    private static JsonNode parse(Path file) throws InvalidModelException, IOException {
        try {
            JsonNode model = JSON
                    .valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file)));
            if (model.path("flavors").isObject()) {
                return model;
            }
        } catch (YAMLException | IllegalArgumentException e) {
            throw new InvalidModelException(file + " is not the YAML that MLflow writes: " + e.getMessage(), e);
        }
        throw new InvalidModelException(file + " names no flavors, so it is not what MLflow writes");
    }

    /** The names in the signature, which stands in the YAML as the text of a JSON array. */
    private static List<String> columns(JsonNode model) {
        JsonNode inputs = model.path("signature").path("inputs");
        List<String> names = new ArrayList<>();
        try {
            for (JsonNode column : inputs.isTextual() ? JSON.readTree(inputs.asText()) : inputs) {
                if (!column.path("name").isTextual() || column.path("type").asText().equals("tensor")) {
                    return List.of();
                }
                names.add(column.path("name").asText());
            }
            return names;
        } catch (JsonProcessingException unreadable) {
            // Names are a comfort: the model is served without.
            return List.of();
        }
    }

    private static @Nullable JsonNode example(Path folder, JsonNode model) {
        String name = model.path("saved_input_example_info").path("artifact_path").asText("input_example.json");
        Path file = folder.resolve(name).normalize();
        if (!file.startsWith(folder) || !Files.isRegularFile(file)) {
            return null;
        }
        try {
            return InputExample.firstRow(JSON.readTree(Files.readAllBytes(file)));
        } catch (IOException unreadable) {
            // So is an example: one is made where there is none.
            return null;
        }
    }

    private static ObjectNode training(String flavor, JsonNode options, JsonNode model) {
        ObjectNode training = JsonNodeFactory.instance.objectNode();
        String version = "";
        for (Map.Entry<String, JsonNode> option : options.properties()) {
            if (option.getKey().equals(flavor + "_version") || option.getKey().equals("xgb_version")) {
                version = " " + option.getValue().asText();
            }
        }
        training.put("framework", flavor + version);
        for (String fact : FACTS) {
            JsonNode value = model.path(fact);
            if (!value.isMissingNode() && !value.isNull() && !(value.isContainerNode() && value.isEmpty())) {
                training.set(fact, value);
            }
        }
        if (model.path("utc_time_created").isTextual()) {
            training.put("saved_at", model.path("utc_time_created").asText());
        }
        return training;
    }
}
