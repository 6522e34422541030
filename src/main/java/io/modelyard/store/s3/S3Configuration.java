package io.modelyard.store.s3;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;

/**
 * How an S3 server is reached. Credentials are found where every AWS tool finds them, and are not configured here.
 *
 * @param endpoint of a server that is not AWS
 * @param region where the AWS SDK's own settings do not say it
 * @param pathStyle whether the bucket stands in the path and not in the host's name; by default with an endpoint
 * @param connectTimeout for a connection
 * @param readTimeout for which a connection may be silent, and for one of the pool to be free
 * @param attemptTimeout for one request until its answer begins; content that is sent gets more by its size
 * @param totalTimeout for a request with all its repetitions, and for one part of a large object that is read
 * @param maxAttempts how often a request is sent that fails in a way that may pass
 * @param maxConnections at once
 * @param partSize of the ranges in which large objects are read and sent
 * @param readAhead bytes of memory that all streams together use to read ahead, at most an eighth of the heap
 */
@ConfigurationProperties("modelyard.store.s3")
record S3Configuration(@Nullable URI endpoint, @Nullable String region, @Nullable Boolean pathStyle,
        @Bindable(defaultValue = "3s") Duration connectTimeout, @Bindable(defaultValue = "10s") Duration readTimeout,
        @Bindable(defaultValue = "30s") Duration attemptTimeout, @Bindable(defaultValue = "90s") Duration totalTimeout,
        @Bindable(defaultValue = "4") int maxAttempts, @Bindable(defaultValue = "64") int maxConnections,
        @ReadableBytes @Bindable(defaultValue = "8MB") long partSize,
        @ReadableBytes @Bindable(defaultValue = "64MB") long readAhead) {
    private static final long MEGABYTE = 1 << 20;
    /** Slower than this no content is expected to move, in bytes a millisecond. */
    private static final int SLOWEST = 128;

    S3Configuration {
        if (endpoint != null) {
            String scheme = endpoint.getScheme();
            require(("http".equals(scheme) || "https".equals(scheme)) && endpoint.getHost() != null, "endpoint",
                    endpoint, "a URL, as http://host:port or https://host");
        }
        require(region == null || region.matches("[A-Za-z0-9-]+"), "region", region, "a name, as eu-central-1");
        require(isPositive(connectTimeout), "connect-timeout", connectTimeout, "more than 0");
        require(isPositive(readTimeout), "read-timeout", readTimeout, "more than 0");
        require(isPositive(attemptTimeout), "attempt-timeout", attemptTimeout, "more than 0");
        require(totalTimeout.compareTo(attemptTimeout) >= 0, "total-timeout", totalTimeout,
                "no less than attempt-timeout, which is " + attemptTimeout);
        require(maxAttempts >= 1 && maxAttempts <= 20, "max-attempts", maxAttempts, "from 1 to 20");
        require(maxConnections >= 8 && maxConnections <= 10_000, "max-connections", maxConnections, "from 8 to 10000");
        require(partSize >= 5 * MEGABYTE && partSize <= 1024 * MEGABYTE, "part-size", partSize,
                "from 5MB, the least that S3 takes, to 1GB");
        require(readAhead >= 0, "read-ahead", readAhead, "0 or more");
    }

    boolean usesPathStyle() {
        return pathStyle == null ? endpoint != null : pathStyle;
    }

    /** How many parts may be in memory, for all streams together. */
    int partsAhead() {
        return (int) Math.min(1000, Math.min(readAhead, Runtime.getRuntime().maxMemory() / 8) / partSize);
    }

    /** For one request that moves as much content. */
    Duration attemptTimeout(long bytes) {
        return attemptTimeout.plusMillis(bytes / SLOWEST);
    }

    /** As {@link #attemptTimeout(long)}, repetitions included. */
    Duration totalTimeout(long bytes) {
        return totalTimeout.plusMillis(bytes / SLOWEST * 2);
    }

    private static boolean isPositive(Duration duration) {
        return duration.isPositive();
    }

    private static void require(boolean holds, String name, @Nullable Object value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("modelyard.store.s3." + name + " is " + value + "; it must be " + rule);
        }
    }
}
