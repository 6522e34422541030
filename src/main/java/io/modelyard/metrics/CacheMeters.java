package io.modelyard.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.modelyard.predictioncache.PredictionCache;
import io.modelyard.predictioncache.PredictionCaches;

import java.util.Map;

/** How the tiers of the prediction cache are. What they give is counted with the predictions. */
@Context
final class CacheMeters {
    private static final String PREFIX = "modelyard.prediction.cache.";

    CacheMeters(MeterRegistry registry, PredictionCaches caches) {
        for (PredictionCache tier : caches.tiers()) {
            String name = tier.source().word();
            Gauge.builder(PREFIX + "available", tier, each -> each.isAvailable() ? 1 : 0)
                    .description("Whether the tier would be asked now").tag("tier", name).register(registry);
            for (String level : tier.levels().keySet()) {
                Gauge.builder(PREFIX + level.replace('_', '.'), tier, each -> value(each.levels(), level))
                        .description("What there is in the tier now").tag("tier", name).register(registry);
            }
            for (String count : tier.counts().keySet()) {
                FunctionCounter.builder(PREFIX + count.replace('_', '.'), tier, each -> value(each.counts(), count))
                        .description("What happened in the tier").tag("tier", name).register(registry);
            }
        }
    }

    private static double value(Map<String, Long> values, String name) {
        return values.getOrDefault(name, 0L).doubleValue();
    }
}
