package io.modelyard.registry;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import org.reactivestreams.Publisher;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The registry's part of {@code /health}: up as soon as there is a snapshot to serve, also while the store is down; the
 * details say how old it is.
 */
@Singleton
final class RegistryHealth implements HealthIndicator {
    private final Registry registry;
    private final ReplicaId replica;
    private final Clock clock;

    RegistryHealth(Registry registry, ReplicaId replica, Clock clock) {
        this.registry = registry;
        this.replica = replica;
        this.clock = clock;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        return Publishers.just(result());
    }

    HealthResult result() {
        RegistrySnapshot snapshot = registry.current();
        SyncState state = registry.state();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("replica", replica.toString());
        details.put("snapshot_id", snapshot.id());
        details.put("versions", snapshot.size());
        details.put("quarantined", snapshot.quarantine().size());
        details.put("store_failing", state.isFailing());
        details.put("from_disk", state.isFromDisk());
        if (state.lastSuccess() != null) {
            details.put("last_sync", state.lastSuccess().toString());
        }
        state.staleness(clock.instant()).map(Duration::toMillis).ifPresent(stale -> details.put("stale_ms", stale));
        if (state.isFailing()) {
            details.put("last_error", String.valueOf(state.lastError()));
        }
        HealthStatus status = state.isKnown() ? HealthStatus.UP : HealthStatus.DOWN;
        return HealthResult.builder("registry", status).details(details).build();
    }
}
