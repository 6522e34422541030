package io.modelyard.access.redis;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.bind.annotation.Bindable;
import io.modelyard.redis.RedisConfigured;

import java.time.Duration;

/**
 * @param redisTimeout how long a request waits for Redis to say whether its key has something left; after that this replica
 *        decides by itself
 */
@ConfigurationProperties("modelyard.access.limits")
@Requires(condition = RedisConfigured.class)
record RedisLimitsConfiguration(@Bindable(defaultValue = "10ms") Duration redisTimeout) {
    RedisLimitsConfiguration {
        if (redisTimeout.isNegative() || redisTimeout.isZero()) {
            throw new IllegalArgumentException("modelyard.access.limits.redis-timeout is " + redisTimeout
                    + "; it must be above zero");
        }
    }
}
