package io.modelyard.serving;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import org.reactivestreams.Publisher;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** How many models are in which state, and what only this replica does. A model that cannot be loaded does not make the server unhealthy. */
@Singleton
final class ServingHealth implements HealthIndicator {
    private final Servables servables;
    private final LocalOverrides overrides;
    private final Room room;

    ServingHealth(Servables servables, LocalOverrides overrides, Room room) {
        this.servables = servables;
        this.overrides = overrides;
        this.room = room;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        Map<String, Integer> states = new TreeMap<>();
        servables.statuses().forEach(status -> states.merge(status.state().name(), 1, Integer::sum));
        Map<String, Object> details = new LinkedHashMap<>(states);
        details.put("memory", memory(room.use()));
        if (!overrides.inForce().isEmpty()) {
            Map<String, String> local = new TreeMap<>();
            overrides.inForce().forEach((type, override) -> local.put(type,
                    "version " + override.version() + " until " + override.until()));
            details.put("local_overrides", local);
        }
        return Publishers.just(HealthResult.builder("serving", HealthStatus.UP).details(details).build());
    }

    private static Map<String, Object> memory(MemoryUse use) {
        Map<String, Object> memory = new LinkedHashMap<>();
        memory.put("models", use.models());
        if (use.limitsModels()) {
            memory.put("max_models", use.maxModels());
        }
        memory.put("bytes", use.bytes());
        memory.put("max_bytes", use.maxBytes());
        memory.put("waiting", use.waiting());
        return memory;
    }
}
