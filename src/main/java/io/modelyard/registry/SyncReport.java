package io.modelyard.registry;

import io.modelyard.model.Routing;
import io.modelyard.registry.RegistrySnapshot.Quarantined;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is different between two snapshots. Versions, routings, keys and the default type are named as the folders of the
 * store name them: {@code registry/penguins/2}, {@code routing/penguins}, {@code access/ci}, {@code routing/_platform}.
 *
 * @param quarantined the keys of all documents in quarantine now, also those that were before
 */
public record SyncReport(List<String> added, List<String> changed, List<String> removed, List<String> quarantined) {
    public SyncReport {
        added = List.copyOf(added);
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
        quarantined = List.copyOf(quarantined);
    }

    @SuppressWarnings("ReferenceEquality") // A shortcut: what is not the same object is compared.
    static SyncReport between(RegistrySnapshot previous, RegistrySnapshot now) {
        Difference difference = new Difference();
        difference.add("access/", previous.keys(), now.keys());
        Set<String> types = new HashSet<>(previous.names());
        types.addAll(now.names());
        for (String type : types) {
            PublishedType before = previous.type(type);
            PublishedType after = now.type(type);
            // Most types are the very same: only a few change at once.
            if (before != after) {
                difference.add("registry/" + type + "/", before.byVersion(), after.byVersion());
                difference.add("routing/", routing(type, before), routing(type, after));
            }
        }
        difference.add("routing/", platform(previous), platform(now));
        return new SyncReport(List.copyOf(difference.added), List.copyOf(difference.changed),
                List.copyOf(difference.removed),
                now.quarantine().stream().map(Quarantined::key).toList());
    }

    private static Map<String, Routing> routing(String type, PublishedType published) {
        return published.routing().map(routing -> Map.of(type, routing)).orElse(Map.of());
    }

    private static Map<String, String> platform(RegistrySnapshot snapshot) {
        return snapshot.configuredDefaultType().map(type -> Map.of("_platform", type)).orElse(Map.of());
    }

    private static final class Difference {
        private final SortedSet<String> added = new TreeSet<>();
        private final SortedSet<String> changed = new TreeSet<>();
        private final SortedSet<String> removed = new TreeSet<>();

        <K, V> void add(String prefix, Map<K, V> before, Map<K, V> after) {
            after.forEach((name, value) -> {
                V old = before.get(name);
                if (old == null) {
                    added.add(prefix + name);
                } else if (!old.equals(value)) {
                    changed.add(prefix + name);
                }
            });
            before.keySet().stream().filter(name -> !after.containsKey(name))
                    .forEach(name -> removed.add(prefix + name));
        }
    }
}
