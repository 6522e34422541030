package io.modelyard.traffic;

import io.modelyard.model.Model;
import io.modelyard.model.Routing;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a route is chosen from.
 *
 * @param versions all published versions, the latest first, retired ones too
 * @param byVersion the same: every request asks for one
 * @param routing empty where nothing was ever activated, aliased or deleted
 */
public record TypeView(String type, List<Model> versions, Map<String, Model> byVersion, Optional<Routing> routing) {
    public TypeView {
        versions = List.copyOf(versions);
        byVersion = Map.copyOf(byVersion);
    }

    public TypeView(String type, List<Model> versions, Optional<Routing> routing) {
        this(type, versions, versions.stream().collect(Collectors.toMap(model -> model.id().version(),
                Function.identity())), routing);
    }

    public Optional<Model> version(String version) {
        return Optional.ofNullable(byVersion.get(version));
    }

    public boolean isRetired(Model model) {
        return routing.isPresent() && routing.get().retired().containsKey(model.id().version());
    }

    /** The same versions with another routing. */
    public TypeView with(Routing other) {
        return new TypeView(type, versions, byVersion, Optional.of(other));
    }
}
