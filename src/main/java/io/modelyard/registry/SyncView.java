package io.modelyard.registry;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.model.Caller;

import java.util.List;

/** What a sync changed, as {@code POST /registry/sync} shows it. */
@Serdeable
@JsonInclude(JsonInclude.Include.ALWAYS)
record SyncView(String snapshotId, List<String> added, List<String> changed, List<String> removed,
        List<String> quarantined) {
    static SyncView of(String snapshotId, SyncReport report, Caller caller) {
        return new SyncView(snapshotId, seen(report.added(), caller), seen(report.changed(), caller),
                seen(report.removed(), caller), seen(report.quarantined(), caller));
    }

    private static List<String> seen(List<String> keys, Caller caller) {
        return keys.stream().filter(key -> Visibility.sees(caller, key)).toList();
    }
}
