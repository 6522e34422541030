package io.modelyard.cli;

import io.modelyard.model.Model;
import io.modelyard.model.Routing;
import io.modelyard.model.ServingFailure;
import io.modelyard.model.StepContract;
import io.modelyard.registry.RegistrySnapshot;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.SignatureContract;
import io.modelyard.traffic.Readiness;
import io.modelyard.traffic.Router;
import io.modelyard.traffic.TypeView;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the versions of a type stand to each other by what the store says. No version has been loaded: where that tells which
 * is the latest that can be served, a server may know better.
 */
record Standing(TypeView view, Optional<Model> active) {
    private static final Readiness UNKNOWN = new Readiness() {
        @Override
        public boolean isReady(Model model) {
            return false;
        }

        @Override
        public boolean hasFailed(Model model) {
            return false;
        }

        @Override
        public Optional<Signature> learned(Model model) {
            return Optional.empty();
        }
    };

    /** @throws ServingFailure.NotFound if there is no such type */
    static Standing of(RegistrySnapshot snapshot, String type) {
        TypeView view = new TypeView(type, snapshot.versions(type), snapshot.routing(type));
        if (view.versions().isEmpty()) {
            throw ServingFailure.NotFound.type(type);
        }
        return new Standing(view, Router.desired(view, UNKNOWN));
    }

    /**
     * The version of this name, deleted ones too, or what an alias means.
     *
     * @throws ServingFailure.NotFound if there is none
     */
    Model version(String name) {
        if (name.startsWith("@")) {
            return Router.choose(view, name, UNKNOWN);
        }
        return view.version(name).orElseThrow(() -> ServingFailure.NotFound.version(view.type(), name));
    }

    /**
     * The version that requests for this name would be answered by.
     *
     * @throws ServingFailure.NotFound if there is none
     * @throws ServingFailure.VersionDeleted if it is deleted
     */
    Model served(String name) {
        return Router.choose(view, name, UNKNOWN);
    }

    /** The version that {@code @latest} leads to where the type follows it, and otherwise the active one. */
    Optional<String> followed() {
        return active.map(model -> model.id().version());
    }

    /** @throws ServingFailure.Conflict if the version breaks the contract of the active one, as far as the manifests tell */
    void demandContract(Model model) {
        Optional<Model> current = active.filter(other -> !other.equals(model));
        if (current.isEmpty()) {
            return;
        }
        Optional<Signature> old = Router.signature(current.get(), UNKNOWN);
        Optional<Signature> now = Router.signature(model, UNKNOWN);
        String way = "; modelyard activate " + model.id() + " --force --reason '…' activates it all the same";
        if (old.isEmpty() || now.isEmpty()) {
            throw ServingFailure.Conflict.incompatibleSignature("the manifest of "
                    + (now.isEmpty() ? model : current.get()).id() + " does not say its inputs and outputs, so whether "
                    + model.id() + " keeps the contract of " + current.get().id()
                    + " can only be seen by a server: POST "
                    + "/models/" + model.id() + "/activate" + way);
        }
        List<String> differences = new ArrayList<>(SignatureContract.differences(old.get(), now.get()));
        differences.addAll(StepContract.differences(current.get().manifest(), model.manifest()));
        if (!differences.isEmpty()) {
            throw ServingFailure.Conflict.incompatibleSignature(model.id() + " breaks the contract of "
                    + current.get().id() + ": " + String.join("; ", differences) + way);
        }
    }

    boolean isActive(Model model) {
        return active.filter(model::equals).isPresent();
    }

    /** Whether the active version is whatever is the latest. */
    boolean followsLatest() {
        return view.routing().flatMap(Routing::activeVersion).isEmpty();
    }

    /** The aliases of a version, sorted, with their @. */
    List<String> aliases(Model model) {
        Map<String, String> all = view.routing().map(Routing::aliases).orElse(Map.of());
        return all.entrySet().stream().filter(alias -> alias.getValue().equals(model.id().version()))
                .map(alias -> "@" + alias.getKey()).sorted().toList();
    }

    Optional<Routing.Retirement> retirement(Model model) {
        return view.routing().flatMap(routing -> routing.retirement(model.id().version()));
    }

    /** {@code active, @champion} for example; empty where there is nothing to say. */
    String words(Model model) {
        List<String> words = new ArrayList<>();
        if (isActive(model)) {
            words.add(followsLatest() ? "active (latest)" : "active");
        }
        if (retirement(model).isPresent()) {
            words.add("deleted");
        }
        words.addAll(aliases(model));
        return String.join(", ", words);
    }
}
