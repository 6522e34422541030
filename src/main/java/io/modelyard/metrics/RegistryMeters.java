package io.modelyard.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micronaut.context.annotation.Context;
import io.modelyard.registry.Registry;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Gauges of what is published and of how fresh this replica's view of it is. */
@Context
final class RegistryMeters {
    RegistryMeters(MeterRegistry meters, Registry registry, Clock clock) {
        Gauge.builder("modelyard.registry.versions", registry, read -> read.current().size())
                .description("Published versions").register(meters);
        Gauge.builder("modelyard.registry.quarantined", registry, read -> read.current().quarantine().size())
                .description("Entries of the store that are not served because something is wrong with them")
                .register(meters);
        TimeGauge.builder("modelyard.registry.staleness", registry, TimeUnit.MILLISECONDS,
                read -> read.state().staleness(clock.instant()).map(Duration::toMillis).map(Long::doubleValue)
                        .orElse(Double.NaN))
                .description("Since the store last said what it holds").register(meters);
        Gauge.builder("modelyard.registry.store.failing", registry, read -> read.state().isFailing() ? 1 : 0)
                .description("1 while the store does not answer and the last snapshot is served").register(meters);
        Gauge.builder("modelyard.registry.from.disk", registry, read -> read.state().isFromDisk() ? 1 : 0)
                .description("1 while the snapshot is the one that was kept on local disk").register(meters);
    }
}
