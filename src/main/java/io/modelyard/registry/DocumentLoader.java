package io.modelyard.registry;

import io.modelyard.registry.DocumentKey.Subject;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.ObjectStore.Entry;
import io.modelyard.store.StoreException;
import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads from the store all documents that matter: every manifest, and of everything with revisions the highest one.
 * Where the highest revision of a routing cannot be read, the next lower one matters too; of a key it does not, because
 * that one may say what the highest took back. What was read before and did not change is not fetched again. For one
 * thread at a time.
 */
final class DocumentLoader {
    private final ObjectStore store;
    private final DocumentReader reader;
    private final Map<String, StoredDocument> known = new ConcurrentHashMap<>();

    DocumentLoader(ObjectStore store, DocumentReader reader) {
        this.store = store;
        this.reader = reader;
    }

    /**
     * The documents by key, unreadable ones too.
     *
     * @throws StoreException if the store fails; what was fetched until then is not fetched again the next time
     */
    Map<String, StoredDocument> load() {
        // Routing before manifests: a manifest that a routing names is older than it, and so in the later listing.
        List<Entry> revisions = new ArrayList<>(store.list(DocumentKey.ACCESS));
        revisions.addAll(store.list(DocumentKey.ROUTING));
        List<Entry> manifests = store.list(DocumentKey.REGISTRY);

        Map<String, StoredDocument> loaded = new HashMap<>();
        fetch(manifests, loaded);
        fetchHighest(revisions, loaded);
        known.keySet().retainAll(loaded.keySet());
        return loaded;
    }

    private void fetchHighest(List<Entry> entries, Map<String, StoredDocument> loaded) {
        Map<Subject, Deque<Entry>> bySubject = new HashMap<>();
        List<Entry> others = new ArrayList<>();
        entries.stream().sorted(Comparator.comparing(Entry::key).reversed()).forEach(entry -> {
            if (DocumentKey.parse(entry.key()) instanceof DocumentKey.OfRevision place) {
                bySubject.computeIfAbsent(place.subject(), subject -> new ArrayDeque<>()).add(entry);
            } else {
                others.add(entry);
            }
        });
        fetch(others, loaded);
        while (!bySubject.isEmpty()) {
            fetch(bySubject.values().stream().map(Deque::element).toList(), loaded);
            bySubject.entrySet().removeIf(subject -> {
                Entry highest = subject.getValue().remove();
                return isSettled(subject.getKey(), loaded.get(highest.key())) || subject.getValue().isEmpty();
            });
        }
    }

    private static boolean isSettled(Subject subject, @Nullable StoredDocument highest) {
        return switch (subject) {
            case Subject.OfKey key -> highest != null;
            case Subject.OfType type -> highest != null && highest.isReadable();
            case Subject.OfPlatform platform -> highest != null && highest.isReadable();
        };
    }

    private void fetch(List<Entry> entries, Map<String, StoredDocument> loaded) {
        List<Entry> fresh = new ArrayList<>();
        for (Entry entry : entries) {
            StoredDocument before = known.get(entry.key());
            if (before != null && before.etag().equals(entry.etag()) && before.size() == entry.size()) {
                loaded.put(entry.key(), before);
            } else if (!entry.key().endsWith("/")) {
                fresh.add(entry);
            }
        }
        for (Optional<StoredDocument> read : ConcurrentFetch.all(fresh, this::fetch)) {
            read.ifPresent(document -> loaded.put(document.key(), document));
        }
    }

    /** Empty where it was deleted since it was listed. */
    private Optional<StoredDocument> fetch(Entry entry) {
        Optional<StoredDocument> read;
        if (DocumentKey.parse(entry.key()) instanceof DocumentKey.Misplaced place) {
            read = Optional.of(reader.unfetched(entry, "misplaced: " + place.reason()));
        } else if (entry.size() > DocumentReader.LARGEST) {
            read = Optional.of(reader.unfetched(entry, "too_large: a document has at most " + DocumentReader.LARGEST
                    + " bytes, and this has " + entry.size()));
        } else {
            read = store.get(entry.key()).map(content -> reader.read(entry.key(), content));
        }
        read.ifPresent(document -> known.put(document.key(), document));
        return read;
    }
}
