package io.modelyard.serving;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import org.reactivestreams.Publisher;

import java.util.Map;
import java.util.TreeMap;

/** How many models are in which state. A model that cannot be loaded does not make the server unhealthy. */
@Singleton
final class ServingHealth implements HealthIndicator {
    private final Servables servables;

    ServingHealth(Servables servables) {
        this.servables = servables;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        Map<String, Integer> states = new TreeMap<>();
        servables.statuses().forEach(status -> states.merge(status.state().name(), 1, Integer::sum));
        return Publishers.just(HealthResult.builder("serving", HealthStatus.UP).details(states).build());
    }
}
