package io.modelyard.http;

import io.micronaut.http.context.ServerRequestContext;
import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * What the log says of a request.
 *
 * @param id as {@link RequestId} gives it
 * @param traceId null where the request belongs to no trace
 */
public record CurrentRequest(String id, @Nullable String traceId) {
    /** The request that this thread works for, as far as the framework handed it from thread to thread. */
    public static Optional<CurrentRequest> get() {
        return ServerRequestContext.currentRequest().map(request -> of(RequestId.of(request),
                request.getHeaders().get(TraceParent.HEADER)));
    }

    static CurrentRequest of(String id, @Nullable String traceParent) {
        TraceParent trace = TraceParent.of(traceParent);
        return new CurrentRequest(id, trace == null ? null : trace.traceId());
    }
}
