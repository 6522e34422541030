package io.modelyard.publish;

import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.registry.DocumentFormat;
import io.modelyard.registry.FirstFailure;
import io.modelyard.registry.InvalidDocumentException;
import io.modelyard.registry.PurgeConfiguration;
import io.modelyard.registry.Registry;
import io.modelyard.registry.Sweep;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.ObjectStore.Content;
import io.modelyard.store.ObjectStore.Entry;
import io.modelyard.store.ObjectStore.Page;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Removes the files of pushes that never got a manifest, or lost against another push of the same version: those that lie
 * in a folder with the name of a push, when the newest of them is old enough. Whatever else lies below {@code models/}
 * was put there by a person and stays.
 *
 * <p>
 * A listing of all files would cost more the more there are, so it is walked a few pages at every sweep.
 */
@Singleton
final class AbandonedPushes implements Sweep {
    private static final Logger LOG = LoggerFactory.getLogger(AbandonedPushes.class);
    /** Of some 1,000 files each, and a request each. */
    private static final int PAGES_PER_SWEEP = 10;

    private final ObjectStore store;
    private final Registry registry;
    private final DocumentFormat format;
    private final PurgeConfiguration configuration;
    private final Clock clock;

    /** Up to where the walk came. */
    private String after = "";
    /** The push that the walk is in; a page may end in the midst of it. */
    private @Nullable Push current;
    private Instant newest = Instant.MIN;

    private record Push(ModelId id, String pushId) {
        String prefix() {
            return DroppedFiles.folder(id) + pushId + "/";
        }

        /** The push that a file belongs to; null where it belongs to none. */
        static @Nullable Push of(String key) {
            String[] segments = key.substring(DroppedFiles.MODELS.length()).split("/", 4);
            boolean pushed = segments.length == 4 && ModelId.isType(segments[0]) && ModelId.isVersion(segments[1])
                    && PushId.isPushId(segments[2]);
            return pushed ? new Push(new ModelId(segments[0], segments[1]), segments[2]) : null;
        }

        boolean isNamedBy(Manifest manifest) {
            return manifest.files().stream()
                    .anyMatch(file -> (manifest.filesPrefix() + file.path()).startsWith(prefix()));
        }
    }

    AbandonedPushes(ObjectStore store, Registry registry, DocumentFormat format, PurgeConfiguration configuration,
            Clock clock) {
        this.store = store;
        this.registry = registry;
        this.format = format;
        this.configuration = configuration;
        this.clock = clock;
    }

    @Override
    public String what() {
        return "files of abandoned pushes";
    }

    @Override
    public void sweep() {
        FirstFailure failures = new FirstFailure();
        walk(failures);
        failures.rethrow();
    }

    private void walk(FirstFailure failures) {
        for (int pages = 0; pages < PAGES_PER_SWEEP; pages++) {
            Page page = store.page(DroppedFiles.MODELS, after);
            page.entries().forEach(entry -> walk(entry, failures));
            if (page.isLast()) {
                leave(failures);
                after = "";
                return;
            }
            after = page.entries().getLast().key();
        }
    }

    private void walk(Entry entry, FirstFailure failures) {
        Push push = Push.of(entry.key());
        if (push == null || !push.equals(current)) {
            leave(failures);
            current = push;
        }
        newest = newest.isBefore(entry.lastModified()) ? entry.lastModified() : newest;
    }

    /** All files of a push were seen. */
    private void leave(FirstFailure failures) {
        Push push = current;
        boolean old = isOld(newest);
        current = null;
        newest = Instant.MIN;
        if (push != null && old && !isPublished(push)) {
            failures.collect(() -> remove(push));
        }
    }

    private boolean isPublished(Push push) {
        return registry.current().model(push.id()).map(Model::manifest).filter(push::isNamedBy).isPresent();
    }

    private void remove(Push push) {
        List<Entry> files = store.list(push.prefix());
        if (files.stream().allMatch(file -> isOld(file.lastModified())) && isAbandoned(push)) {
            files.forEach(file -> store.delete(file.key()));
            LOG.info("Removed {} files below {}: no manifest names them", files.size(), push.prefix());
        }
    }

    /** The snapshot may be older than the manifest, and does not know what is in quarantine: the store is asked. */
    private boolean isAbandoned(Push push) {
        Optional<Content> manifest = store.get(DroppedFiles.manifestKey(push.id()));
        try {
            return manifest.isEmpty() || !push.isNamedBy(format.readManifest(manifest.get().bytes()));
        } catch (InvalidDocumentException e) {
            return false;
        }
    }

    private boolean isOld(Instant modified) {
        return !clock.instant().isBefore(modified.plus(configuration.abandonedAfter()));
    }
}
