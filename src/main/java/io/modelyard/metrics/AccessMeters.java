package io.modelyard.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.modelyard.access.AccessWatch;
import jakarta.inject.Singleton;

import java.util.concurrent.ConcurrentHashMap;

/** Counts who is turned away. Keys are told apart as long as they are few: a series for each costs memory here and there. */
@Singleton
final class AccessMeters implements AccessWatch {
    private static final int MOST_KEYS = 100;
    private static final String OTHERS = "others";

    private final MeterRegistry registry;
    private final Counter failures;
    private final ConcurrentHashMap<Key, Counter> limited = new ConcurrentHashMap<>();

    private record Key(String keyId, String what) {}

    AccessMeters(MeterRegistry registry) {
        this.registry = registry;
        this.failures = Counter.builder("modelyard.access.failed.attempts")
                .description("Requests with a key that is not valid").register(registry);
    }

    @Override
    public void limited(String keyId, String what) {
        Key key = new Key(keyId, what);
        Counter known = limited.get(key);
        if (known == null) {
            known = limited.computeIfAbsent(limited.size() < MOST_KEYS ? key : new Key(OTHERS, what), this::register);
        }
        known.increment();
    }

    @Override
    public void failedAttempt() {
        failures.increment();
    }

    private Counter register(Key key) {
        return Counter.builder("modelyard.access.limited")
                .description("Requests and predictions refused because their key had no more of them")
                .tags("key", key.keyId(), "limit", key.what()).register(registry);
    }
}
