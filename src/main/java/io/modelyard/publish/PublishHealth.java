package io.modelyard.publish;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.modelyard.store.ObjectStore;
import jakarta.inject.Singleton;
import org.reactivestreams.Publisher;

import java.util.List;
import java.util.Map;

/**
 * Tells in {@code /health} what was dropped and is not published. It is up all the same: what is served is served. Anyone
 * may read it, so it says in one line what the log says in full, and not where on this machine the store is.
 */
@Singleton
final class PublishHealth implements HealthIndicator {
    private final DroppedModels dropped;

    private final ObjectStore store;

    PublishHealth(DroppedModels dropped, ObjectStore store) {
        this.dropped = dropped;
        this.store = store;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        List<Map<String, String>> refused = dropped.refused().stream().map(each -> Map.of("path", each.path(), "reason",
                line(each.reason()), "since", each.since().toString())).toList();
        return Publishers.just(HealthResult.builder("publish", HealthStatus.UP).details(Map.of("refused", refused))
                .build());
    }

    private String line(String reason) {
        return reason.replace(store.location() + "/", "").lines().findFirst().orElse("");
    }
}
