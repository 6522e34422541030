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
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
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
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

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
        String name = TIME.format(now) + "-" + ids.next();
        try {
            store.create(DocumentKey.CHANGES + name + ".json", format.write(new ChangeNotice(now, by, documents)));
            store.put(DocumentKey.GENERATION, (name + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (StoreException | InvalidDocumentException e) {
            LOG.warn("Other replicas will see the change of {} only when they reconcile: {}", documents,
                    e.getMessage());
            return;
        }
        try {
            clearOld(now);
        } catch (StoreException e) {
            // Who may write notices need not be allowed to list and delete them; somebody else does.
            LOG.debug("Old notices stay for the next writer", e);
        }
    }

    private void clearOld(Instant now) {
        Instant due = nextClearing.get();
        if (now.isBefore(due) || !nextClearing.compareAndSet(due, now.plus(BETWEEN_CLEARINGS))) {
            return;
        }
        String oldest = DocumentKey.CHANGES + TIME.format(now.minus(KEPT));
        for (Entry notice : store.list(DocumentKey.CHANGES)) {
            if (notice.key().compareTo(oldest) >= 0) {
                return;
            }
            store.delete(notice.key());
        }
    }
}
