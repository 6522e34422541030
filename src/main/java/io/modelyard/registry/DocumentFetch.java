package io.modelyard.registry;

import io.modelyard.registry.Findings.Fetched;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.ObjectStore.Entry;
import io.modelyard.store.StoreException;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Fetches documents, many at once. What a failed attempt has fetched is not fetched again by the next. Safe for use by
 * many threads.
 */
final class DocumentFetch {
    private final ObjectStore store;
    private final DocumentReader reader;
    /** What was fetched and has not been applied yet. */
    private final Map<String, Fetched> staged = new ConcurrentHashMap<>();

    DocumentFetch(ObjectStore store, DocumentReader reader) {
        this.store = store;
        this.reader = reader;
    }

    /**
     * Fetches what a listing shows.
     *
     * @throws StoreException if the store fails
     */
    void listed(List<Entry> entries, Findings findings) {
        ConcurrentFetch.all(entries, this::fetch).forEach(read -> read.ifPresent(findings::found));
    }

    /**
     * Fetches what somebody named. A key that is not there is passed over.
     *
     * @throws StoreException if the store fails
     */
    void named(Collection<String> keys, Findings findings) {
        ConcurrentFetch.all(keys, this::get).forEach(read -> read.ifPresent(findings::found));
    }

    /** What was staged until now counts, or is not needed any more. */
    void settle() {
        staged.clear();
    }

    private Optional<Fetched> fetch(Entry entry) {
        if (DocumentKey.parse(entry.key()) instanceof DocumentKey.Misplaced place) {
            return Optional.of(new Fetched(reader.unfetched(entry, "misplaced: " + place.reason()), null));
        }
        if (entry.size() > DocumentReader.LARGEST) {
            return Optional.of(new Fetched(reader.unfetched(entry, "too_large: a document has at most "
                    + DocumentReader.LARGEST + " bytes, and this has " + entry.size()), null));
        }
        Fetched before = staged.get(entry.key());
        return before != null && before.document().isOf(entry) ? Optional.of(before) : get(entry.key());
    }

    private Optional<Fetched> get(String key) {
        Optional<Fetched> read = store.get(key).map(content -> new Fetched(reader.read(key, content), content));
        read.ifPresent(fetched -> staged.put(key, fetched));
        return read;
    }
}
