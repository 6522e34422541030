package io.modelyard.registry;

import io.micronaut.context.event.ApplicationEventPublisher;
import io.modelyard.model.ModelId;
import io.modelyard.model.Routing;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.StoredDocument.Reading;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.ObjectStore.Content;
import io.modelyard.store.StoreException;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The registry as this replica knows it. {@link #current()} costs nothing and never fails: while the store is down, it
 * is the last snapshot. Safe for use by many threads; of several calls that read the store one runs at a time.
 */
@Singleton
public final class Registry {
    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);
    private static final RegistrySnapshot NOTHING_READ = RegistrySnapshot.empty();
    /** After a longer silence the notices of what was written meanwhile may be gone. */
    private static final Duration LONGEST_SILENCE = Duration.ofDays(1);

    private final ObjectStore store;
    private final DocumentReader reader;
    private final DocumentFetch fetch;
    private final DocumentIndex index = new DocumentIndex();
    private final RegistryConfiguration configuration;
    private final Clock clock;
    private final SnapshotNews news;
    private final @Nullable DocumentCopy copy;

    private final ReentrantLock syncing = new ReentrantLock();
    /** Guarded by syncing, as are the next two. */
    private final ChangeFeed feed;
    private final DocumentWalk walk;
    private boolean listed;

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
        this.fetch = new DocumentFetch(store, reader);
        this.feed = new ChangeFeed(store, format, clock);
        this.walk = new DocumentWalk(store, fetch, index);
        this.builder = new SnapshotBuilder(runtimes);
        this.configuration = configuration;
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
        SyncReport report;
        syncing.lock();
        try {
            report = asking(this::listEverything);
        } finally {
            syncing.unlock();
        }
        // Not under the lock: a listener may sync, too.
        news.tell(this::current);
        return report;
    }

    /**
     * Asks whether Modelyard's tools have written since the last time, and reads what they wrote; one request where they
     * have not. Does nothing while the store is being read already.
     *
     * @throws ServingFailure.Unavailable if the store fails; the last snapshot stays in place
     */
    public void poll() {
        read(this::readNews);
    }

    /**
     * As {@link #poll()}, but where the store is being read already, after that: who was told just now of a write cannot
     * rely on a reading that began before.
     *
     * @throws ServingFailure.Unavailable if the store fails; the last snapshot stays in place
     */
    public void nudge() {
        syncing.lock();
        try {
            asking(() -> {
                readNews();
                return Optional.empty();
            });
        } finally {
            syncing.unlock();
        }
        news.tell(this::current);
    }

    private void readNews() {
        if (!listed || Duration.between(feed.lastLook(), clock.instant()).compareTo(LONGEST_SILENCE) > 0) {
            listEverything();
            return;
        }
        Findings findings = new Findings(index.mark());
        Optional<ChangeFeed.News> written = feed.look();
        fetch.named(written.map(ChangeFeed.News::documents).orElse(Set.of()).stream().filter(this::isNews).toList(),
                findings);
        // Somebody without the right to notices, or whatever was written while the store did not answer.
        boolean untold = written.filter(news -> news.documents().isEmpty()).isPresent() || state.isFailing();
        if (untold) {
            walk.restart();
            walk.step(configuration.reconcileRequests(), findings);
        }
        if (untold || written.isPresent()) {
            apply(findings);
        }
        written.ifPresent(feed::take);
    }

    /**
     * Asks the store for one version that is not known yet; one request.
     *
     * @throws ServingFailure.Unavailable if the store fails; the last snapshot stays in place
     */
    void lookFor(ModelId id) {
        asking(() -> {
            Findings findings = new Findings(index.mark());
            fetch.named(List.of(DocumentKey.manifest(id)), findings);
            apply(findings);
            return Optional.empty();
        });
        news.tell(this::current);
    }

    /**
     * Goes on comparing the store's listing with what is known, to find what was pushed with plain S3 tools: a step of the
     * configured number of requests. Does nothing while the store is being read already.
     *
     * @throws ServingFailure.Unavailable if the store fails; the last snapshot stays in place
     */
    void reconcile() {
        read(() -> {
            if (!listed) {
                listEverything();
                return;
            }
            Findings findings = new Findings(index.mark());
            walk.step(configuration.reconcileRequests(), findings);
            apply(findings);
            keep(Map.of(), List.of());
        });
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

    private void read(Runnable reading) {
        if (!syncing.tryLock()) {
            return;
        }
        try {
            asking(() -> {
                reading.run();
                return Optional.empty();
            });
        } finally {
            syncing.unlock();
        }
        news.tell(this::current);
    }

    private SyncReport listEverything() {
        RegistrySnapshot before = snapshot;
        Findings findings = new Findings(index.mark());
        ChangeFeed.News start = feed.beforeListing();
        walk.restart();
        walk.step(Integer.MAX_VALUE, findings);
        apply(findings);
        keep(Map.of(), List.of());
        feed.take(start);
        listed = true;
        return SyncReport.between(before, snapshot);
    }

    /** What a routing names may have been written a moment before it, and not be told of yet. */
    private void fetchNamed(Findings findings) {
        List<String> missing = findings.found().stream().flatMap(fetched -> named(fetched.document()))
                .filter(this::isNews).filter(key -> findings.get(key).isEmpty()).distinct().toList();
        fetch.named(missing, findings);
    }

    private static Stream<String> named(StoredDocument document) {
        if (!(document.reading() instanceof Reading.AsRouting(Routing routing))) {
            return Stream.of();
        }
        return Stream.concat(Stream.ofNullable(routing.active()),
                Stream.concat(Stream.ofNullable(routing.previous()), routing.aliases().values().stream()))
                .filter(ModelId::isVersion)
                .map(version -> DocumentKey.manifest(new ModelId(routing.type(), version)));
    }

    /** A document that is known never changes, and below a revision that counts there is none that does. */
    private boolean isNews(String key) {
        return switch (DocumentKey.parse(key)) {
            case DocumentKey.OfManifest manifest -> index.get(key).isEmpty();
            case DocumentKey.OfRevision revision -> !index.isSettledFrom(revision.subject(), key);
            case DocumentKey.Misplaced nothing -> false;
        };
    }

    private void apply(Findings findings) {
        fetchNamed(findings);
        changing.lock();
        try {
            index.apply(findings);
            show();
            Map<String, Content> fetched = new HashMap<>();
            findings.found().forEach(found -> {
                if (found.content() != null) {
                    fetched.put(found.document().key(), found.content());
                }
            });
            if (!findings.isEmpty()) {
                keep(fetched, findings.gone());
            }
        } finally {
            changing.unlock();
        }
        fetch.settle();
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

    private <T> T asking(Supplier<T> reading) {
        try {
            T result = reading.get();
            state = state.succeeded(clock.instant());
            return result;
        } catch (StoreException e) {
            String message = String.valueOf(e.getMessage());
            Instant now = clock.instant();
            state = state.failed(now, message);
            throw ServingFailure.Unavailable.storeUnavailable(message, e);
        }
    }
}
