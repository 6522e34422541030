package io.modelyard.access;

import io.modelyard.model.ApiKey;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Keys in a map. */
final class InMemoryKeyStore implements KeyStore {
    private volatile Map<String, ApiKey> keys = Map.of();

    @Override
    public Map<String, ApiKey> keys() {
        return keys;
    }

    @Override
    public boolean isRead() {
        return true;
    }

    @Override
    public synchronized ApiKey change(String id, Function<Optional<ApiKey>, ApiKey> decide) {
        ApiKey next = decide.apply(Optional.ofNullable(keys.get(id)));
        Map<String, ApiKey> changed = new HashMap<>(keys);
        changed.put(id, next);
        keys = Map.copyOf(changed);
        return next;
    }
}
