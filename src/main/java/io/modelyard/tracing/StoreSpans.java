package io.modelyard.tracing;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.core.util.StringUtils;
import io.modelyard.http.RequestTrace;
import io.modelyard.store.StoreObserver;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;

import java.time.Clock;
import java.util.concurrent.TimeUnit;

/**
 * Makes what the store is asked spans: below the request that it is asked for, or by themselves. Polls that found nothing new are
 * left out: there is one every two seconds, and nothing to see.
 */
@Singleton
@Requires(property = TracingConfiguration.ENABLED, value = StringUtils.TRUE)
final class StoreSpans implements BeanCreatedEventListener<StoreObserver> {
    private final Provider<Tracer> tracer;
    private final Provider<Clock> clock;

    /** Both are made when they are needed: listeners are there before all else. */
    StoreSpans(Provider<Tracer> tracer, Provider<Clock> clock) {
        this.tracer = tracer;
        this.clock = clock;
    }

    @Override
    public StoreObserver onCreated(BeanCreatedEvent<StoreObserver> event) {
        StoreObserver others = event.getBean();
        return request -> {
            others.observed(request);
            if (request.outcome() != StoreObserver.Outcome.NOT_MODIFIED) {
                span(request);
            }
        };
    }

    private void span(StoreObserver.Request asked) {
        String name = "store " + asked.operation();
        Span span;
        if (RequestTrace.current() instanceof FollowedRequest request) {
            long now = System.nanoTime();
            span = begin(request.below(request.span(), name, now - asked.nanos()), asked);
            request.end(span, now);
        } else {
            long now = FollowedRequest.wallNanos(clock.get().instant());
            span = begin(tracer.get().spanBuilder(name).setParent(Context.root())
                    .setStartTimestamp(now - asked.nanos(), TimeUnit.NANOSECONDS), asked);
            span.end(now, TimeUnit.NANOSECONDS);
        }
    }

    private static Span begin(SpanBuilder builder, StoreObserver.Request asked) {
        Span span = builder.setSpanKind(SpanKind.CLIENT).setAttribute(Names.OUTCOME, asked.outcome().word())
                .setAttribute(Names.BYTES_IN, asked.bytesIn()).setAttribute(Names.BYTES_OUT, asked.bytesOut())
                .startSpan();
        switch (asked.outcome()) {
            case DENIED, THROTTLED, TIMEOUT, ERROR -> span.setStatus(StatusCode.ERROR);
            case OK, NOT_MODIFIED, NOT_FOUND, CONFLICT -> {
            }
        }
        return span;
    }
}
