package io.modelyard.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.modelyard.serving.ServableState;
import io.modelyard.serving.Servables;

import java.util.Locale;

/** Gauges of what is in memory, by state. */
@Context
final class ServingMeters {
    ServingMeters(MeterRegistry registry, Servables servables) {
        for (ServableState state : ServableState.values()) {
            if (state != ServableState.REGISTERED) {
                Gauge.builder("modelyard.servables", servables, all -> count(all, state))
                        .description("Models in memory, on their way there, or failed").tag("state",
                                state.name().toLowerCase(Locale.ROOT))
                        .register(registry);
            }
        }
    }

    private static double count(Servables servables, ServableState state) {
        return servables.statuses().stream().filter(status -> status.state() == state).count();
    }
}
