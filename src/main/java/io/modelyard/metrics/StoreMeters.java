package io.modelyard.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.modelyard.store.StoreObserver;
import jakarta.inject.Singleton;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Counts and times what the store is asked, by operation and outcome, and the bytes of content that go there and come. */
@Singleton
final class StoreMeters implements StoreObserver {
    private final MeterRegistry registry;
    private final Counter in;
    private final Counter out;
    private final ConcurrentHashMap<Key, Timer> timers = new ConcurrentHashMap<>();

    private record Key(String operation, Outcome outcome) {}

    StoreMeters(MeterRegistry registry) {
        this.registry = registry;
        this.in = bytes("in");
        this.out = bytes("out");
    }

    @Override
    public void observed(Request request) {
        timers.computeIfAbsent(new Key(request.operation(), request.outcome()), this::timer).record(request.nanos(),
                TimeUnit.NANOSECONDS);
        in.increment((double) request.bytesIn());
        out.increment((double) request.bytesOut());
    }

    private Counter bytes(String direction) {
        return Counter.builder("modelyard.store.bytes")
                .description("Bytes of content read from the store and sent to it")
                .baseUnit("bytes").tag("direction", direction).register(registry);
    }

    private Timer timer(Key key) {
        return Timer.builder("modelyard.store.requests")
                .description("Requests to the store, repeated ones too, until their content was read")
                .tag("operation", key.operation()).tag("outcome", key.outcome().word())
                .serviceLevelObjectives(Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(25),
                        Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(10))
                .register(registry);
    }
}
