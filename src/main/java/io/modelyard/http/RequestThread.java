package io.modelyard.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpRequestWrapper;
import io.micronaut.http.server.netty.NettyHttpRequest;

import java.util.concurrent.Executor;

/** Where a request goes on that was waited for elsewhere: on the event loop that it came by, and on nobody else's thread. */
public final class RequestThread {
    private RequestThread() {}

    public static Executor of(HttpRequest<?> request) {
        return switch (request) {
            case NettyHttpRequest<?> received -> received.getChannelHandlerContext().executor();
            case HttpRequestWrapper<?> wrapper -> of(wrapper.getDelegate());
            default -> Runnable::run;
        };
    }
}
