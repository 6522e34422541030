package io.modelyard.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.tensor.TensorSpec;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Describes one version. Its presence in the store publishes the version; it never changes.
 *
 * @param push the push-id under which the files lie, or null where they lie in the version's plain path
 * @param inputs empty where the model itself says them
 * @param outputs empty where the model itself says them
 * @param preprocessing JSON object, or null
 * @param postprocessing JSON object, or null
 * @param runtimeOptions options of the runtime, {@code signature} of a SavedModel for example
 * @param training free-form facts about how the model came to be
 */
public record Manifest(int schemaVersion, String type, String version, String runtime, @Nullable String push,
        List<ArtifactFile> files, List<TensorSpec> inputs, List<TensorSpec> outputs, List<Example> examples,
        @Nullable JsonNode preprocessing, @Nullable JsonNode postprocessing, boolean overridable,
        Map<String, JsonNode> runtimeOptions, @Nullable CacheOptions cache, @Nullable LogOptions log,
        @Nullable BatchingOptions batching, @Nullable JsonNode training, Instant createdAt, @Nullable String createdBy,
        Map<String, String> labels) {

    /**
     * Whether and how long answers may be kept.
     *
     * @param deterministic false where the same inputs have other outputs each time: then answers are never kept
     */
    public record CacheOptions(@Nullable Boolean enabled, @Nullable Integer ttlSeconds,
            @Nullable Boolean deterministic) {}

    /** What of a request is kept: {@code inputs} is {@code full} or {@code none}. */
    public record LogOptions(@Nullable String inputs) {}

    /**
     * Whether and how requests are joined; what is left out is the server's.
     *
     * @param maxBatchSize rows
     * @param maxDelayUs microseconds
     */
    public record BatchingOptions(@Nullable Boolean enabled, @Nullable Integer maxBatchSize,
            @Nullable Integer maxDelayUs) {}

    public Manifest {
        files = List.copyOf(files);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        examples = List.copyOf(examples);
        runtimeOptions = Map.copyOf(runtimeOptions);
        labels = Map.copyOf(labels);
    }

    /** The same under another push. */
    public Manifest withPush(String push) {
        return new Manifest(schemaVersion, type, version, runtime, push, files, inputs, outputs, examples,
                preprocessing,
                postprocessing, overridable, runtimeOptions, cache, log, batching, training, createdAt, createdBy,
                labels);
    }

    /** The same with other examples. */
    public Manifest withExamples(List<Example> examples) {
        return new Manifest(schemaVersion, type, version, runtime, push, files, inputs, outputs, examples,
                preprocessing,
                postprocessing, overridable, runtimeOptions, cache, log, batching, training, createdAt, createdBy,
                labels);
    }

    public ModelId id() {
        return new ModelId(type, version);
    }

    /** Whether the request log keeps the inputs of this model's predictions. */
    public boolean logsInputs() {
        return log == null || !"none".equals(log.inputs());
    }

    /** The key prefix, ending with a slash, under which the files lie in the store. */
    public String filesPrefix() {
        return "models/" + type + "/" + version + "/" + (push == null ? "" : push + "/");
    }

    public long totalSize() {
        return files.stream().mapToLong(ArtifactFile::size).sum();
    }
}
