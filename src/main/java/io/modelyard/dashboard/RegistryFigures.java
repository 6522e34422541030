package io.modelyard.dashboard;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.model.Caller;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistrySnapshot;
import io.modelyard.registry.SyncState;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/**
 * How fresh the registry is, and how much is in it.
 *
 * @param lastError of the store, while it fails
 * @param fromDisk whether what is served is what was kept on local disk
 * @param quarantined documents that could not be read; null for a caller who is limited to types
 */
@Serdeable.Serializable
@JsonInclude(JsonInclude.Include.ALWAYS)
record RegistryFigures(String store, String snapshotId, int types, int versions, @Nullable Long staleMs,
        boolean failing, boolean fromDisk, @Nullable String lastError, @Nullable Integer quarantined,
        @Nullable String defaultType) {

    static RegistryFigures of(Registry registry, Caller caller, Instant now) {
        RegistrySnapshot snapshot = registry.current();
        SyncState state = registry.state();
        boolean seesAll = caller.types().isEmpty();
        int types = seesAll ? snapshot.types().size() : (int) snapshot.types().stream().filter(caller::sees).count();
        int versions = seesAll
                ? snapshot.size()
                : caller.types().stream().mapToInt(type -> snapshot.versions(type).size()).sum();
        return new RegistryFigures(registry.location(), snapshot.id(), types, versions,
                state.staleness(now).map(Duration::toMillis).orElse(null), state.isFailing(), state.isFromDisk(),
                state.isFailing() ? state.lastError() : null, seesAll ? snapshot.quarantine().size() : null,
                snapshot.defaultType().filter(caller::sees).orElse(null));
    }
}
