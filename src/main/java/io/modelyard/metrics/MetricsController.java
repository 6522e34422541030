package io.modelyard.metrics;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.serde.annotation.Serdeable;

import java.lang.management.ManagementFactory;

/** Metrics as Prometheus reads them, or as a summary in JSON. */
@Controller("/metrics")
@Secured("read")
@ExecuteOn(TaskExecutors.BLOCKING)
final class MetricsController {
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry;
    private final PredictionMeters predictions;

    MetricsController(PrometheusMeterRegistry registry, PredictionMeters predictions) {
        this.registry = registry;
        this.predictions = predictions;
    }

    /**
     * Since the start of this server.
     *
     * @param cacheHitRate of the requests that were answered, the part whose answer had been computed before
     */
    @Serdeable
    record Summary(long totalRequests, double errorRate, double avgLatencyMs, double cacheHitRate,
            double uptimeSeconds, long heapUsedBytes, long heapMaxBytes) {}

    /** Prometheus text, unless JSON is what is asked for. */
    @Get(produces = {PROMETHEUS_TEXT, MediaType.APPLICATION_JSON})
    HttpResponse<Object> metrics(HttpHeaders headers) {
        boolean json = headers.accept().stream().findFirst().filter(MediaType.APPLICATION_JSON_TYPE::equals)
                .isPresent();
        return json
                ? HttpResponse.<Object>ok(summary()).contentType(MediaType.APPLICATION_JSON_TYPE)
                : HttpResponse.<Object>ok(registry.scrape()).contentType(PROMETHEUS_TEXT);
    }

    private Summary summary() {
        long requests = predictions.requests();
        long answered = requests - predictions.errors();
        Runtime memory = Runtime.getRuntime();
        return new Summary(requests, requests == 0 ? 0 : (double) predictions.errors() / requests,
                requests == 0 ? 0 : predictions.time().toNanos() / 1e6 / requests,
                answered == 0 ? 0 : (double) predictions.cached() / answered,
                ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0, memory.totalMemory() - memory.freeMemory(),
                memory.maxMemory());
    }
}
