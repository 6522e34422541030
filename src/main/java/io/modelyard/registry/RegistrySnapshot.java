package io.modelyard.registry;

import io.modelyard.model.ApiKey;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.model.Routing;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything that should be served, as read from the store at one moment. Immutable, so all that is decided from one
 * snapshot fits together.
 */
public final class RegistrySnapshot {
    private final String id;
    private final Instant readAt;
    private final Map<String, PublishedType> types;
    private final int size;
    /** Made when it is first asked for; the same whoever makes it. */
    private volatile @Nullable SortedSet<String> sortedTypes;
    private final @Nullable String defaultType;
    private final Map<String, ApiKey> keys;
    private final List<Quarantined> quarantine;

    /**
     * An entry that is not served.
     *
     * @param key in the store
     * @param reason what is wrong and what to do
     */
    public record Quarantined(String key, String reason, Instant since) {}

    /**
     * @param id the same on every replica that sees the same documents
     * @param types by name
     */
    public RegistrySnapshot(String id, Instant readAt, Map<String, PublishedType> types, @Nullable String defaultType,
            Map<String, ApiKey> keys, List<Quarantined> quarantine) {
        this.id = id;
        this.readAt = readAt;
        this.types = Map.copyOf(types);
        this.size = types.values().stream().mapToInt(type -> type.versions().size()).sum();
        this.defaultType = defaultType;
        this.keys = Map.copyOf(keys);
        this.quarantine = List.copyOf(quarantine);
    }

    /** A snapshot of these models and routings, for one that was not read from a store. */
    public static RegistrySnapshot of(String id, Instant readAt, Collection<Model> models,
            Map<String, Routing> routings) {
        Map<String, List<Model>> byType = models.stream().collect(Collectors.groupingBy(model -> model.id().type()));
        Map<String, PublishedType> types = new HashMap<>();
        Stream.concat(byType.keySet().stream(), routings.keySet().stream()).distinct()
                .forEach(type -> types.put(type, PublishedType.of(byType.getOrDefault(type, List.of()),
                        Optional.ofNullable(routings.get(type)))));
        return new RegistrySnapshot(id, readAt, types, null, Map.of(), List.of());
    }

    public static RegistrySnapshot empty() {
        return new RegistrySnapshot("empty", Instant.EPOCH, Map.of(), null, Map.of(), List.of());
    }

    public String id() {
        return id;
    }

    public Instant readAt() {
        return readAt;
    }

    /** How many versions are published, retired ones too. */
    public int size() {
        return size;
    }

    /** Every published version, retired ones too, by type and version; collected anew by every call. */
    public SortedMap<ModelId, Model> models() {
        SortedMap<ModelId, Model> models = new TreeMap<>();
        types.values().forEach(type -> type.versions().forEach(model -> models.put(model.id(), model)));
        return models;
    }

    public Optional<Model> model(ModelId id) {
        return Optional.ofNullable(type(id.type()).byVersion().get(id.version()));
    }

    /** The types that have a version. */
    public SortedSet<String> types() {
        SortedSet<String> known = sortedTypes;
        if (known == null) {
            known = Collections.unmodifiableSortedSet(types.entrySet().stream()
                    .filter(type -> !type.getValue().versions().isEmpty()).map(Map.Entry::getKey)
                    .collect(Collectors.toCollection(TreeSet::new)));
            sortedTypes = known;
        }
        return known;
    }

    /** One without versions and routing where there is no such type. */
    public PublishedType type(String type) {
        return types.getOrDefault(type, PublishedType.NONE);
    }

    /** The versions of a type, the latest first; empty where there is no such type. */
    public List<Model> versions(String type) {
        return type(type).versions();
    }

    public Optional<Routing> routing(String type) {
        return type(type).routing();
    }

    /** The routing of every type that has one, by type; collected anew by every call. */
    public Map<String, Routing> routings() {
        Map<String, Routing> routings = new HashMap<>();
        types.forEach((name, type) -> type.routing().ifPresent(routing -> routings.put(name, routing)));
        return routings;
    }

    /** The names of all types, also of those that have only a routing. */
    Set<String> names() {
        return types.keySet();
    }

    /** The default type that somebody configured. */
    Optional<String> configuredDefaultType() {
        return Optional.ofNullable(defaultType);
    }

    /** What {@code POST /predict} means: the configured default type, or the only type where there is just one. */
    public Optional<String> defaultType() {
        if (defaultType != null) {
            return Optional.of(defaultType);
        }
        SortedSet<String> known = types();
        return known.size() == 1 ? Optional.of(known.first()) : Optional.empty();
    }

    public Map<String, ApiKey> keys() {
        return keys;
    }

    public List<Quarantined> quarantine() {
        return quarantine;
    }
}
