package io.modelyard.access.redis;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.modelyard.redis.RedisConfigured;
import jakarta.inject.Singleton;
import org.reactivestreams.Publisher;

import java.util.Map;

/** Whether all replicas hold keys to their limits together. One that does it alone is well, too. */
@Singleton
@Requires(condition = RedisConfigured.class)
final class LimitsHealth implements HealthIndicator {
    private final RedisLimits limits;

    LimitsHealth(RedisLimits limits) {
        this.limits = limits;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        return Publishers.just(HealthResult.builder("limits", HealthStatus.UP)
                .details(Map.of("shared", limits.areShared())).build());
    }
}
