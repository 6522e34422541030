package io.modelyard.registry;

import io.micronaut.context.event.ApplicationEventPublisher;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.model.ServingFailure;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.ObjectStore.Changed;
import io.modelyard.store.ObjectStore.Content;
import io.modelyard.store.StoreException;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The registry as this replica knows it. {@link #current()} costs nothing and never fails: while the store is down, it
 * is the last snapshot. Safe for use by many threads; of several calls of {@link #sync()} one runs at a time.
 */
@Singleton
public final class Registry {
    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);

    private final ObjectStore store;
    private final DocumentReader reader;
    private final DocumentLoader loader;
    private final KnownRuntimes runtimes;
    private final Clock clock;
    private final SnapshotNews news;

    private final ReentrantLock syncing = new ReentrantLock();
    /** The ETag of {@code generation} before the last listing; guarded by syncing. */
    private @Nullable String generation;

    private final ReentrantLock changing = new ReentrantLock();
    /** Guarded by changing, as are the next two. */
    private Map<String, StoredDocument> documents = Map.of();
    private final Map<ModelId, Model> firstSeen = new HashMap<>();
    /** What this process wrote since the sync that is under way began to list. */
    private final List<StoredDocument> written = new ArrayList<>();

    private volatile RegistrySnapshot snapshot = RegistrySnapshot.empty();
    private volatile SyncState state = SyncState.NEVER;

    Registry(ObjectStore store, DocumentFormat format, KnownRuntimes runtimes, Clock clock,
            ApplicationEventPublisher<RegistryChanged> events) {
        this.store = store;
        this.reader = new DocumentReader(format);
        this.loader = new DocumentLoader(store, reader);
        this.runtimes = runtimes;
        this.clock = clock;
        this.news = new SnapshotNews(events, snapshot);
    }

    public RegistrySnapshot current() {
        return snapshot;
    }

    public SyncState state() {
        return state;
    }

    /** Where the store is; without credentials. */
    public String location() {
        return store.location();
    }

    /**
     * Reads what is new in the store, now. When it returns, {@link #current()} shows it and the listeners of
     * {@link RegistryChanged} know it.
     *
     * @throws ServingFailure.Unavailable if the store fails; the last snapshot stays in place
     */
    public SyncReport sync() {
        SyncReport report;
        syncing.lock();
        try {
            report = reconcile();
        } catch (StoreException e) {
            throw failed(e);
        } finally {
            syncing.unlock();
        }
        // Not under the lock: a listener may sync, too.
        news.tell(this::current);
        return report;
    }

    /**
     * Asks whether a tool has written since the last sync, and syncs if so, or if the last attempt failed. Does nothing
     * while a sync is under way.
     *
     * @throws ServingFailure.Unavailable if the store fails; the last snapshot stays in place
     */
    void poll() {
        if (!syncing.tryLock()) {
            return;
        }
        try {
            if (state.lastSuccess() == null || state.isFailing() || generationChanged()) {
                reconcile();
            } else {
                state = state.succeeded(clock.instant());
            }
        } catch (StoreException e) {
            throw failed(e);
        } finally {
            syncing.unlock();
        }
        news.tell(this::current);
    }

    /**
     * Shows a document that this process has just created, without asking the store again. When it returns,
     * {@link #current()} shows it and the listeners of {@link RegistryChanged} know it.
     */
    void include(String key, Content content) {
        StoredDocument document = reader.read(key, content);
        changing.lock();
        try {
            written.add(document);
            Map<String, StoredDocument> more = new HashMap<>(documents);
            more.put(key, document);
            show(more);
        } finally {
            changing.unlock();
        }
        news.tell(this::current);
    }

    private SyncReport reconcile() {
        changing.lock();
        try {
            written.clear();
        } finally {
            changing.unlock();
        }
        // Before the listing: a write that comes between the two is then seen by the next poll.
        String generationBefore = store.get(DocumentKey.GENERATION).map(Content::etag).orElse(null);
        Map<String, StoredDocument> loaded = loader.load();
        RegistrySnapshot before;
        RegistrySnapshot after;
        changing.lock();
        try {
            written.forEach(document -> loaded.putIfAbsent(document.key(), document));
            before = snapshot;
            show(loaded);
            after = snapshot;
        } finally {
            changing.unlock();
        }
        generation = generationBefore;
        state = state.succeeded(clock.instant());
        SyncReport report = SyncReport.between(before, after);
        if (before != after) {
            LOG.info("Snapshot {}: {} added, {} changed, {} removed, {} in quarantine", after.id(),
                    report.added().size(), report.changed().size(), report.removed().size(),
                    report.quarantined().size());
        }
        return report;
    }

    /** Makes these documents the snapshot; the caller holds changing. A snapshot that says the same stays as it is. */
    private void show(Map<String, StoredDocument> newest) {
        boolean waiting = !snapshot.quarantine().isEmpty();
        if (state.lastSuccess() != null && !waiting && newest.equals(documents)) {
            return;
        }
        documents = newest;
        RegistrySnapshot built = new SnapshotBuilder(runtimes, firstSeen, snapshot.quarantine(), clock.instant())
                .build(newest.values());
        built.models().forEach(firstSeen::put);
        if (!built.id().equals(snapshot.id()) || !built.quarantine().equals(snapshot.quarantine())) {
            snapshot = built;
        }
    }

    private boolean generationChanged() {
        if (generation == null) {
            return store.get(DocumentKey.GENERATION).isPresent();
        }
        return switch (store.getIfChanged(DocumentKey.GENERATION, generation)) {
            case Changed.NotModified same -> false;
            case Changed.Found found -> true;
            case Changed.Absent gone -> true;
        };
    }

    private ServingFailure failed(StoreException e) {
        String message = String.valueOf(e.getMessage());
        state = state.failed(clock.instant(), message);
        return ServingFailure.Unavailable.storeUnavailable(message, e);
    }
}
