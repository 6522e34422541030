package io.modelyard.serving;

import io.modelyard.model.Caller;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.model.Role;
import io.modelyard.model.Routing;
import io.modelyard.model.Routing.Retirement;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.PublishedVersions;
import io.modelyard.registry.Purge;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistrySnapshot;
import io.modelyard.registry.RegistryWriter;
import io.modelyard.registry.RoutingChanges;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Deletes versions and takes that back. All replicas stop serving a deleted version when they see the revision that says
 * so; predictions that are under way are finished. Every method writes to the store, so it blocks, and throws a
 * {@link ServingFailure} where nothing is changed.
 */
@Singleton
final class Deletion {
    private final Registry registry;
    private final PublishedVersions published;
    private final RegistryWriter writer;
    private final Purge purge;
    private final ActiveVersion active;
    private final Clock clock;

    /**
     * A version after a change.
     *
     * @param restorableUntil when its files may be removed; null once that began
     */
    record Deleted(ModelId id, long revision, Retirement retirement, @Nullable Instant restorableUntil) {}

    Deletion(Registry registry, PublishedVersions published, RegistryWriter writer, Purge purge, ActiveVersion active,
            Clock clock) {
        this.registry = registry;
        this.published = published;
        this.writer = writer;
        this.purge = purge;
        this.active = active;
        this.clock = clock;
    }

    /**
     * Deletes a version that requests are not led to; with {@code purgeNow} its files, too, also where the version was
     * deleted before.
     */
    Deleted delete(String type, String version, boolean purgeNow, Caller caller, @Nullable String reason,
            @Nullable Long expectedRevision) {
        ModelId id = published.demand(type, version).id();
        if (purgeNow && !caller.roles().contains(Role.ADMIN)) {
            throw new ServingFailure.Forbidden("purge=now cannot be undone and needs the role admin; without it the "
                    + "files are removed later");
        }
        RoutingChanges changes = new RoutingChanges(type, caller.keyId(), reason);
        Routing deleted = writer.changeRouting(type, expectedRevision,
                newest -> purgeNow && newest.flatMap(routing -> routing.retirement(version)).isPresent()
                        ? newest.get()
                        : changes.retire(newest, version, active.of(type, newest), clock.instant()));
        return deleted(id, purgeNow ? purge.now(id, caller.keyId(), reason) : deleted);
    }

    /** Takes a deletion back while all files are there. */
    Routing restore(String type, String version, Caller caller, @Nullable String reason,
            @Nullable Long expectedRevision) {
        published.demand(type, version);
        RoutingChanges changes = new RoutingChanges(type, caller.keyId(), reason);
        return writer.changeRouting(type, expectedRevision, newest -> changes.restore(newest, version));
    }

    /**
     * Deletes every version that the caller sees, those in use too. It is done type by type: where the store fails in
     * between, the types before stay deleted, and the call can be made again.
     *
     * @param confirm how many versions the caller expects to be deleted
     * @return how many versions of which type were deleted
     */
    SortedMap<String, Integer> deleteAll(int confirm, Caller caller, @Nullable String reason) {
        RegistrySnapshot snapshot = registry.current();
        SortedMap<String, Integer> counts = new TreeMap<>();
        for (String type : snapshot.types()) {
            int count = (int) snapshot.versions(type).stream().filter(model -> !isRetired(snapshot, model)).count();
            if (count > 0 && caller.sees(type)) {
                counts.put(type, count);
            }
        }
        int all = counts.values().stream().mapToInt(Integer::intValue).sum();
        if (confirm != all) {
            throw new ServingFailure.BadParameter("confirm is " + confirm + ", and " + all + " versions of "
                    + counts.size() + " types would be deleted: with scope=registry&confirm=" + all + " they are");
        }
        counts.keySet().forEach(type -> {
            RoutingChanges changes = new RoutingChanges(type, caller.keyId(), reason);
            writer.changeRouting(type, null, newest -> changes.retireAll(newest,
                    snapshot.versions(type).stream().map(model -> model.id().version()).toList(), clock.instant()));
        });
        return counts;
    }

    private Deleted deleted(ModelId id, Routing routing) {
        Retirement retirement = Optional.ofNullable(routing.retired().get(id.version()))
                .orElseThrow(() -> new IllegalStateException(id + " was deleted and is not"));
        return new Deleted(id, routing.revision(), retirement,
                retirement.isRestorable() ? purge.due(retirement) : null);
    }

    private static boolean isRetired(RegistrySnapshot snapshot, Model model) {
        return snapshot.routing(model.id().type()).map(Routing::retired).orElse(Map.of())
                .containsKey(model.id().version());
    }
}
