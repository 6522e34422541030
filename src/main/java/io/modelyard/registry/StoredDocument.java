package io.modelyard.registry;

import io.modelyard.model.ApiKey;
import io.modelyard.model.Model;
import io.modelyard.model.Routing;
import io.modelyard.store.ObjectStore.Entry;

/**
 * A document as it lies in the store, and what it was read as.
 *
 * @param digest SHA-256 of its bytes; empty where it was not fetched
 */
record StoredDocument(String key, DocumentKey place, String etag, long size, String digest, Reading reading) {
    /** What a document was read as. */
    sealed interface Reading {
        record AsModel(Model model) implements Reading {}

        record AsRouting(Routing routing) implements Reading {}

        record AsPlatform(Platform platform) implements Reading {}

        record AsKey(ApiKey apiKey) implements Reading {}

        /** @param reason a code, a colon and a sentence */
        record Unreadable(String reason) implements Reading {}
    }

    /** Whether a listing shows this very content. */
    boolean isOf(Entry entry) {
        return etag.equals(entry.etag()) && size == entry.size();
    }

    boolean isReadable() {
        return !(reading instanceof Reading.Unreadable);
    }
}
