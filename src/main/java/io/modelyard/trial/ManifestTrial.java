package io.modelyard.trial;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.model.Manifest;
import io.modelyard.registry.DocumentMapper;
import io.modelyard.runtime.DescribedModel;
import io.modelyard.runtime.ExampleCheck;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.ModelFiles;
import io.modelyard.runtime.ModelRuntime;

import java.nio.file.Path;
import java.util.List;

/** Loads a model and runs the examples of its manifest, exactly as a server does. */
public final class ManifestTrial implements Errand {
    private static final ObjectMapper DOCUMENTS = DocumentMapper.create();
    private static final String MANIFEST = "manifest";
    private static final String ROOT = "root";
    private static final String PATHS = "paths";

    static JsonNode task(Manifest manifest, ModelFiles files) {
        ObjectNode task = JsonNodeFactory.instance.objectNode();
        task.set(MANIFEST, DOCUMENTS.valueToTree(manifest));
        task.put(ROOT, files.root().toAbsolutePath().toString());
        files.paths().forEach(task.putArray(PATHS)::add);
        return task;
    }

    @Override
    public String runtime(JsonNode task) {
        return task.path(MANIFEST).path("runtime").asText();
    }

    @Override
    public JsonNode run(JsonNode task, List<ModelRuntime> runtimes) throws InvalidModelException {
        Manifest manifest = manifest(task.get(MANIFEST));
        ModelFiles files = new ModelFiles(Path.of(task.get(ROOT).asText()),
                DOCUMENTS.convertValue(task.get(PATHS), DOCUMENTS.getTypeFactory().constructCollectionType(List.class,
                        String.class)),
                manifest.runtimeOptions());
        ModelRuntime runtime = runtimes.stream().filter(each -> each.name().equals(manifest.runtime())).findFirst()
                .orElseThrow(() -> new IllegalStateException("the child has no runtime " + manifest.runtime()));
        try (DescribedModel model = DescribedModel.load(runtime, files, manifest)) {
            ExampleCheck.check(model, manifest);
        }
        return JsonNodeFactory.instance.objectNode();
    }

    private static Manifest manifest(JsonNode document) {
        try {
            return DOCUMENTS.treeToValue(document, Manifest.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the server sent a manifest that cannot be read", e);
        }
    }
}
