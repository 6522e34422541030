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
import io.modelyard.model.Caller;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.swagger.v3.oas.annotations.Parameter;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Metrics as Prometheus reads them, or as a summary in JSON. */
@Controller("/metrics")
@Secured("read")
@ExecuteOn(TaskExecutors.BLOCKING)
final class MetricsController {
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry;
    private final MetricsSummary summary;
    private final PrometheusTextFormatWriter text = PrometheusTextFormatWriter.create();

    MetricsController(PrometheusMeterRegistry registry, MetricsSummary summary) {
        this.registry = registry;
        this.summary = summary;
    }

    /** Prometheus text, unless JSON is what is asked for. A key that is limited to types sees those. */
    @Get(produces = {PROMETHEUS_TEXT, MediaType.APPLICATION_JSON})
    HttpResponse<Object> metrics(HttpHeaders headers, @Nullable @Parameter(hidden = true) Caller caller) {
        boolean json = headers.accept().stream().findFirst().filter(MediaType.APPLICATION_JSON_TYPE::equals)
                .isPresent();
        return json
                ? HttpResponse.<Object>ok(summary.of(caller)).contentType(MediaType.APPLICATION_JSON_TYPE)
                : HttpResponse.<Object>ok(text(caller)).contentType(PROMETHEUS_TEXT);
    }

    private byte[] text(@Nullable Caller caller) {
        MetricSnapshots all = registry.getPrometheusRegistry().scrape();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            text.write(bytes, caller == null ? all : VisibleSeries.to(caller, all));
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory could not be written", e);
        }
        return bytes.toByteArray();
    }
}
