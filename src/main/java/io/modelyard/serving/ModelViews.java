package io.modelyard.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.artifact.Progress;
import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.model.Routing;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Feature;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.TensorSpec;
import io.modelyard.traffic.Router;
import io.modelyard.traffic.TypeView;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** How types and versions look in the answers of {@code GET /models}. */
final class ModelViews {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ModelViews() {}

    @Serdeable
    record AllTypes(List<OneType> models) {}

    /**
     * @param followsLatest whether the active version is whatever is the latest
     * @param localOverride that the active version is another on this replica alone
     * @param openapi path of the description of what its callers rely on
     */
    @Serdeable
    record OneType(String modelType, @Nullable String activeVersion, boolean followsLatest,
            @Nullable String previousVersion, long revision, Map<String, String> aliases,
            @Nullable LocalView localOverride, String openapi, List<OneVersion> versions) {}

    /** @param replaces the version that is active on other replicas; absent where they follow the latest */
    @Serdeable
    record LocalView(String version, @Nullable String replaces, Instant since, Instant until, String by,
            @Nullable String reason) {
        static LocalView of(LocalOverride override) {
            return new LocalView(override.version(), override.replaced(), override.since(), override.until(),
                    override.by(), override.reason());
        }
    }

    @Serdeable
    record OneVersion(String modelType, String modelVersion, String runtime, boolean active, String state,
            @Nullable String reason, @Nullable Instant retryAt, String digest, long sizeBytes, int files,
            List<Tensor> inputs, List<Tensor> outputs, @Nullable Double loadTimeMs, @Nullable Double warmupTimeMs,
            @Nullable Memory memory, @Nullable Instant lastUsedAt, @Nullable Download download, int inFlight,
            @Nullable BatchingView batching, List<String> warnings,
            Instant createdAt,
            @Nullable String createdBy, Map<String, String> labels, @Nullable Object training,
            @Nullable Deleted deleted, @Nullable Map<String, Object> metrics) {
        /** With what other features measured of it, where they did. */
        OneVersion with(Map<String, Object> measured) {
            return new OneVersion(modelType, modelVersion, runtime, active, state, reason, retryAt, digest, sizeBytes,
                    files, inputs, outputs, loadTimeMs, warmupTimeMs, memory, lastUsedAt, download, inFlight, batching,
                    warnings, createdAt, createdBy, labels, training, deleted, measured.isEmpty() ? null : measured);
        }
    }

    @Serdeable
    record Tensor(String name, String dtype, List<Long> shape, @Nullable List<Column> features,
            @Nullable List<String> labels, @Nullable Boolean onRequest) {}

    @Serdeable
    record Column(String name, @Nullable String unit, @Nullable Double minimum, @Nullable Double maximum) {}

    /**
     * @param gain how many times as fast rows were together as one by one; absent where it could not be measured
     * @param sameBits whether they had the same answers to the last bit; absent likewise
     */
    @Serdeable
    record BatchingView(boolean enabled, int maxBatchSize, long maxDelayUs, @Nullable Double gain,
            @Nullable Boolean sameBits) {
        static BatchingView of(Batching batching) {
            Batching.Trial trial = batching.trial();
            return new BatchingView(batching.enabled(), batching.maxRows(), batching.maxDelay().toNanos() / 1000,
                    trial == null ? null : Math.round(trial.gain() * 10) / 10.0,
                    trial == null ? null : trial.sameBits());
        }
    }

    /**
     * What it takes of this process' memory.
     *
     * @param estimatedFrom {@code measured}, {@code trial} or {@code files}
     * @param measuredBytes absent where that could not be told, or not yet
     */
    @Serdeable
    record Memory(long estimatedBytes, String estimatedFrom, @Nullable Long measuredBytes) {
        static Memory of(ServableMemory memory) {
            return new Memory(memory.estimatedBytes(), memory.basis().word(),
                    memory.measuredBytes().isPresent() ? memory.measuredBytes().getAsLong() : null);
        }
    }

