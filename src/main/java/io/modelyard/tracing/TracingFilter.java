package io.modelyard.tracing;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.core.util.StringUtils;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.UriRouteInfo;
import io.modelyard.http.RequestId;
import io.modelyard.http.RequestTrace;
import io.modelyard.http.TraceParent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import org.jspecify.annotations.Nullable;

import java.security.Principal;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Makes each request a span: below that of its caller, who may say by {@code traceparent} that it belongs to a trace and whether that is
 * kept. Passed by everything before all other filters, and only where tracing is on.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(Ordered.HIGHEST_PRECEDENCE)
@Requires(property = TracingConfiguration.ENABLED, value = StringUtils.TRUE)
final class TracingFilter {
    private static final TextMapGetter<HttpHeaders> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(HttpHeaders headers) {
            return headers.names();
        }

        @Override
        public @Nullable String get(@Nullable HttpHeaders headers, String name) {
            return headers == null ? null : headers.get(name);
        }
    };

    private final Tracer tracer;
    private final Clock clock;
    private final TracingConfiguration configuration;

    TracingFilter(Tracer tracer, Clock clock, TracingConfiguration configuration) {
        this.tracer = tracer;
        this.clock = clock;
        this.configuration = configuration;
    }

    @RequestFilter
    void begin(HttpRequest<?> request) {
        if (!configuration.covers(request.getPath())) {
            return;
        }
        Instant wall = clock.instant();
        long nanos = System.nanoTime();
        Context caller = W3CTraceContextPropagator.getInstance().extract(Context.root(), request.getHeaders(), HEADERS);
        Span span = tracer.spanBuilder(request.getMethodName()).setParent(caller).setSpanKind(SpanKind.SERVER)
                .setStartTimestamp(FollowedRequest.wallNanos(wall), TimeUnit.NANOSECONDS)
                .setAttribute(Names.METHOD, request.getMethodName()).setAttribute(Names.PATH, request.getPath())
                .setAttribute(Names.REQUEST_ID, RequestId.of(request)).startSpan();
        SpanContext context = span.getSpanContext();
        RequestTrace.join(request, TraceParent.header(context.getTraceId(), context.getSpanId(), context.isSampled()));
        if (span.isRecording()) {
            request.setAttribute(RequestTrace.ATTRIBUTE, new FollowedRequest(tracer, span, wall, nanos));
        }
    }

    @ResponseFilter
    void end(HttpRequest<?> request, MutableHttpResponse<?> response) {
        if (!(RequestTrace.of(request) instanceof FollowedRequest followed)) {
            return;
        }
        Span span = followed.span();
        route(request).ifPresent(route -> {
            span.updateName(request.getMethodName() + " " + route);
            span.setAttribute(Names.ROUTE, route);
        });
        request.getUserPrincipal().map(Principal::getName).ifPresent(key -> span.setAttribute(Names.KEY, key));
        span.setAttribute(Names.STATUS, (long) response.code());
        if (response.code() >= 500) {
            span.setStatus(StatusCode.ERROR);
        }
        followed.end(span, System.nanoTime());
    }

    /** As it is declared: names made up by callers make no names of spans. */
    private static Optional<String> route(HttpRequest<?> request) {
        return RouteAttributes.getRouteInfo(request)
                .flatMap(route -> route instanceof UriRouteInfo<?, ?> uri
                        ? Optional.of(uri.getUriMatchTemplate().toPathString())
                        : Optional.empty());
    }
}
