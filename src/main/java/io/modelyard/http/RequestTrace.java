package io.modelyard.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpRequestWrapper;
import io.micronaut.http.context.ServerRequestContext;
import io.micronaut.http.server.netty.NettyHttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * What follows a request through the server, where somebody does: only requests whose trace is kept carry one. Features hand it on
 * without knowing what it is, and who made it finds it again.
 */
public interface RequestTrace {
    /** Of requests, by which they carry theirs. */
    String ATTRIBUTE = "modelyard.trace";

    /** Null where nobody follows the request. */
    static @Nullable RequestTrace of(HttpRequest<?> request) {
        return request.getAttributes().getValue(ATTRIBUTE) instanceof RequestTrace trace ? trace : null;
    }

    /** That of the request that this thread works for; null where there is none. */
    static @Nullable RequestTrace current() {
        return ServerRequestContext.currentRequest().map(RequestTrace::of).orElse(null);
    }

    /**
     * Makes the request belong to a trace, for all that read its headers after this; the log does.
     *
     * @param traceParent value of the header {@link TraceParent#HEADER}
     */
    static void join(HttpRequest<?> request, String traceParent) {
        switch (request) {
            case NettyHttpRequest<?> received ->
                received.getNativeRequest().headers().set(TraceParent.HEADER, traceParent);
            case HttpRequestWrapper<?> wrapper -> join(wrapper.getDelegate(), traceParent);
            default -> throw new IllegalArgumentException("not a request that this server received: " + request);
        }
    }
}