    /** How far the files are, while they are being fetched; shared ones were on this machine already. */
    @Serdeable
    record Download(long bytes, long totalBytes, long sharedBytes) {}

    @Serdeable
    record Deleted(Instant at, @Nullable String by, @Nullable String reason, boolean restorable,
            @Nullable Instant purgedAt) {
        static Deleted of(Routing.Retirement retired) {
            return new Deleted(retired.at(), retired.by(), retired.reason(), retired.isRestorable(),
                    retired.purgedAt());
        }
    }

    static OneType type(TypeView view, Servables servables, Optional<LocalOverride> override) {
        Optional<Model> desired = Router.desired(view, servables);
        Optional<Routing> routing = view.routing();
        return new OneType(view.type(), desired.map(model -> model.id().version()).orElse(null),
                routing.flatMap(Routing::activeVersion).isEmpty(), routing.map(Routing::previous).orElse(null),
                routing.map(Routing::revision).orElse(0L), routing.map(Routing::aliases).orElse(Map.of()),
                override.map(LocalView::of).orElse(null), "/openapi/" + view.type() + ".json",
                view.versions().stream().map(model -> version(model, view, servables, desired)).toList());
    }

    static OneVersion version(Model model, TypeView view, Servables servables) {
        return version(model, view, servables, Router.desired(view, servables));
    }

    private static OneVersion version(Model model, TypeView view, Servables servables,
            Optional<Model> desired) {
        ServableStatus status = servables.status(model);
        Manifest manifest = model.manifest();
        // What was loaded knows more than a manifest that leaves its signature to the model.
        Signature signature = status.signature()
                .orElseGet(() -> new Signature(manifest.inputs(), manifest.outputs(), false));
        JsonNode training = manifest.training();
        Deleted deleted = view.routing().flatMap(routing -> routing.retirement(model.id().version()))
                .map(Deleted::of).orElse(null);
        return new OneVersion(model.id().type(), model.id().version(), manifest.runtime(),
                desired.filter(model::equals).isPresent(), deleted == null ? status.state().name() : "DELETED",
                status.reason().orElse(null), status.retryAt().orElse(null), model.digest(), manifest.totalSize(),
                manifest.files().size(), signature.inputs().stream().map(ModelViews::tensor).toList(),
                signature.outputs().stream().map(ModelViews::tensor).toList(), millis(status.loadTime()),
                millis(status.warmupTime()), status.memory().map(Memory::of).orElse(null),
                status.lastUsed().orElse(null),
                servables.progress(model).map(ModelViews::download).orElse(null), status.inFlight(),
                status.batching().map(BatchingView::of).orElse(null), status.warnings(),
                manifest.createdAt(), manifest.createdBy(), manifest.labels(), training == null ? null : tree(training),
                deleted,
                null);
    }

    private static Download download(Progress progress) {
        return new Download(progress.bytes(), progress.totalBytes(), progress.sharedBytes());
    }

    private static Tensor tensor(TensorSpec spec) {
        DataType dtype = spec.dtype();
        Shape shape = spec.shape();
        return new Tensor(spec.name(), dtype.jsonName(), LongStream.of(shape.toArray()).boxed().toList(),
                spec.features().isEmpty() ? null : spec.features().stream().map(ModelViews::column).toList(),
                spec.labels().isEmpty() ? null : spec.labels(), spec.onRequest() ? true : null);
    }

    private static Column column(Feature feature) {
        return new Column(feature.name(), feature.unit(), feature.minimum(), feature.maximum());
    }

    private static @Nullable Double millis(Optional<Duration> duration) {
        return duration.map(time -> time.toNanos() / 1e6).orElse(null);
    }

    /** As maps, lists and values, which is what answers are made of. */
    static Object tree(JsonNode node) {
        return JSON.convertValue(node, Object.class);
    }
}
