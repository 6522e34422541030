package io.modelyard.registry;

import io.modelyard.registry.DocumentKey.Subject;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.ObjectStore.Changed;
import io.modelyard.store.ObjectStore.Entry;
import io.modelyard.store.ObjectStore.Page;
import io.modelyard.store.StoreException;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Walks the listing of all documents, page by page, and finds what differs from what is known: a page is the truth about
 * the stretch of keys that it covers. What is known and did not change is not fetched again. The walk remembers where it
 * stands, so it can be taken in steps. For one thread at a time.
 */
final class DocumentWalk {
    /** Routing before manifests: a manifest that a routing names is older than it, and so in the later listing. */
    private static final List<String> PREFIXES = List.of(DocumentKey.ACCESS, DocumentKey.ROUTING,
            DocumentKey.REGISTRY);

    private final ObjectStore store;
    private final DocumentFetch fetch;
    private final DocumentIndex index;
    private int prefix;
    private String after = "";

    DocumentWalk(ObjectStore store, DocumentFetch fetch, DocumentIndex index) {
        this.store = store;
        this.fetch = fetch;
        this.index = index;
    }

    /** The next step begins at the beginning. */
    void restart() {
        prefix = 0;
        after = "";
    }

    /**
     * Goes on for {@code pages} requests at most, or to the end, and then begins anew.
     *
     * @return whether it came to the end
     * @throws StoreException if the store fails; the walk stands where it stood before that page
     */
    boolean step(int pages, Findings findings) {
        for (int i = 0; i < pages; i++) {
            String folder = PREFIXES.get(prefix);
            Page page = store.page(folder, after);
            read(folder, page, findings);
            if (!page.isLast()) {
                after = page.entries().getLast().key();
            } else if (prefix + 1 < PREFIXES.size()) {
                prefix++;
                after = "";
            } else {
                restart();
                return true;
            }
        }
        return false;
    }

    private void read(String folder, Page page, Findings findings) {
        List<Entry> documents = page.entries().stream().filter(entry -> !entry.key().endsWith("/")).toList();
        Set<String> listed = documents.stream().map(Entry::key).collect(Collectors.toSet());
        Optional<String> last = page.isLast()
                ? Optional.empty()
                : Optional.of(page.entries().getLast().key());
        List<StoredDocument> gone = gone(index.stretch(folder, after, last).stream()
                .filter(known -> !listed.contains(known.key())).toList());
        gone.forEach(known -> findings.gone(known.key()));
        readChanged(documents, last, findings);
        // Where the revision that counted was removed by hand, the one below it may lie on a page that was passed.
        gone.stream().map(StoredDocument::place).filter(DocumentKey.OfRevision.class::isInstance)
                .map(place -> ((DocumentKey.OfRevision) place).subject()).distinct()
                .forEach(subject -> readChanged(store.list(subject.folder()), Optional.empty(), findings));
    }

    /**
     * Those that are not there any more. They are asked for, each by itself, because nothing else in the answer tells whether
     * a listing is right, and what is gone is not served.
     */
    private List<StoredDocument> gone(List<StoredDocument> unlisted) {
        return ConcurrentFetch.all(unlisted,
                known -> store.getIfChanged(known.key(), known.etag()) instanceof Changed.Absent
                        ? Optional.of(known)
                        : Optional.<StoredDocument>empty())
                .stream().flatMap(Optional::stream).toList();
    }

    private void readChanged(List<Entry> documents, Optional<String> last, Findings findings) {
        Map<Subject, Deque<Entry>> bySubject = new HashMap<>();
        List<Entry> others = new ArrayList<>();
        documents.stream().sorted(Comparator.comparing(Entry::key).reversed()).forEach(entry -> {
            if (DocumentKey.parse(entry.key()) instanceof DocumentKey.OfRevision place) {
                bySubject.computeIfAbsent(place.subject(), subject -> new ArrayDeque<>()).add(entry);
            } else {
                others.add(entry);
            }
        });
        fetchChanged(others, findings);
        fetchHighest(bySubject, last, findings);
    }

    private void fetchHighest(Map<Subject, Deque<Entry>> bySubject, Optional<String> last, Findings findings) {
        last.ifPresent(end -> bySubject.keySet().removeIf(subject -> index.isSettledFrom(subject, end + "\0")));
        while (!bySubject.isEmpty()) {
            fetchChanged(bySubject.values().stream().map(Deque::element).toList(), findings);
            bySubject.entrySet().removeIf(subject -> {
                Entry highest = subject.getValue().remove();
                return isSettled(subject.getKey(), highest, findings) || subject.getValue().isEmpty();
            });
        }
    }

    private boolean isSettled(Subject subject, Entry entry, Findings findings) {
        return findings.get(entry.key()).or(() -> index.get(entry.key()))
                .filter(document -> DocumentIndex.settles(subject, document)).isPresent();
    }

    private void fetchChanged(List<Entry> entries, Findings findings) {
        fetch.listed(entries.stream().filter(entry -> !isKnown(entry)).toList(), findings);
    }

    private boolean isKnown(Entry entry) {
        return index.get(entry.key()).filter(known -> known.isOf(entry)).isPresent();
    }
}
