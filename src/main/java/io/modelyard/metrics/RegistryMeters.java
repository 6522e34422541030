package io.modelyard.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micronaut.context.annotation.Context;
import io.micronaut.runtime.event.annotation.EventListener;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistryChanged;
import io.modelyard.trial.Quarantine;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** What is published, what is not served because something is wrong with it, and how fresh this replica's view is. */
@Context
class RegistryMeters {
    private final MeterRegistry meters;
    private final Registry registry;
    private final Counter changes;

    RegistryMeters(MeterRegistry meters, Registry registry, Quarantine quarantine, Clock clock) {
        this.meters = meters;
        this.registry = registry;
        this.changes = Counter.builder("modelyard.registry.changes")
                .description("Snapshots that took the place of another one").register(meters);
        gauge("versions", "Published versions", read -> read.current().size());
        gauge("types", "Types of which versions are published", read -> read.current().types().size());
        gauge("quarantined", "Entries of the store that are not served because something is wrong with them",
                read -> read.current().quarantine().size());
        gauge("store.failing", "1 while the store does not answer and the last snapshot is served",
                read -> read.state().isFailing() ? 1 : 0);
        gauge("from.disk", "1 while the snapshot is the one that was kept on local disk",
                read -> read.state().isFromDisk() ? 1 : 0);
        TimeGauge.builder("modelyard.registry.staleness", registry, TimeUnit.MILLISECONDS,
                read -> read.state().staleness(clock.instant()).map(Duration::toMillis).map(Long::doubleValue)
                        .orElse(Double.NaN))
                .description("Since the store last said what it holds").register(meters);
        Gauge.builder("modelyard.trial.quarantined", quarantine, Quarantine::size)
                .description("Models that ended this server and are not loaded any more").register(meters);
    }

    @EventListener
    void registryChanged(RegistryChanged change) {
        changes.increment();
    }

    private void gauge(String name, String description, ToDoubleFunction<Registry> value) {
        Gauge.builder("modelyard.registry." + name, registry, value).description(description).register(meters);
    }
}
