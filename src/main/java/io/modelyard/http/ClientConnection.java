package io.modelyard.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpRequestWrapper;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.netty.channel.Channel;

/**
 * The connection that a request came by, as far as its work is concerned: nobody reads the answer once it is gone. Safe
 * for use by many threads.
 */
@FunctionalInterface
public interface ClientConnection {
    /**
     * Whether the connection has closed, which no client does that still waits: who only ends its sending direction counts
     * as gone, too. Costs one volatile read. Before the answer is written it is noticed as soon as the network tells,
     * for all requests of a client that has sent a few in a row, too.
     */
    boolean isGone();

    /** Of a request that this server has received; what came by no connection is never gone. */
    static ClientConnection of(HttpRequest<?> request) {
        return switch (request) {
            case NettyHttpRequest<?> received -> of(received.getChannelHandlerContext().channel());
            case HttpRequestWrapper<?> wrapper -> of(wrapper.getDelegate());
            default -> () -> false;
        };
    }

    private static ClientConnection of(Channel channel) {
        return () -> !channel.isOpen();
    }
}
