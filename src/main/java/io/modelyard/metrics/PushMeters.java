package io.modelyard.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micronaut.runtime.event.annotation.EventListener;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.registry.RegistryChanged;
import io.modelyard.registry.RegistrySnapshot;
import io.modelyard.serving.LoadWatch;
import jakarta.inject.Singleton;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * From a push to what it is for: the seconds from a manifest's {@code created_at} until this replica knows the version, and until
 * it is READY here. Counted are versions that were pushed while this replica runs, once each.
 */
@Singleton
class PushMeters implements LoadWatch {
    private static final Duration[] BOUNDS = Stream.of(100, 250, 500, 1_000, 2_000, 3_000, 5_000, 10_000, 30_000,
            60_000, 300_000, 3_600_000).map(Duration::ofMillis).toArray(Duration[]::new);
    /** A manifest that is older was not pushed now but copied from elsewhere. */
    private static final Duration OLDEST = Duration.ofHours(1);
    /** What is READY later was not loaded because of the push. */
    private static final Duration LATEST = Duration.ofMinutes(10);

    private final Timer seen;
    private final Timer ready;
    private final Clock clock;
    private final Instant started;
    /** Versions that are known and not READY yet, with the time since when they are. */
    private final Map<ModelId, Instant> awaited = new ConcurrentHashMap<>();

    PushMeters(MeterRegistry registry, Clock clock) {
        this.seen = timer(registry, "modelyard.registry.push.seen",
                "From a push until this replica knows the version");
        this.ready = timer(registry, "modelyard.serving.push.ready", "From a push until the version is READY here");
        this.clock = clock;
        this.started = clock.instant();
    }

    private static Timer timer(MeterRegistry registry, String name, String description) {
        return Timer.builder(name).description(description).serviceLevelObjectives(BOUNDS).register(registry);
    }

    @EventListener
    void registryChanged(RegistryChanged change) {
        Instant now = clock.instant();
        awaited.values().removeIf(since -> now.isAfter(since.plus(LATEST)));
        RegistrySnapshot after = change.now();
        for (String type : after.types()) {
            // Most types are the very same.
            if (!after.type(type).equals(change.previous().type(type))) {
                after.versions(type).stream().filter(model -> change.previous().model(model.id()).isEmpty())
                        .forEach(model -> appeared(model, now));
            }
        }
    }

    private void appeared(Model model, Instant now) {
        Instant pushed = model.manifest().createdAt();
        if (!pushed.isBefore(started) && !pushed.isBefore(now.minus(OLDEST))) {
            seen.record(since(pushed, now));
            awaited.put(model.id(), now);
        }
    }

    @Override
    public void ready(Model model, Times times) {
        Instant now = clock.instant();
        Instant known = awaited.remove(model.id());
        if (known != null && !now.isAfter(known.plus(LATEST))) {
            ready.record(since(model.manifest().createdAt(), now));
        }
    }

    @Override
    public void failed(Model model, boolean forRoom, Duration took) {
        // The next try may succeed.
    }

    /** A clock that runs ahead must not make a time that is below 0. */
    private static Duration since(Instant pushed, Instant now) {
        return now.isBefore(pushed) ? Duration.ZERO : Duration.between(pushed, now);
    }
}
