package io.modelyard.registry;

import io.modelyard.model.ArtifactFile;
import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.model.Routing;
import io.modelyard.model.Routing.Retirement;
import io.modelyard.model.ServingFailure;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.ObjectStore.Entry;
import io.modelyard.store.StoreException;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Removes the files of deleted versions; their manifests stay. A revision that says so comes before the first file goes,
 * so a version that is being purged cannot be restored, and one that was restored is not purged; another revision says
 * that all are gone. Whatever lies between the two is done again by any replica, so one that dies half-way does no
 * harm, and neither do several at once. Safe for use by many threads.
 */
@Singleton
public final class Purge implements Sweep {
    private static final Logger LOG = LoggerFactory.getLogger(Purge.class);
    private static final String BY = "purge";
    /** A file that is not there: removing it succeeds for whoever may remove files. */
    private static final String PROBE = "purge-probe";
    /** A purge that began longer ago and is not done is taken for dead. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final ObjectStore store;
    private final Registry registry;
    private final RegistryWriter writer;
    private final PurgeConfiguration configuration;
    private final Clock clock;

    Purge(ObjectStore store, Registry registry, RegistryWriter writer, PurgeConfiguration configuration, Clock clock) {
        this.store = store;
        this.registry = registry;
        this.writer = writer;
        this.configuration = configuration;
        this.clock = clock;
    }

    @Override
    public String what() {
        return "files of deleted versions";
    }

    /** From when on the files of a version may be removed. */
    public Instant due(Retirement retirement) {
        return retirement.at().plus(configuration.purgeAfter());
    }

    /**
     * Removes the files of one deleted version, whenever it was deleted.
     *
     * @return the routing that says so
     * @throws ServingFailure.NotFound if it is not deleted, or not any more
     * @throws ServingFailure.Unavailable if the store fails or refuses
     */
    public Routing now(ModelId id, String by, @Nullable String reason) {
        try {
            Routing purged = purge(id.type(), new PurgeChanges(by, reason), entry -> true, List.of(id.version()));
            if (purged.retirement(id.version()).isEmpty()) {
                throw ServingFailure.NotFound.other(id + " is not deleted, so its files stay");
            }
            return purged;
        } catch (StoreException e) {
            throw ServingFailure.Unavailable.storeUnavailable(String.valueOf(e.getMessage()), e);
        }
    }

    /** Removes the files of all versions that were deleted long enough ago, and goes on where another replica died. */
    @Override
    public void sweep() {
        FirstFailure failures = new FirstFailure();
        for (Routing routing : registry.current().routings().values()) {
            failures.collect(() -> sweep(routing));
        }
        failures.rethrow();
    }

    private void sweep(Routing routing) {
        Instant now = clock.instant();
        Predicate<Map.Entry<String, Retirement>> due = entry -> !now.isBefore(due(entry.getValue()));
        List<String> versions = routing.retired().entrySet().stream()
                .filter(entry -> entry.getValue().isRestorable() ? due.test(entry) : isStale(entry.getValue(), now))
                .map(Map.Entry::getKey).sorted().toList();
        if (!versions.isEmpty()) {
            purge(routing.type(), new PurgeChanges(BY, "deleted more than " + configuration.purgeAfter() + " ago"), due,
                    versions);
        }
    }

    private static boolean isStale(Retirement retirement, Instant now) {
        Instant since = retirement.purgingSince();
        return since != null && retirement.purgedAt() == null && !now.isBefore(since.plus(PATIENCE));
    }

    /** @param versions to be purged, if {@code due} still says so by the newest revision, or if that was begun before */
    private Routing purge(String type, PurgeChanges changes, Predicate<Map.Entry<String, Retirement>> due,
            List<String> versions) {
        demandRight(new ModelId(type, versions.getFirst()));
        Routing begun = writer.changeRouting(type, null, newest -> changes.begin(demand(type, newest),
                entry -> versions.contains(entry.getKey()) && due.test(entry), clock.instant()));
        List<String> gone = new ArrayList<>();
        for (String version : versions) {
            boolean going = begun.retirement(version).filter(retirement -> !retirement.isRestorable()).isPresent();
            if (going && removeFiles(new ModelId(type, version))) {
                gone.add(version);
            }
        }
        return gone.isEmpty()
                ? begun
                : writer.changeRouting(type, null,
                        newest -> changes.end(demand(type, newest), gone, clock.instant()));
    }

    /** Fails before anything is written where this server may not remove files: a version would be lost for nothing. */
    private void demandRight(ModelId id) {
        store.delete("models/" + id + "/" + PROBE);
    }

    /** Whether nothing is left of them. */
    private boolean removeFiles(ModelId id) {
        Optional<Model> model = registry.current().model(id);
        if (model.isEmpty()) {
            // Without its manifest nobody knows what belonged to it; a push of it is given up like any abandoned one.
            boolean gone = store.get(DocumentKey.manifest(id)).isEmpty();
            if (!gone) {
                LOG.warn("The files of {} stay, because its manifest is in quarantine", id);
            }
            return gone;
        }
        List<String> keys = keys(model.get().manifest());
        keys.forEach(store::delete);
        LOG.info("Removed {} files of {}, which was deleted", keys.size(), id);
        return true;
    }

    /** A push has its folder to itself; in the plain folder of a version there may be more than the manifest names. */
    private List<String> keys(Manifest manifest) {
        return manifest.push() == null
                ? manifest.files().stream().map(ArtifactFile::path).map(manifest.filesPrefix()::concat).toList()
                : store.list(manifest.filesPrefix()).stream().map(Entry::key).toList();
    }

    private static Routing demand(String type, Optional<Routing> newest) {
        return newest.orElseThrow(() -> ServingFailure.NotFound.type(type));
    }
}
