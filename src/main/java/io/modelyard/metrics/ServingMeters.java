package io.modelyard.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micronaut.context.annotation.Context;
import io.micronaut.scheduling.annotation.Scheduled;
import io.modelyard.model.ModelId;
import io.modelyard.serving.EvictionCause;
import io.modelyard.serving.MemoryUse;
import io.modelyard.serving.ServableMemory;
import io.modelyard.serving.ServableState;
import io.modelyard.serving.ServableStatus;
import io.modelyard.serving.Servables;

import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What is in memory: by state, and what it takes. Only what is in memory has series of its own. */
@Context
class ServingMeters {
    private final MeterRegistry registry;
    private final Servables servables;
    private final MultiGauge perModel;

    ServingMeters(MeterRegistry registry, Servables servables) {
        this.registry = registry;
        this.servables = servables;
        for (ServableState state : ServableState.values()) {
            if (state != ServableState.REGISTERED) {
                Gauge.builder("modelyard.servables", servables, all -> count(all, state))
                        .description("Models by state, from the first time that they were asked for").tag("state",
                                word(state))
                        .register(registry);
            }
        }
        gauge("bytes", "Bytes that models take, measured or else estimated", MemoryUse::bytes);
        gauge("max.bytes", "Bytes that all models together may take", MemoryUse::maxBytes);
        gauge("models", "Models with a place in memory, those included that come or leave", MemoryUse::models);
        gauge("waiting", "Loads that wait for room", MemoryUse::waiting);
        for (EvictionCause cause : EvictionCause.values()) {
            FunctionCounter.builder("modelyard.serving.evictions", servables, all -> all.memory().evicted(cause))
                    .description("Models that had to leave memory").tag("cause", word(cause)).register(registry);
        }
        this.perModel = MultiGauge.builder("modelyard.servable.memory.bytes")
                .description("Bytes that a model takes, measured or else estimated").register(registry);
    }

    /** The models in memory change without telling; this is as often as they are looked at. */
    @Scheduled(fixedDelay = "5s", initialDelay = "5s")
    void refresh() {
        perModel.register(servables.statuses().stream().<MultiGauge.Row<?>>mapMulti((status, rows) -> {
            Optional<ServableMemory> memory = status.memory();
            memory.ifPresent(taken -> rows.accept(MultiGauge.Row.of(tags(status), taken.bytes())));
        }).toList(), true);
    }

    private static Tags tags(ServableStatus status) {
        ModelId id = status.model().id();
        return Tags.of("type", id.type(), "version", id.version());
    }

    private void gauge(String name, String description, ToDoubleFunction<MemoryUse> value) {
        Gauge.builder("modelyard.serving.memory." + name, servables, all -> value.applyAsDouble(all.memory()))
                .description(description).register(registry);
    }

    private static double count(Servables servables, ServableState state) {
        return servables.statuses().stream().filter(status -> status.state() == state).count();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
