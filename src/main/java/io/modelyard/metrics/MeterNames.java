package io.modelyard.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.util.Map;

/** Names and help of the framework's meters, where they are not as Prometheus wants them. */
@Factory
final class MeterNames {
    private static final Map<String, String> HELP = Map.of("executor", "Tasks of a thread pool",
            "http.server.requests", "HTTP requests");
    /** Ours has its unit in seconds. */
    private static final String CPU_TIME = "process.cpu.time";

    @Singleton
    MeterFilter withoutDoubles() {
        return MeterFilter.denyNameStartsWith(CPU_TIME);
    }

    @Singleton
    MeterFilter asPrometheusWants() {
        return new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                // A name that ends in _count is a histogram's.
                Meter.Id named = id.getName().equals("system.cpu.count") ? id.withName("system.cpu.cores") : id;
                String help = HELP.get(named.getName());
                return help == null || isSaid(named.getDescription())
                        ? named
                        : new Meter.Id(named.getName(), Tags.of(named.getTags()),
                                named.getBaseUnit(), help, named.getType());
            }
        };
    }

    private static boolean isSaid(@Nullable String description) {
        return description != null && !description.isBlank();
    }
}
