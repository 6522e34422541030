package io.modelyard.store;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
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
    List<Entry> list(String prefix, String startAfter);

    /** The whole object; for small documents. */
    Optional<Content> get(String key);

    /** The object, unless its ETag still is {@code etag}. */
    Changed getIfChanged(String key, String etag);

    /**
     * The bytes from {@code offset} to the end. The caller closes the stream, whose read may throw an IOException.
     *
     * @throws StoreException also if there is no such object
     */
    InputStream open(String key, long offset);

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

    /** An object with its content. */
    record Content(byte[] bytes, String etag) {}

    /** The answer to a conditional read. */
    sealed interface Changed {
        record Found(Content content) implements Changed {}

        record NotModified() implements Changed {}

        record Absent() implements Changed {}
    }

    /** The answer to a create-only write. */
    sealed interface Creation {
        record Created(String etag) implements Creation {}

        /** The key was taken; nothing was written. */
        record Exists() implements Creation {}
    }
}
