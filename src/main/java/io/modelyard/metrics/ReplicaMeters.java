package io.modelyard.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micronaut.context.annotation.Context;
import io.micronaut.runtime.event.annotation.EventListener;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistryChanged;
import io.modelyard.registry.ReplicaId;
import io.modelyard.serving.LocalOverrides;

import java.util.List;
import java.util.Map;

/** What this replica may do otherwise than the others: the snapshot that it serves, and its local overrides. */
@Context
class ReplicaMeters {
    private final MultiGauge snapshot;
    private final MultiGauge overrides;
    private final String replica;
    private final int mostOverrides;

    ReplicaMeters(MeterRegistry meters, Registry registry, ReplicaId replica, LocalOverrides local,
            MetricsConfiguration configuration) {
        this.snapshot = MultiGauge.builder("modelyard.registry.snapshot.info")
                .description("1 with the id of the snapshot that this replica serves").register(meters);
        this.overrides = MultiGauge.builder("modelyard.serving.local.override")
                .description("1 for every type that this replica alone answers with another version").register(meters);
        this.replica = replica.toString();
        this.mostOverrides = configuration.maxModels();
        showSnapshot(registry.current().id());
        showOverrides(local.versions());
    }

    @EventListener
    void registryChanged(RegistryChanged change) {
        showSnapshot(change.now().id());
    }

    @EventListener
    void overridesChanged(LocalOverrides.Changed change) {
        showOverrides(change.versions());
    }

    private synchronized void showSnapshot(String id) {
        snapshot.register(List.of(MultiGauge.Row.of(Tags.of("replica", replica, "snapshot", id), 1)), true);
    }

    private synchronized void showOverrides(Map<String, String> versions) {
        overrides
                .register(
                        versions.entrySet().stream().sorted(Map.Entry.comparingByKey())
                                .limit(mostOverrides).<MultiGauge.Row<?>>map(entry -> MultiGauge.Row
                                        .of(Tags.of("type", entry.getKey(), "version", entry.getValue()), 1))
                                .toList(),
                        true);
    }
}
