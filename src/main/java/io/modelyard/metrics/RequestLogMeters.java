package io.modelyard.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.modelyard.requestlog.RequestLogStats;

import java.util.function.ToDoubleFunction;

/** Whether the request log keeps up, and what it could not keep. */
@Context
final class RequestLogMeters {
    private static final String PREFIX = "modelyard.requestlog.";

    private final MeterRegistry registry;
    private final RequestLogStats stats;

    RequestLogMeters(MeterRegistry registry, RequestLogStats stats) {
        this.registry = registry;
        this.stats = stats;
        gauge("queued.rows", "Rows that wait in memory to be written", RequestLogStats::queuedRows);
        gauge("queued.bytes", "Bytes that these rows take, about", RequestLogStats::queuedBytes);
        gauge("database.bytes", "Bytes of the database", RequestLogStats::databaseBytes);
        gauge("failing", "1 while nothing can be written", log -> log.failingSince().isPresent() ? 1 : 0);
        counter("written.rows", "Rows committed", RequestLogStats::written);
        counter("dropped.rows", "Rows that were not written and will not be", RequestLogStats::dropped);
        counter("expired.rows", "Rows deleted because of their age or the size of the database",
                RequestLogStats::expired);
        counter("unconfirmed.answers", "Answers that went out before the row was committed that they should wait for",
                RequestLogStats::unconfirmed);
        counter("failures", "Attempts to write that failed", RequestLogStats::failures);
    }

    private void gauge(String name, String description, ToDoubleFunction<RequestLogStats> value) {
        Gauge.builder(PREFIX + name, stats, value).description(description).register(registry);
    }

    private void counter(String name, String description, ToDoubleFunction<RequestLogStats> value) {
        FunctionCounter.builder(PREFIX + name, stats, value).description(description).register(registry);
    }
}
