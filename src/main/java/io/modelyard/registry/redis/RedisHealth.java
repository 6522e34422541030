package io.modelyard.registry.redis;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.modelyard.redis.RedisConfigured;
import jakarta.inject.Singleton;
import org.reactivestreams.Publisher;

import java.util.Map;

/** Whether Redis is there. A server without it is as well as one with it, only later to see what others write. */
@Singleton
@Requires(condition = RedisConfigured.class)
final class RedisHealth implements HealthIndicator {
    private final RedisSyncSignal signal;

    RedisHealth(RedisSyncSignal signal) {
        this.signal = signal;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        RedisLink link = signal.link();
        return Publishers.just(HealthResult.builder("redis", HealthStatus.UP).details(Map.of("address", link.place(),
                "connected", link.isConnected(), "channel", link.channel())).build());
    }
}
