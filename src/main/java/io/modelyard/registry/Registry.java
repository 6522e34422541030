package io.modelyard.registry;

import io.micronaut.context.event.ApplicationEventPublisher;
import io.modelyard.model.ModelId;
import io.modelyard.model.ServingFailure;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.ObjectStore.Content;
import io.modelyard.store.StoreException;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The registry as this replica knows it. {@link #current()} costs nothing and never fails: while the store is down, it
 * is the last snapshot. Safe for use by many threads; of several calls that read the store one runs at a time.
 */
@Singleton
public final class Registry {
    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);
    private static final RegistrySnapshot NOTHING_READ = RegistrySnapshot.empty();

    private final ObjectStore store;
    private final DocumentReader reader;
    private final DocumentIndex index = new DocumentIndex();
    private final Clock clock;
    private final SnapshotNews news;
    private final @Nullable DocumentCopy copy;

    private final ReentrantLock syncing = new ReentrantLock();
    /** Guarded by syncing. */
    private final StoreReading reading;

    private final ReentrantLock changing = new ReentrantLock();
    /** Guarded by changing. */
    private final SnapshotBuilder builder;

    private volatile RegistrySnapshot snapshot = NOTHING_READ;
    private volatile SyncState state = SyncState.NEVER;

    /** @param copy null where nothing is kept on local disk */
    Registry(ObjectStore store, DocumentFormat format, KnownRuntimes runtimes, RegistryConfiguration configuration,
            Clock clock, ApplicationEventPublisher<RegistryChanged> events, @Nullable DocumentCopy copy) {
        this.store = store;
        this.reader = new DocumentReader(format);
        this.reading = new StoreReading(store, format, index, configuration.reconcileRequests(), clock, this::apply);
        this.builder = new SnapshotBuilder(runtimes);
        this.clock = clock;
        this.news = new SnapshotNews(events, snapshot);
        this.copy = copy;
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
     * Reads everything that is new in the store, now. When it returns, {@link #current()} shows it and the listeners of
     * {@link RegistryChanged} know it.
     *
     * @throws ServingFailure.Unavailable if the store fails; the last snapshot stays in place
     */
    public SyncReport sync() {
        RegistrySnapshot before = snapshot;
        read(reading::everything);
        return SyncReport.between(before, snapshot);
    }

    /**
     * Asks whether Modelyard's tools have written since the last time, and reads what they wrote; one request where they
     * have not. Does nothing while the store is being read already.
     *
     * @throws ServingFailure.Unavailable if the store fails; the last snapshot stays in place
     */
    public void poll() {
        readUnlessRead(this::readNews);
    }

    /**
     * As {@link #poll()}, but where the store is being read already, after that: who was told just now of a write cannot
     * rely on a reading that began before.
     *
     * @throws ServingFailure.Unavailable if the store fails; the last snapshot stays in place
     */
    public void nudge() {
        read(this::readNews);
    }

    /**
     * Asks the store for one version that is not known yet; one request. It says nothing of how fresh the rest is.
     *
     * @throws ServingFailure.Unavailable if the store fails; the last snapshot stays in place
     */
    void lookFor(ModelId id) {
        try {
            reading.named(id);
        } catch (StoreException e) {
            throw unavailable(e);
        }
        news.tell(this::current);
    }

    /**
     * Goes on comparing the store's listing with what is known, to find what was pushed with plain S3 tools: a step of the
     * configured number of requests. Does nothing while the store is being read already.
     *
     * @throws ServingFailure.Unavailable if the store fails; the last snapshot stays in place
     */
    void reconcile() {
        readUnlessRead(reading::step);
    }

    /**
     * Shows what was kept on local disk, until the store answers.
     *
     * @return whether there was anything
     */
    boolean restore() {
        Optional<DocumentCopy.Kept> kept = Optional.ofNullable(copy).flatMap(disk -> disk.load(store.location()));
        if (kept.isEmpty()) {
            return false;
        }
        changing.lock();
        try {
            kept.get().documents().entrySet().parallelStream()
                    .map(document -> reader.read(document.getKey(), document.getValue())).toList()
                    .forEach(index::put);
            show();
            state = SyncState.kept(kept.get().syncedAt());
        } finally {
            changing.unlock();
        }
        LOG.info("Snapshot {} with {} versions from local disk, as the store was at {}", snapshot.id(),
                snapshot.size(), kept.get().syncedAt());
        news.tell(this::current);
        return true;
    }

    /**
     * Shows a document that this process has just created, without asking the store again. When it returns,
     * {@link #current()} shows it and the listeners of {@link RegistryChanged} know it.
     */
    void include(String key, Content content) {
        StoredDocument document = reader.read(key, content);
        changing.lock();
        try {
            index.put(document);
            show();
            keep(Map.of(key, content), List.of());
        } finally {
            changing.unlock();
        }
        news.tell(this::current);
    }

    /** Whatever was written while the store did not answer, nobody may have told of. */
    private void readNews() {
        reading.news(state.isFailing());
    }

    private void readUnlessRead(Runnable way) {
        if (syncing.tryLock()) {
            try {
                note(way);
            } finally {
                syncing.unlock();
            }
            news.tell(this::current);
        }
    }

    private void read(Runnable way) {
        syncing.lock();
        try {
            note(way);
        } finally {
            syncing.unlock();
        }
        // Not under the lock: a listener may sync, too.
        news.tell(this::current);
    }

    /** Reads, and notes whether the store answered. */
    private void note(Runnable way) {
        try {
            way.run();
            state = state.succeeded(clock.instant());
        } catch (StoreException e) {
            state = state.failed(clock.instant(), String.valueOf(e.getMessage()));
            throw unavailable(e);
        }
    }

    private static ServingFailure unavailable(StoreException e) {
        return ServingFailure.Unavailable.storeUnavailable(String.valueOf(e.getMessage()), e);
    }

    private void apply(Findings findings) {
        Map<String, Content> fetched = new HashMap<>();
        findings.found().forEach(found -> {
            if (found.content() != null) {
                fetched.put(found.document().key(), found.content());
            }
        });
        changing.lock();
        try {
            index.apply(findings);
            show();
            keep(fetched, findings.gone());
        } finally {
            changing.unlock();
        }
    }

    /** Makes the known documents the snapshot; the caller holds changing. A snapshot that says the same stays as it is. */
    private void show() {
        Set<Group> changed = index.takeChanged();
        if (changed.isEmpty() && !builder.isWaiting() && snapshot != NOTHING_READ) {
            return;
        }
        RegistrySnapshot built = builder.build(index, changed, clock.instant());
        if (built.id().equals(snapshot.id()) && built.quarantine().equals(snapshot.quarantine())) {
            return;
        }
        SyncReport changes = SyncReport.between(snapshot, built);
        LOG.info("Snapshot {}: {} added, {} changed, {} removed, {} in quarantine", built.id(),
                changes.added().size(), changes.changed().size(), changes.removed().size(),
                changes.quarantined().size());
        snapshot = built;
    }

    /** Remembers also that the store was asked just now. */
    private void keep(Map<String, Content> put, Collection<String> removed) {
        if (copy != null) {
            copy.save(put, removed, clock.instant());
        }
    }
}
