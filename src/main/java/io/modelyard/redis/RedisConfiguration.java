package io.modelyard.redis;

import io.lettuce.core.RedisURI;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.bind.annotation.Bindable;
import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * Where Redis is.
 *
 * @param uri {@code redis://[[user]:password@]host[:port][/database]}, or {@code rediss://} with TLS
 * @param host where there is no uri: the host, and
 * @param port its port
 * @param timeout how long Redis may take to answer before it counts as away; nobody waits for it
 */
@ConfigurationProperties("modelyard.redis")
@Requires(condition = RedisConfigured.class)
public record RedisConfiguration(@Nullable String uri, @Nullable String host,
        @Bindable(defaultValue = "6379") String port,
        @Bindable(defaultValue = "2s") Duration timeout) {
    /** @throws IllegalArgumentException if it is no address */
    public RedisConfiguration {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("modelyard.redis.timeout is " + timeout + "; it must be above zero");
        }
        address(uri, host, port, timeout);
    }

    public RedisURI address() {
        return address(uri, host, port, timeout);
    }

    /** Without user and password. */
    public String place() {
        RedisURI address = address();
        return address.getHost() + ":" + address.getPort();
    }

    private static RedisURI address(@Nullable String uri, @Nullable String host, String port, Duration timeout) {
        RedisURI address = uri != null && !uri.isBlank() ? parse(uri) : ofHost(String.valueOf(host), port);
        address.setTimeout(timeout);
        return address;
    }

    private static RedisURI parse(String uri) {
        try {
            RedisURI address = RedisURI.create(uri);
            if (address.getHost() != null) {
                return address;
            }
        } catch (RuntimeException e) {
            // Said below, and not as it is said here: that quotes the address, and there may be a password in it.
        }
        throw new IllegalArgumentException("modelyard.redis.uri is no address of a Redis, as redis://localhost:6379 or"
                + " redis://user:password@host:6379 is; a password with characters that mean something in addresses must"
                + " be percent-encoded");
    }

    private static RedisURI ofHost(String host, String port) {
        try {
            return RedisURI.Builder.redis(host, Integer.parseInt(port)).build();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("modelyard.redis.port (REDIS_PORT) is '" + port
                    + "'; it must be the number of a port", e);
        }
    }
}
