package io.modelyard.tracing;

import io.modelyard.http.RequestTrace;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * One request whose trace is kept. All times of its spans come from the one clock that cannot be set, counted from when the request came:
 * so no part begins before its whole. Safe for use by many threads.
 */
final class FollowedRequest implements RequestTrace {
    private final Tracer tracer;
    private final Span span;
    private final long wallNanos;
    private final long nanos;

    /**
     * @param span of the request
     * @param wall when it began, and
     * @param nanos {@link System#nanoTime()} of that
     */
    FollowedRequest(Tracer tracer, Span span, Instant wall, long nanos) {
        this.tracer = tracer;
        this.span = span;
        this.wallNanos = wallNanos(wall);
        this.nanos = nanos;
    }

    static long wallNanos(Instant wall) {
        return TimeUnit.SECONDS.toNanos(wall.getEpochSecond()) + wall.getNano();
    }

    Span span() {
        return span;
    }

    /**
     * Begins a span below one of this request's.
     *
     * @param from {@link System#nanoTime()}
     */
    SpanBuilder below(Span parent, String name, long from) {
        return tracer.spanBuilder(name).setParent(Context.root().with(parent)).setStartTimestamp(wall(from),
                TimeUnit.NANOSECONDS);
    }

    /** @param at {@link System#nanoTime()} */
    void end(Span ending, long at) {
        ending.end(wall(at), TimeUnit.NANOSECONDS);
    }

    private long wall(long at) {
        return wallNanos + (at - nanos);
    }
}
