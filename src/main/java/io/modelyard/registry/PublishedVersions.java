package io.modelyard.registry;

import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.model.ServingFailure;
import jakarta.inject.Singleton;

/** Finds versions, also one that another replica published just now: it is there after one more look at the store. */
@Singleton
public final class PublishedVersions {
    private final Registry registry;

    PublishedVersions(Registry registry) {
        this.registry = registry;
    }

    /**
     * The version, deleted or not.
     *
     * @throws ServingFailure.NotFound if there is none of this name
     * @throws ServingFailure.Unavailable if the store had to be asked and fails
     */
    public Model demand(String type, String version) {
        if (!ModelId.isType(type)) {
            throw ServingFailure.NotFound.type(type);
        }
        if (!ModelId.isVersion(version)) {
            throw ServingFailure.NotFound.version(type, version);
        }
        ModelId id = new ModelId(type, version);
        return registry.current().model(id).orElseGet(() -> {
            registry.lookFor(id);
            return registry.current().model(id).orElseThrow(() -> ServingFailure.NotFound.version(id));
        });
    }
}
