package io.modelyard.serving;

import io.micronaut.context.BeanProvider;
import io.modelyard.artifact.KeptVersions;
import io.modelyard.model.Model;
import io.modelyard.model.Routing;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistrySnapshot;
import io.modelyard.traffic.Readiness;
import io.modelyard.traffic.Router;
import io.modelyard.traffic.TypeView;
import jakarta.inject.Singleton;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The versions that requests may be led to after a restart without the store: active everywhere or here, aliased, in an
 * experiment, or active before.
 */
@Singleton
final class RoutedVersions implements KeptVersions {
    private final Registry registry;
    private final LocalOverrides overrides;
    private final BeanProvider<Readiness> readiness;

    /** @param readiness asked later, since loading models needs their files first */
    RoutedVersions(Registry registry, LocalOverrides overrides, BeanProvider<Readiness> readiness) {
        this.registry = registry;
        this.overrides = overrides;
        this.readiness = readiness;
    }

    @Override
    public Set<String> digests() {
        RegistrySnapshot snapshot = registry.current();
        Set<String> digests = new HashSet<>();
        for (String type : snapshot.types()) {
            TypeView view = ServingPlan.view(snapshot, type, Map.of());
            Router.desired(view, readiness.get()).map(Model::digest).ifPresent(digests::add);
            view.routing().map(Routing::versions).orElse(Set.of())
                    .forEach(version -> view.version(version).map(Model::digest).ifPresent(digests::add));
            overrides.of(type).flatMap(override -> view.version(override.version())).map(Model::digest)
                    .ifPresent(digests::add);
        }
        return digests;
    }
}
