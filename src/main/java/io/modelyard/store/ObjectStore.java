package io.modelyard.store;

import org.jspecify.annotations.Nullable;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Bytes under keys. Keys are relative paths with forward slashes. A listing is complete or it throws: it is never one
 * page, and never empty because of an error. All methods block and may be called from any thread; all throw
 * {@link StoreException} when the store cannot be reached or refuses.
 */
public interface ObjectStore {
    /** All objects whose keys start with {@code prefix}, in the order of their keys. */
    default List<Entry> list(String prefix) {
        return list(prefix, "");
    }

    /** As {@link #list(String)}, but only keys that come after {@code startAfter}. */
    default List<Entry> list(String prefix, String startAfter) {
        List<Entry> entries = new ArrayList<>();
        String after = startAfter;
        for (Page page = page(prefix, after);; page = page(prefix, after)) {
            entries.addAll(page.entries());
            if (page.isLast()) {
                return List.copyOf(entries);
            }
            after = page.entries().getLast().key();
        }
    }

    /**
     * One step of a listing, at the cost of one request: the first objects, some 1,000 at most, whose keys start with
     * {@code prefix} and come after {@code startAfter}. For whoever walks a long listing bit by bit and knows it.
     */
    Page page(String prefix, String startAfter);

    /** The whole object; for small documents. */
    Optional<Content> get(String key);

    /** The object, unless its ETag still is {@code etag}. */
    Changed getIfChanged(String key, String etag);

    /**
     * The bytes from {@code offset} to the end; none where it ends there. The caller closes the stream, whose read may
     * throw an IOException, always before it gives a byte of another object than the one that was opened.
     *
     * @param etag what the object's ETag must be, so that a download that broke off goes on with the same object; null
     *        where it may be any
     */
    Opening open(String key, long offset, @Nullable String etag);

    /** Creates the object in one step, so that no reader sees a part of it, unless the key is taken. */
    Creation create(String key, byte[] content);

    /** As {@link #create(String, byte[])}, for a file of any size. */
    Creation create(String key, Path file);

    /** Creates or overwrites the object in one step and returns its new ETag. */
    String put(String key, byte[] content);

    /** Removes the object if it is there. */
    void delete(String key);

    /** Where this store is, for logs and health; without credentials. */
    String location();

    /** @param etag changes whenever the content does */
    record Entry(String key, long size, String etag, Instant lastModified) {}

    /** @param isLast whether the listing ends with it; a page that is not the last has at least one entry */
    record Page(List<Entry> entries, boolean isLast) {}

    /** An object with its content. */
    record Content(byte[] bytes, String etag) {}

    /** The answer to a conditional read. */
    sealed interface Changed {
        record Found(Content content) implements Changed {}

        record NotModified() implements Changed {}

        record Absent() implements Changed {}
    }

    /** The answer to opening an object. */
    sealed interface Opening {
        record Found(InputStream bytes, String etag) implements Opening {}

        /** It is there, and it is another than the one that was asked for. */
        record Replaced() implements Opening {}

        record Absent() implements Opening {}
    }

    /** The answer to a create-only write. */
    sealed interface Creation {
        record Created(String etag) implements Creation {}

        /** The key was taken; nothing was written. */
        record Exists() implements Creation {}
    }
}
