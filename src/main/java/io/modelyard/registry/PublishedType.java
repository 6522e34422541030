package io.modelyard.registry;

import io.modelyard.model.Model;
import io.modelyard.model.Routing;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One type in a snapshot.
 *
 * @param versions the latest first, ties in natural order of the version, the higher first; retired ones too
 * @param byVersion the same
 * @param routing empty where nothing was ever activated, aliased or deleted
 */
public record PublishedType(List<Model> versions, Map<String, Model> byVersion, Optional<Routing> routing) {
    static final PublishedType NONE = new PublishedType(List.of(), Map.of(), Optional.empty());

    private static final Comparator<Model> LATEST_FIRST = Comparator
            .comparing((Model model) -> model.manifest().createdAt()).thenComparing(Model::id).reversed();

    public PublishedType {
        versions = List.copyOf(versions);
        byVersion = Map.copyOf(byVersion);
    }

    /** @param models of one type, in any order */
    static PublishedType of(Collection<Model> models, Optional<Routing> routing) {
        return new PublishedType(models.stream().sorted(LATEST_FIRST).toList(),
                models.stream().collect(Collectors.toMap(model -> model.id().version(), Function.identity())), routing);
    }
}
