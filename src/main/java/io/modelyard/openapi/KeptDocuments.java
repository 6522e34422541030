package io.modelyard.openapi;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The documents that were asked for last, each with what it was made from, so that one is made anew only when that is another.
 * Safe for use by many threads; two may make the same document.
 *
 * @param <K> what a document is for
 * @param <S> what it is made from, compared by {@code equals}
 */
final class KeptDocuments<K, S> {
    private final int most;
    /** The least recently asked for first. Guarded by itself. */
    private final Map<K, Kept<S>> kept = new LinkedHashMap<>(16, 0.75f, true);

    private record Kept<S>(S source, ApiDocument document) {}

    KeptDocuments(int most) {
        this.most = most;
    }

    ApiDocument get(K key, S source, Supplier<ApiDocument> make) {
        synchronized (kept) {
            Kept<S> before = kept.get(key);
            if (before != null && before.source().equals(source)) {
                return before.document();
            }
        }
        ApiDocument document = make.get();
        synchronized (kept) {
            kept.put(key, new Kept<>(source, document));
            if (kept.size() > most) {
                kept.remove(kept.keySet().iterator().next());
            }
        }
        return document;
    }
}
