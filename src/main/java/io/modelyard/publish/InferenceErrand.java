package io.modelyard.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.model.Manifest;
import io.modelyard.model.ModelId;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.DocumentFormat;
import io.modelyard.registry.DocumentMapper;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.ModelFiles;
import io.modelyard.runtime.ModelRuntime;
import io.modelyard.trial.Errand;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** {@link Inference} in a child process. */
public final class InferenceErrand implements Errand {
    private static final ObjectMapper DOCUMENTS = DocumentMapper.create();
    private static final String MANIFEST = "manifest";
    private static final String INVALID_MANIFEST = "invalid_manifest";

    /** @param runtime its name */
    private record Task(String type, String version, String runtime, String root, List<String> paths,
            ObjectNode options,
            List<String> columns, JsonNode exampleInputs, ObjectNode training, String by, JsonNode fields,
            Instant at) {}

    static JsonNode task(ModelId id, ModelSource source, String by, ManifestFields fields, Instant at) {
        ModelFiles files = source.files();
        Provenance provenance = source.provenance();
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        files.options().forEach(options::set);
        return DOCUMENTS.valueToTree(new Task(id.type(), id.version(), source.runtime().name(), files.root().toString(),
                files.paths(), options, provenance.columns(), provenance.exampleInputs() == null
                        ? JsonNodeFactory.instance.nullNode()
                        : provenance.exampleInputs(),
                provenance.training(), by, fields.said(), at));
    }

    /**
     * What the child found.
     *
     * @throws ServingFailure.InvalidManifest if it found the fields wrong
     */
    static Manifest manifest(JsonNode answer) {
        if (answer.has(INVALID_MANIFEST)) {
            throw new ServingFailure.InvalidManifest(answer.get(INVALID_MANIFEST).asText());
        }
        return read(answer.get(MANIFEST), Manifest.class);
    }

    @Override
    public String runtime(JsonNode task) {
        return task.path("runtime").asText();
    }

    @Override
    public JsonNode run(JsonNode json, List<ModelRuntime> runtimes) throws InvalidModelException {
        Task task = read(json, Task.class);
        ModelRuntime runtime = runtimes.stream().filter(each -> each.name().equals(task.runtime())).findFirst()
                .orElseThrow(() -> new IllegalStateException("the child has no runtime " + task.runtime()));
        ModelFiles files = new ModelFiles(Path.of(task.root()), task.paths(),
                DOCUMENTS.convertValue(task.options(), DOCUMENTS.getTypeFactory().constructMapType(Map.class,
                        String.class, JsonNode.class)));
        ModelSource source = new ModelSource(runtime, files,
                new Provenance(task.columns(), task.exampleInputs().isNull() ? null : task.exampleInputs(),
                        task.training()));
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        try {
            Manifest manifest = new Inference(Clock.fixed(task.at(), ZoneOffset.UTC), new DocumentFormat()).infer(
                    new ModelId(task.type(), task.version()), source, task.by(),
                    ManifestFields.parse(task.fields().toString().getBytes(StandardCharsets.UTF_8)));
            return answer.set(MANIFEST, DOCUMENTS.valueToTree(manifest));
        } catch (ServingFailure.InvalidManifest e) {
            return answer.put(INVALID_MANIFEST, e.detail());
        }
    }

    private static <T> T read(JsonNode json, Class<T> type) {
        try {
            return DOCUMENTS.treeToValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("what the other process wrote cannot be read", e);
        }
    }
}
