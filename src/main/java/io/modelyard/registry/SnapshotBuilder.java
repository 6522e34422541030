package io.modelyard.registry;

import io.modelyard.model.ApiKey;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.registry.GroupReading.Said;
import io.modelyard.registry.RegistrySnapshot.Quarantined;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes snapshots, each from the one before and the groups of documents that changed since. For one thread at a time.
 */
final class SnapshotBuilder {
    private final KnownRuntimes runtimes;
    /** The versions that this process has served, as they were then. */
    private final Map<ModelId, Model> firstSeen = new HashMap<>();
    private final Map<Group, Said> said = new HashMap<>();
    /** Those of which something is in quarantine: it may depend on the moment, so they are looked at again. */
    private final Set<Group> troubled = new HashSet<>();
    private Map<String, PublishedType> types = Map.of();
    private Map<String, ApiKey> keys = Map.of();
    private @Nullable Platform platform;
    private SnapshotId id = SnapshotId.NONE;

    SnapshotBuilder(KnownRuntimes runtimes) {
        this.runtimes = runtimes;
    }

    /** Whether time alone may make another snapshot. */
    boolean isWaiting() {
        return !troubled.isEmpty();
    }

    /** @param changed the groups whose documents are other than at the last call */
    RegistrySnapshot build(DocumentIndex documents, Set<Group> changed, Instant now) {
        Map<String, PublishedType> nextTypes = new HashMap<>(types);
        Map<String, ApiKey> nextKeys = new HashMap<>(keys);
        Set<Group> groups = new HashSet<>(changed);
        groups.addAll(troubled);
        for (Group group : groups) {
            Said before = said.getOrDefault(group, Said.NOTHING);
            Said current = read(group, documents, before, now);
            remember(group, current);
            id = id.minus(before.id()).plus(current.id());
            switch (group) {
                case Group.OfType type -> show(type.type(), current, nextTypes);
                case Group.OfRevisions revisions -> {
                    before.apiKey().ifPresent(key -> nextKeys.remove(key.id()));
                    current.apiKey().ifPresent(key -> nextKeys.put(key.id(), key));
                    if (revisions.subject() instanceof DocumentKey.Subject.OfPlatform) {
                        platform = current.platform().orElse(null);
                    }
                }
                case Group.OfNothing nothing -> {
                    // Nothing but its quarantine.
                }
            }
        }
        types = Map.copyOf(nextTypes);
        keys = Map.copyOf(nextKeys);
        return new RegistrySnapshot(id.toString(), now, types, platform == null ? null : platform.defaultType(), keys,
                quarantine());
    }

    private Said read(Group group, DocumentIndex documents, Said before, Instant now) {
        Map<String, Instant> quarantinedBefore = before.quarantine().stream()
                .collect(Collectors.toMap(Quarantined::key, Quarantined::since));
        return new GroupReading(runtimes, firstSeen, quarantinedBefore, now).read(documents.of(group));
    }

    private void remember(Group group, Said now) {
        now.models().forEach(model -> firstSeen.put(model.id(), model));
        if (now.equals(Said.NOTHING)) {
            said.remove(group);
        } else {
            said.put(group, now);
        }
        if (now.quarantine().isEmpty()) {
            troubled.remove(group);
        } else {
            troubled.add(group);
        }
    }

    private static void show(String type, Said now, Map<String, PublishedType> types) {
        if (now.models().isEmpty() && now.routing().isEmpty()) {
            types.remove(type);
        } else {
            types.put(type, PublishedType.of(now.models(), now.routing()));
        }
    }

    private List<Quarantined> quarantine() {
        List<Quarantined> all = new ArrayList<>();
        for (Group group : troubled) {
            all.addAll(Objects.requireNonNull(said.get(group)).quarantine());
        }
        all.sort(Comparator.comparing(Quarantined::key));
        return all;
    }
}
