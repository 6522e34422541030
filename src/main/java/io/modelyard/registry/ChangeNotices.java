package io.modelyard.registry;

import io.modelyard.store.ObjectStore;
import io.modelyard.store.ObjectStore.Entry;
import io.modelyard.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Tells other replicas that documents were written: a document below {@code changes/} says which, and new content in
 * {@code generation} that there is one. Notices are a courtesy: without them a write is seen at the next reconcile, so
 * a failure is only logged. Old ones are removed about once an hour.
 */
final class ChangeNotices {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeNotices.class);
    private static final Duration KEPT = Duration.ofDays(7);
    private static final Duration BETWEEN_CLEARINGS = Duration.ofHours(1);

    private final ObjectStore store;
    private final DocumentFormat format;
    private final Clock clock;
    private final ChangeIds ids;
    private final AtomicReference<Instant> nextClearing = new AtomicReference<>(Instant.MIN);

    ChangeNotices(ObjectStore store, DocumentFormat format, Clock clock, ChangeIds ids) {
        this.store = store;
        this.format = format;
        this.clock = clock;
        this.ids = ids;
    }

    void tell(@Nullable String by, List<String> documents) {
        Instant now = clock.instant();
        String name = ChangeNotice.name(now, ids.next());
        try {
            store.create(DocumentKey.CHANGES + name + ".json", format.write(new ChangeNotice(now, by, documents)));
            store.put(DocumentKey.GENERATION, (name + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (StoreException | InvalidDocumentException e) {
            LOG.warn("Other replicas will see the change of {} only when they reconcile: {}", documents,
                    e.getMessage());
            return;
        }
        clearOld(now);
    }

    private void clearOld(Instant now) {
        Instant due = nextClearing.get();
        if (now.isBefore(due) || !nextClearing.compareAndSet(due, now.plus(BETWEEN_CLEARINGS))) {
            return;
        }
        String oldest = ChangeNotice.keysAfter(now.minus(KEPT));
        try {
            for (Entry notice : store.page(DocumentKey.CHANGES, "").entries()) {
                if (notice.key().compareTo(oldest) >= 0) {
                    return;
                }
                store.delete(notice.key());
            }
        } catch (StoreException e) {
            // A pipeline need not have the right to; servers have it.
            LOG.debug("Old notices could not be removed: {}", e.getMessage());
        }
    }
}
