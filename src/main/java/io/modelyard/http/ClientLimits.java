package io.modelyard.http;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;
import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * How long this server waits for a client that is slow, and how many it has at once.
 *
 * @param headTimeout for a connection's first request to begin, and for the line and headers of any to be whole
 * @param bodyTimeout for a whole body, counting only the time in which the server could read and nothing came
 * @param progressWindow in each of these, a client that sends a large body or that reads an answer must get on
 * @param progressBytes so far at least
 * @param maxConnections more are refused; by default half of the process's file descriptors, and 10,000 at most
 */
@ConfigurationProperties("modelyard.http")
record ClientLimits(@Bindable(defaultValue = "10s") Duration headTimeout,
        @Bindable(defaultValue = "60s") Duration bodyTimeout,
        @Bindable(defaultValue = "30s") Duration progressWindow,
        @ReadableBytes @Bindable(defaultValue = "64KB") long progressBytes,
        @Nullable Integer maxConnections) {
    ClientLimits {
        positive("head-timeout", headTimeout);
        positive("body-timeout", bodyTimeout);
        positive("progress-window", progressWindow);
        require(progressBytes > 0, "progress-bytes", progressBytes);
        require(maxConnections == null || maxConnections > 0, "max-connections", String.valueOf(maxConnections));
    }

    private static void positive(String name, Duration value) {
        require(value.isPositive(), name, value);
    }

    private static void require(boolean right, String name, Object value) {
        if (!right) {
            throw new ConfigurationException("modelyard.http." + name + " is " + value + "; it must be more than 0");
        }
    }
}
