package io.modelyard.access;

import jakarta.inject.Singleton;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** When keys were used last, as far as this replica has heard. Safe for use by many threads. */
@Singleton
final class LastUses {
    private final ConcurrentHashMap<String, LastUse> byKey = new ConcurrentHashMap<>();

    /** Of one key; the same object at every call. */
    LastUse of(String keyId) {
        return byKey.computeIfAbsent(keyId, _ -> new LastUse());
    }

    Optional<Instant> at(String keyId) {
        return Optional.ofNullable(byKey.get(keyId)).filter(LastUse::isKnown).map(LastUse::at);
    }

    /** All that is known, by key. */
    Map<String, Instant> all() {
        Map<String, Instant> all = new TreeMap<>();
        byKey.forEach((id, use) -> {
            if (use.isKnown()) {
                all.put(id, use.at());
            }
        });
        return all;
    }

    /** What was heard elsewhere; of each key the latest counts. */
    void include(Map<String, Instant> heard) {
        heard.forEach((id, at) -> of(id).note(at));
    }
}
