package io.modelyard.registry;

import io.modelyard.model.ApiKey;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.model.Routing;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that should be served, as read from the store at one moment. Immutable, so all that is decided from one
 * snapshot fits together.
 */
public final class RegistrySnapshot {
    /** Newest first, ties in natural order of the version, the higher first. */
    private static final Comparator<Model> LATEST_FIRST = Comparator
            .comparing((Model model) -> model.manifest().createdAt()).thenComparing(Model::id).reversed();

    private final String id;
    private final Instant readAt;
    private final SortedMap<ModelId, Model> models;
    private final Map<String, List<Model>> byType;
    private final Map<String, Routing> routing;
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

    /** @param id the same on every replica that sees the same documents */
    public RegistrySnapshot(String id, Instant readAt, Map<ModelId, Model> models, Map<String, Routing> routing,
            @Nullable String defaultType, Map<String, ApiKey> keys, List<Quarantined> quarantine) {
        this.id = id;
        this.readAt = readAt;
        this.models = Collections.unmodifiableSortedMap(new TreeMap<>(models));
        Map<String, List<Model>> grouped = new HashMap<>();
        this.models.values().forEach(
                model -> grouped.computeIfAbsent(model.id().type(), type -> new ArrayList<>()).add(model));
        grouped.replaceAll((type, versions) -> versions.stream().sorted(LATEST_FIRST).toList());
        this.byType = Map.copyOf(grouped);
        this.routing = Map.copyOf(routing);
        this.defaultType = defaultType;
        this.keys = Map.copyOf(keys);
        this.quarantine = List.copyOf(quarantine);
    }

    public static RegistrySnapshot empty() {
        return new RegistrySnapshot("empty", Instant.EPOCH, Map.of(), Map.of(), null, Map.of(), List.of());
    }

    public String id() {
        return id;
    }

    public Instant readAt() {
        return readAt;
    }

    /** Every published version, retired ones too, by type and version. */
    public SortedMap<ModelId, Model> models() {
        return models;
    }

    public Optional<Model> model(ModelId id) {
        return Optional.ofNullable(models.get(id));
    }

    public SortedSet<String> types() {
        return new TreeSet<>(byType.keySet());
    }

    /** The versions of a type, the latest first; empty where there is no such type. */
    public List<Model> versions(String type) {
        return byType.getOrDefault(type, List.of());
    }

    public Optional<Routing> routing(String type) {
        return Optional.ofNullable(routing.get(type));
    }

    /** The routing of every type that has one, by type. */
    public Map<String, Routing> routings() {
        return routing;
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
        return byType.size() == 1 ? Optional.of(byType.keySet().iterator().next()) : Optional.empty();
    }

    public Map<String, ApiKey> keys() {
        return keys;
    }

    public List<Quarantined> quarantine() {
        return quarantine;
    }
}
