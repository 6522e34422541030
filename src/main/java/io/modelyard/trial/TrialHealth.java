package io.modelyard.trial;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import org.reactivestreams.Publisher;

import java.util.Map;
import java.util.TreeMap;

/** Which models ended this server and are not loaded any more. The server itself is well, so it says UP. */
@Singleton
final class TrialHealth implements HealthIndicator {
    private final Quarantine quarantine;

    TrialHealth(Quarantine quarantine) {
        this.quarantine = quarantine;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        Map<String, String> models = new TreeMap<>();
        quarantine.held().forEach(mark -> models.put(mark.model(), Quarantine.reason(mark)));
        return Publishers.just(HealthResult.builder("trial", HealthStatus.UP).details(Map.of("quarantined", models))
                .build());
    }
}
