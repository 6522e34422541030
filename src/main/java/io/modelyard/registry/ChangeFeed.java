package io.modelyard.registry;

import io.modelyard.store.ObjectStore;
import io.modelyard.store.ObjectStore.Changed;
import io.modelyard.store.ObjectStore.Content;
import io.modelyard.store.ObjectStore.Entry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Hears of what Modelyard's own tools wrote: {@code generation} says that there is something, and the notices below
 * {@code changes/} say what. Asking costs one request when nothing happened, however large the registry is. For one
 * thread at a time.
 */
final class ChangeFeed {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);
    /** By how much the clocks of writers and readers may differ; beyond it the reconcile finds what was written. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    private final ObjectStore store;
    private final DocumentFormat format;
    private final Clock clock;
    private @Nullable String generation;
    private Instant lastLook = Instant.EPOCH;
    private Set<String> seen = Set.of();

    /**
     * @param documents the keys that the new notices name
     * @param generation the ETag of {@code generation} then
     * @param seen the keys of the notices that there are
     */
    record News(Set<String> documents, @Nullable String generation, Instant at, Set<String> seen) {}

    ChangeFeed(ObjectStore store, DocumentFormat format, Clock clock) {
        this.store = store;
        this.format = format;
        this.clock = clock;
    }

    /**
     * Where things stand before a listing of everything: what is written from now on is news. To be taken when the listing
     * is done.
     */
    News beforeListing() {
        Instant now = clock.instant();
        String etag = store.get(DocumentKey.GENERATION).map(Content::etag).orElse(null);
        return new News(Set.of(), etag, now, keys(recent(now)));
    }

    /** What was written since the last news that were taken; empty where nothing was. */
    Optional<News> look() {
        Instant now = clock.instant();
        // The ETag is read before the listing: a write that comes between the two is then seen by the next look.
        String before = generation;
        String after = before == null
                ? store.get(DocumentKey.GENERATION).map(Content::etag).orElse(null)
                : switch (store.getIfChanged(DocumentKey.GENERATION, before)) {
                    case Changed.NotModified same -> before;
                    case Changed.Found found -> found.content().etag();
                    case Changed.Absent gone -> null;
                };
        if (before == null ? after == null : before.equals(after)) {
            lastLook = now;
            return Optional.empty();
        }
        List<Entry> notices = recent(lastLook.isBefore(now) ? lastLook : now);
        List<String> unseen = keys(notices).stream().filter(key -> !seen.contains(key)).toList();
        Set<String> documents = new HashSet<>();
        ConcurrentFetch.all(unseen, store::get)
                .forEach(content -> content.ifPresent(notice -> documents.addAll(read(notice.bytes()))));
        return Optional.of(new News(documents, after, now, keys(notices)));
    }

    /** The news have been acted upon. */
    void take(News news) {
        generation = news.generation();
        lastLook = news.at();
        seen = news.seen();
    }

    /** When it was last asked, and whatever there was was acted upon. */
    Instant lastLook() {
        return lastLook;
    }

    private List<Entry> recent(Instant since) {
        return store.list(DocumentKey.CHANGES, ChangeNotice.keysAfter(since.minus(CLOCK_SKEW)));
    }

    private static Set<String> keys(List<Entry> notices) {
        return notices.stream().map(Entry::key).collect(Collectors.toSet());
    }

    /** A notice that cannot be read costs only time: a listing finds the documents. */
    private List<String> read(byte[] notice) {
        try {
            return format.readChange(notice).documents();
        } catch (InvalidDocumentException e) {
            LOG.warn("A notice below {} cannot be read: {}", DocumentKey.CHANGES, e.getMessage());
            return List.of();
        }
    }
}
