package io.modelyard.openapi;

import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.model.Routing;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.PublishedType;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistrySnapshot;
import io.modelyard.runtime.ModelRuntime;
import io.modelyard.serving.LocalOverrides;
import io.modelyard.serving.Servables;
import io.modelyard.tensor.Signature;
import io.modelyard.traffic.Router;
import io.modelyard.traffic.TypeView;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Which version speaks for a type, and what is known of it. Safe for use by many threads. */
@Singleton
final class ServedTypes {
    private final Registry registry;
    private final LocalOverrides overrides;
    private final Servables servables;
    private final Set<String> missingKnown;

    ServedTypes(Registry registry, LocalOverrides overrides, Servables servables, List<ModelRuntime> runtimes) {
        this.registry = registry;
        this.overrides = overrides;
        this.servables = servables;
        this.missingKnown = runtimes.stream().filter(ModelRuntime::knowsMissing).map(ModelRuntime::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    RegistrySnapshot snapshot() {
        return registry.current();
    }

    /** With the version that answers on this replica now; empty where none does. */
    Optional<ServedType> answering(RegistrySnapshot snapshot, String type) {
        TypeView view = overrides.view(snapshot, type);
        try {
            return Optional.of(served(Router.choose(view, null, servables)));
        } catch (ServingFailure e) {
            return Optional.empty();
        }
    }

    /**
     * With the version whose contract holds on all replicas, whatever this one has loaded or overrides. It is loaded where only
     * that tells its signature.
     *
     * @throws ServingFailure if there is no such type, or nothing of it is served
     */
    CompletionStage<ServedType> contract(String type) {
        PublishedType published = registry.current().type(type);
        TypeView view = new TypeView(type, published.versions(), published.byVersion(), published.routing());
        Model model = contract(view);
        ServedType known = served(model);
        return known.signature() != null
                ? CompletableFuture.completedStage(known)
                : servables.load(model).thenApply(loaded -> served(model));
    }

    private Model contract(TypeView view) {
        Optional<Model> active = view.routing().flatMap(Routing::activeVersion).flatMap(view::version)
                .filter(model -> !view.isRetired(model));
        if (active.isPresent()) {
            return active.get();
        }
        List<Model> followed = servables.followed(view);
        // Says why there is none, as a prediction would.
        return followed.isEmpty() ? Router.choose(view, null, servables) : followed.getFirst();
    }

    private ServedType served(Model model) {
        return new ServedType(model.id().type(), model, signature(model));
    }

    /** As the manifest has it, or else as a load has found it. */
    private @Nullable Signature signature(Model model) {
        Manifest manifest = model.manifest();
        return Router.signature(model, servables).map(found -> new Signature(found.inputs(), found.outputs(),
                missingKnown.contains(manifest.runtime()))).orElse(null);
    }
}
