package io.modelyard.http;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Readiness;
import jakarta.inject.Singleton;
import org.reactivestreams.Publisher;

import java.util.Map;

/** Whether requests should be sent here, as part of {@code /health}: a server that stops is not ready. */
@Singleton
@Readiness
final class StopHealth implements HealthIndicator {
    private final InFlight inFlight;

    StopHealth(InFlight inFlight) {
        this.inFlight = inFlight;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        boolean serving = inFlight.phase() == InFlight.Phase.SERVING;
        return Publishers.just(HealthResult.builder("http", serving ? HealthStatus.UP : HealthStatus.DOWN)
                .details(Map.of("requests", inFlight.requests(), "connections", inFlight.connections())).build());
    }
}
