package io.modelyard.registry;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.model.Caller;
import io.modelyard.registry.RegistrySnapshot.Quarantined;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The registry as {@code GET /registry} shows it.
 *
 * @param readAt when the snapshot became what it is
 * @param lastSuccess when the store last answered; {@code staleMs} is how long ago
 * @param lastError of the store, when it last failed
 * @param defaultType what {@code POST /predict} means; null where nothing, or what the caller may not see
 */
@Serdeable
@JsonInclude(JsonInclude.Include.ALWAYS)
record RegistryView(String store, String snapshotId, Instant readAt, @Nullable Instant lastSuccess,
        @Nullable Long staleMs, boolean failing, @Nullable Instant lastFailure, @Nullable String lastError,
        @Nullable String defaultType, Counts counts, List<Entry> quarantine) {

    /** @param keys null for a caller who may not know of them */
    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Counts(int types, int versions, @Nullable Integer keys, int quarantined) {}

    /** @param key of the document in the store */
    @Serdeable
    record Entry(String key, String reason, Instant since) {
        static Entry of(Quarantined entry) {
            return new Entry(entry.key(), entry.reason(), entry.since());
        }
    }

    static RegistryView of(Registry registry, Caller caller, Instant now) {
        RegistrySnapshot snapshot = registry.current();
        SyncState state = registry.state();
        List<Entry> quarantine = snapshot.quarantine().stream()
                .filter(entry -> Visibility.sees(caller, entry.key())).map(Entry::of).toList();
        List<String> types = snapshot.types().stream().filter(caller::sees).toList();
        int versions = types.stream().mapToInt(type -> snapshot.versions(type).size()).sum();
        Counts counts = new Counts(types.size(), versions, caller.types().isEmpty() ? snapshot.keys().size() : null,
                quarantine.size());
        return new RegistryView(registry.location(), snapshot.id(), snapshot.readAt(), state.lastSuccess(),
                state.staleness(now).map(Duration::toMillis).orElse(null), state.isFailing(), state.lastFailure(),
                state.lastError(), snapshot.defaultType().filter(caller::sees).orElse(null), counts, quarantine);
    }
}
