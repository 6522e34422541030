package io.modelyard.traffic;

import io.modelyard.model.Model;
import io.modelyard.model.Routing;

import java.util.List;
import java.util.Optional;

/**
 * What a route is chosen from.
 *
 * @param versions all published versions, the latest first, retired ones too
 * @param routing empty where nothing was ever activated, aliased or deleted
 */
public record TypeView(String type, List<Model> versions, Optional<Routing> routing) {
    public TypeView {
        versions = List.copyOf(versions);
    }

    public Optional<Model> version(String version) {
        return versions.stream().filter(model -> model.id().version().equals(version)).findFirst();
    }

    public boolean isRetired(Model model) {
        return routing.isPresent() && routing.get().retired().containsKey(model.id().version());
    }
}
