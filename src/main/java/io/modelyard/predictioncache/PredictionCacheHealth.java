package io.modelyard.predictioncache;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import org.reactivestreams.Publisher;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How the tiers are. A server that computes everything is as well as one that does not. */
@Singleton
final class PredictionCacheHealth implements HealthIndicator {
    private final PredictionCaches caches;

    PredictionCacheHealth(PredictionCaches caches) {
        this.caches = caches;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        Map<String, Object> details = new LinkedHashMap<>();
        PredictionCacheConfiguration configuration = caches.configuration();
        details.put("policy", configuration.policy().name().toLowerCase(Locale.ROOT));
        details.put("ttl_seconds", configuration.defaultTtl().toSeconds());
        for (PredictionCache tier : caches.tiers()) {
            Map<String, Object> state = new LinkedHashMap<>();
            state.put("available", tier.isAvailable());
            state.putAll(new TreeMap<>(tier.levels()));
            state.putAll(new TreeMap<>(tier.counts()));
            details.put(tier.source().word(), state);
        }
        return Publishers.just(HealthResult.builder("prediction_cache", HealthStatus.UP).details(details).build());
    }
}
