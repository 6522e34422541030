package io.modelyard.registry;

import io.modelyard.store.ObjectStore.Content;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What a server keeps of the registry, across its starts. */
final class MemoryCopy implements DocumentCopy {
    final Map<String, Content> documents = new HashMap<>();
    Instant syncedAt = Instant.MIN;

    @Override
    public synchronized Optional<Kept> load(String location) {
        return syncedAt.equals(Instant.MIN)
                ? Optional.empty()
                : Optional.of(new Kept(Map.copyOf(documents), syncedAt));
    }

    @Override
    public synchronized void save(Map<String, Content> put, Collection<String> removed, Instant at) {
        documents.putAll(put);
        documents.keySet().removeAll(removed);
        syncedAt = at;
    }
}
