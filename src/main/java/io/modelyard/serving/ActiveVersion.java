package io.modelyard.serving;

import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.model.Routing;
import io.modelyard.registry.Registry;
import io.modelyard.traffic.Router;
import io.modelyard.traffic.TypeView;
import jakarta.inject.Singleton;

import java.util.Optional;

/** Which version a routing makes active, where it follows {@code @latest} as far as this replica can tell. */
@Singleton
final class ActiveVersion {
    private final Registry registry;
    private final Servables servables;

    ActiveVersion(Registry registry, Servables servables) {
        this.registry = registry;
        this.servables = servables;
    }

    /** @param routing that need not be the snapshot's */
    Optional<String> of(String type, Optional<Routing> routing) {
        return Router.desired(new TypeView(type, registry.current().versions(type), routing), servables).map(Model::id)
                .map(ModelId::version);
    }
}
