package io.modelyard.predictioncache.redis;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;

import java.time.Duration;

/**
 * How answers are shared in Redis.
 *
 * @param enabled false where Redis is for other things only
 * @param timeout how long a request waits for Redis; then it is computed
 * @param maxValueBytes the largest answer that is shared
 */
@ConfigurationProperties("modelyard.predictioncache.redis")
record RedisCacheConfiguration(@Bindable(defaultValue = "true") boolean enabled,
        @Bindable(defaultValue = "10ms") Duration timeout,
        @ReadableBytes @Bindable(defaultValue = "1MB") long maxValueBytes) {
    private static final Duration LONGEST = Duration.ofSeconds(1);
    private static final long LARGEST = 100_000_000;

    RedisCacheConfiguration {
        if (!timeout.isPositive() || timeout.compareTo(LONGEST) > 0) {
            throw new ConfigurationException("modelyard.predictioncache.redis.timeout is " + timeout
                    + "; it must be above 0 and at most " + LONGEST + ", 10ms for example");
        }
        if (maxValueBytes < 0 || maxValueBytes > LARGEST) {
            throw new ConfigurationException("modelyard.predictioncache.redis.max-value-bytes is " + maxValueBytes
                    + "; it must be from 0 to " + LARGEST);
        }
    }
}
