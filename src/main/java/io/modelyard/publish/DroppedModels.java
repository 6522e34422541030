package io.modelyard.publish;

import io.modelyard.model.Manifest;
import io.modelyard.model.ModelId;
import io.modelyard.model.ServingFailure;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.ObjectStore.Entry;
import io.modelyard.store.StoreException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Publishes models that somebody copied to {@code models/<type>/<version>/} and wrote no manifest for, where they lie. A
 * version is tried when its files have not changed for a while, so that a copy under way is left alone, and again
 * whenever they change. Nothing is ever removed. Safe for use by many threads; one looks at a time.
 */
@Singleton
public final class DroppedModels {
    private static final Logger LOG = LoggerFactory.getLogger(DroppedModels.class);
    private static final String BY = "drop";

    private final ObjectStore store;
    private final ModelFinder finder;
    private final ManifestInference inference;
    private final Publisher publisher;
    private final PublishConfiguration configuration;
    private final Clock clock;

    /** What was seen at the last look; guarded by this. */
    private final Map<ModelId, Seen> seen = new HashMap<>();
    private volatile List<Refused> refused = List.of();

    /**
     * Something that lies in the store and is not published.
     *
     * @param path key of a file, or of a folder
     * @param reason what is wrong and what to do; may have several lines
     */
    public record Refused(String path, String reason, Instant since) {}

    /** The files of a version as they were first seen in this state, and why they were refused, if they were. */
    private record Seen(List<Entry> files, Instant since, @Nullable Refused refused) {}

    @Inject
    DroppedModels(ObjectStore store, ModelFinder finder, ManifestInference inference, Publisher publisher,
            PublishConfiguration configuration, Clock clock) {
        this.store = store;
        this.finder = finder;
        this.inference = inference;
        this.publisher = publisher;
        this.configuration = configuration;
        this.clock = clock;
    }

    /** What lies there now and is not published, with the reasons; empty where all is well. */
    public List<Refused> refused() {
        return refused;
    }

    /**
     * Looks once, and publishes what has settled.
     *
     * @throws StoreException if the store fails; the next look goes on
     */
    synchronized void look() {
        // The files are listed first: a version that is published in between is in the registry then.
        DroppedFiles all = DroppedFiles.of(store.list(DroppedFiles.MODELS));
        Set<String> manifests = new HashSet<>();
        store.list("registry/").forEach(entry -> manifests.add(entry.key()));
        DroppedFiles dropped = all.without(manifests);
        seen.keySet().retainAll(dropped.versions().keySet());
        dropped.versions().forEach(this::lookAt);
        tell(dropped);
    }

    private void lookAt(ModelId id, List<Entry> files) {
        Instant now = clock.instant();
        Seen before = seen.get(id);
        if (before == null || !before.files().equals(files)) {
            seen.put(id, new Seen(List.copyOf(files), now, null));
        } else if (before.refused() == null && !now.isBefore(before.since().plus(configuration.dropSettle()))) {
            publish(id, before);
        }
    }

    private void publish(ModelId id, Seen settled) {
        String folder = DroppedFiles.folder(id);
        try (FetchedFiles copy = FetchedFiles.of(store, folder, settled.files(), configuration.workDirectory())) {
            try {
                ModelSource source = finder.find(copy.root());
                Manifest manifest = inference.infer(id, source, BY);
                if (!store.list(folder).equals(settled.files())) {
                    // What was read may be half of the old and half of the new; the next look sees the change.
                    return;
                }
                publisher.publishWhereTheyLie(manifest, source);
                seen.remove(id);
                LOG.info("Published {} from the files in {}", id, folder);
            } catch (InvalidModelException e) {
                refuse(id, settled, copy.toStoreNames(e.reason()), null);
            } catch (ServingFailure.InvalidManifest | ServingFailure.Conflict e) {
                refuse(id, settled, e.detail(), null);
            } catch (ServingFailure.Unavailable e) {
                if (e.code().equals("out_of_memory")) {
                    refuse(id, settled, e.detail(), null);
                    return;
                }
                throw new StoreException(e.detail(), e);
            } catch (RuntimeException | LinkageError e) {
                // One model must not keep the others from being looked at.
                refuse(id, settled, "it could not be tried: " + e, e);
            }
        } catch (IOException e) {
            LOG.warn("{} could not be copied to {} and is tried again: {}", folder, configuration.workDirectory(),
                    e.toString());
        }
    }

    private void refuse(ModelId id, Seen settled, String reason, @Nullable Throwable unexpected) {
        String path = DroppedFiles.MODELS + id;
        LOG.warn("{} is not published: {}", path, reason, unexpected);
        seen.put(id, new Seen(settled.files(), settled.since(), new Refused(path, reason, clock.instant())));
    }

    private void tell(DroppedFiles dropped) {
        Map<String, Refused> before = new HashMap<>();
        refused.forEach(each -> before.put(each.path(), each));
        List<Refused> now = new ArrayList<>();
        dropped.misplaced().forEach((path, reason) -> {
            Refused known = before.get(path);
            if (known == null || !known.reason().equals(reason)) {
                LOG.warn("{} is not published: {}", path, reason);
                known = new Refused(path, reason, clock.instant());
            }
            now.add(known);
        });
        for (Seen each : seen.values()) {
            if (each.refused() != null) {
                now.add(each.refused());
            }
        }
        now.sort((a, b) -> a.path().compareTo(b.path()));
        refused = List.copyOf(now);
    }
}
