package io.modelyard.registry;

import io.modelyard.store.ObjectStore.Content;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What reading the store has brought: documents that are new or other than before, and keys that are gone. Nothing of it
 * counts until all of it is applied at once. For one thread.
 */
final class Findings {
    private final long mark;
    private final Map<String, Fetched> found = new HashMap<>();
    private final Set<String> gone = new HashSet<>();

    /** @param content null where the document was not fetched because it can be nothing */
    record Fetched(StoredDocument document, @Nullable Content content) {}

    /** @param mark of the {@link DocumentIndex} before the first question to the store */
    Findings(long mark) {
        this.mark = mark;
    }

    long mark() {
        return mark;
    }

    void found(Fetched fetched) {
        gone.remove(fetched.document().key());
        found.put(fetched.document().key(), fetched);
    }

    void gone(String key) {
        found.remove(key);
        gone.add(key);
    }

    Optional<StoredDocument> get(String key) {
        return Optional.ofNullable(found.get(key)).map(Fetched::document);
    }

    List<Fetched> found() {
        return new ArrayList<>(found.values());
    }

    Set<String> gone() {
        return Set.copyOf(gone);
    }

    boolean isEmpty() {
        return found.isEmpty() && gone.isEmpty();
    }
}
