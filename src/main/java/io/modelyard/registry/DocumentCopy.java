package io.modelyard.registry;

import io.modelyard.store.ObjectStore.Content;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * The documents of the registry on local disk, so that a server can start while the store is down, and need not fetch
 * what it knows. A copy is a convenience: an implementation that fails says so in the log, and never throws. Safe for
 * use by many threads.
 */
public interface DocumentCopy {
    /**
     * What was kept of this store, by key.
     *
     * @param syncedAt when it was last known to be what the store holds
     */
    record Kept(Map<String, Content> documents, Instant syncedAt) {}

    /** Empty where nothing was kept of the store at this location. */
    Optional<Kept> load(String location);

    /** Keeps documents, drops others, and remembers when; all of it or nothing. */
    void save(Map<String, Content> put, Collection<String> removed, Instant syncedAt);
}
