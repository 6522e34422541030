package io.modelyard.registry;

import io.modelyard.registry.RegistrySnapshot.Quarantined;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

    static SyncReport between(RegistrySnapshot previous, RegistrySnapshot now) {
        Map<String, Object> before = subjects(previous);
        Map<String, Object> after = subjects(now);
        List<String> added = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        after.forEach((subject, value) -> {
            Object old = before.get(subject);
            if (old == null) {
                added.add(subject);
            } else if (!old.equals(value)) {
                changed.add(subject);
            }
        });
        List<String> removed = before.keySet().stream().filter(subject -> !after.containsKey(subject)).toList();
        return new SyncReport(added, changed, removed, now.quarantine().stream().map(Quarantined::key).toList());
    }

    private static Map<String, Object> subjects(RegistrySnapshot snapshot) {
        Map<String, Object> subjects = new TreeMap<>();
        snapshot.models().forEach((id, model) -> subjects.put("registry/" + id, model.digest()));
        snapshot.routings().forEach((type, routing) -> subjects.put("routing/" + type, routing));
        snapshot.keys().forEach((id, key) -> subjects.put("access/" + id, key));
        snapshot.configuredDefaultType().ifPresent(type -> subjects.put("routing/_platform", type));
        return subjects;
    }
}
