package io.modelyard.serving;

import com.fasterxml.jackson.databind.JsonNode;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.security.annotation.Secured;
import io.modelyard.model.Caller;
import io.modelyard.model.Example;
import io.modelyard.model.Model;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistrySnapshot;
import io.modelyard.runtime.DescribedModel;
import io.modelyard.tensor.SignatureSchema;
import io.modelyard.tensor.TensorSpec;
import io.modelyard.traffic.Router;
import io.modelyard.traffic.TypeView;
import io.swagger.v3.oas.annotations.Parameter;
import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What is served, and how it stands on this replica. */
@Controller("/models")
final class ModelsController {
    private final Registry registry;
    private final Servables servables;
    private final LocalOverrides overrides;
    private final StandIns standIns;
    private final List<ModelMetrics> metrics;

    ModelsController(Registry registry, Servables servables, LocalOverrides overrides, StandIns standIns,
            List<ModelMetrics> metrics) {
        this.registry = registry;
        this.servables = servables;
        this.overrides = overrides;
        this.standIns = standIns;
        this.metrics = List.copyOf(metrics);
    }

    /** Every type that the caller sees, with its versions. */
    @Get
    @Secured("read")
    ModelViews.AllTypes list(@Parameter(hidden = true) Caller caller) {
        RegistrySnapshot snapshot = registry.current();
        return new ModelViews.AllTypes(snapshot.types().stream().filter(caller::sees)
                .map(type -> ModelViews.type(overrides.view(snapshot, type), servables, overrides.of(type)))
                .toList());
    }

    /** One type with its versions, the latest first. */
    @Get("/{type}")
    @Secured("read")
    ModelViews.OneType type(@PathVariable String type, @Parameter(hidden = true) Caller caller) {
        return ModelViews.type(view(type, caller), servables, overrides.of(type));
    }

    /** One version, or what an alias names. */
    @Get("/{type}/{version}")
    @Secured("read")
    ModelViews.OneVersion version(@PathVariable String type, @PathVariable String version,
            @Parameter(hidden = true) Caller caller) {
        TypeView view = view(type, caller);
        Model model = find(view, version);
        Map<String, Object> measured = new TreeMap<>();
        metrics.forEach(each -> each.of(model).ifPresent(values -> measured.put(each.name(), values)));
        return ModelViews.version(model, view, servables).with(measured);
    }

    /** JSON Schema of a prediction's body, with the examples of the manifest; loads the model if it must. */
    @Get(value = "/{type}/{version}/schema", produces = {"application/schema+json", "application/json"})
    @Secured("predict")
    CompletionStage<Map<String, Object>> schema(@PathVariable String type, @PathVariable String version,
            @Parameter(hidden = true) Caller caller) {
        Model model = Router.choose(view(type, caller), version, servables);
        return servables.leaseWhenReady(model).thenApply(lease -> {
            try (lease) {
                return schema(model, lease.described());
            }
        });
    }

    private static Map<String, Object> schema(Model model, DescribedModel described) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("inputs", SignatureSchema.of(described.decoder()));
        properties.put("outputs", Map.of("type", "array", "items",
                Map.of("enum", described.signature().outputs().stream().map(TensorSpec::name).toList())));
        if (model.manifest().overridable()) {
            properties.put("preprocessing", steps(model.manifest().preprocessing()));
            properties.put("postprocessing", steps(model.manifest().postprocessing()));
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", model.id().toString());
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("required", List.of("inputs"));
        List<Example> examples = model.manifest().examples();
        if (!examples.isEmpty()) {
            schema.put("examples",
                    examples.stream().map(example -> Map.of("inputs", ModelViews.tree(example.inputs()))).toList());
        }
        return schema;
    }

    /** The steps themselves are described in the schema of manifests; the manifest's own are done by default. */
    private static Map<String, Object> steps(@Nullable JsonNode manifest) {
        Map<String, Object> steps = new LinkedHashMap<>();
        steps.put("type", List.of("object", "null"));
        if (manifest != null) {
            steps.put("default", ModelViews.tree(manifest));
        }
        return steps;
    }

    /**
     * Loads the version on this replica, if it is not in memory; answered when it is ready. Also one that ended a
     * process of this replica before and is therefore not loaded without being told.
     */
    @Post("/{type}/{version}/load")
    @Secured("operate")
    CompletionStage<ModelViews.OneVersion> load(@PathVariable String type, @PathVariable String version,
            @Parameter(hidden = true) Caller caller) {
        TypeView view = view(type, caller);
        Model model = Router.choose(view, named(view, version), servables);
        return servables.loadAllTheSame(model).thenApply(done -> ModelViews.version(model, view, servables));
    }

    /**
     * Takes the version out of this replica's memory until the next load or request. Answered when its memory was given back,
     * or at once where requests in flight still use it.
     */
    @Post("/{type}/{version}/unload")
    @Secured("operate")
    CompletionStage<ModelViews.OneVersion> unload(@PathVariable String type, @PathVariable String version,
            @Parameter(hidden = true) Caller caller) {
        TypeView view = view(type, caller);
        Model model = find(view, named(view, version));
        // Whoever answers now is not replaced by its predecessor while it is out.
        standIns.remember(view, servables);
        CompletionStage<Void> gone = servables.unload(model.id(), "unloaded by " + caller.keyId());
        ServableStatus status = servables.status(model);
        return status.state() == ServableState.DRAINING && status.inFlight() == 0
                ? gone.thenApply(done -> ModelViews.version(model, view, servables))
                : CompletableFuture.completedStage(ModelViews.version(model, view, servables));
    }

    /** An alias' own version, also while another one answers for it. */
    private static String named(TypeView view, String version) {
        return version.startsWith("@")
                ? view.routing().map(routing -> routing.aliases().get(version.substring(1))).orElse(version)
                : version;
    }

    private TypeView view(String type, Caller caller) {
        TypeView view = overrides.view(registry.current(), caller.demand(type));
        if (view.versions().isEmpty()) {
            throw ServingFailure.NotFound.type(type);
        }
        return view;
    }

    /** Deleted versions can be looked at too. */
    private Model find(TypeView view, String version) {
        if (version.startsWith("@")) {
            return Router.choose(view, version, servables);
        }
        return view.version(version).orElseThrow(() -> ServingFailure.NotFound.version(view.type(), version));
    }
}
