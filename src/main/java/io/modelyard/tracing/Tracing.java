package io.modelyard.tracing;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.env.Environment;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.util.StringUtils;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import jakarta.inject.Singleton;

import java.util.HashMap;
import java.util.Map;

/** Sets OpenTelemetry up. Without {@code modelyard.tracing.enabled} nothing of it is there. */
@Factory
@Requires(property = TracingConfiguration.ENABLED, value = StringUtils.TRUE)
final class Tracing {
    private static final String OTEL = "otel";
    /** What the server is unless it is told otherwise: traces alone, by HTTP. */
    private static final Map<String, String> DEFAULTS = Map.of("otel.service.name", "modelyard",
            "otel.exporter.otlp.protocol", "http/protobuf", "otel.propagators", "tracecontext",
            "otel.metrics.exporter", "none", "otel.logs.exporter", "none");

    /**
     * Made at start, so that what makes no sense is refused then. Closed with the server, and waits then until what is queued is sent,
     * or ten seconds.
     *
     * @throws ConfigurationException if what is configured makes no sense
     */
    @Context
    @Bean(preDestroy = "close")
    OpenTelemetrySdk openTelemetry(Environment environment, SpanCounts counts) {
        Map<String, String> properties = new HashMap<>(DEFAULTS);
        environment.getProperties(OTEL).forEach((name, value) -> properties.put(OTEL + "." + name, value.toString()));
        try {
            return AutoConfiguredOpenTelemetrySdk.builder().disableShutdownHook()
                    .setServiceClassLoader(Tracing.class.getClassLoader())
                    .addPropertiesSupplier(() -> properties)
                    .addMeterProviderCustomizer((meters, _) -> meters.registerMetricReader(counts.queue()))
                    .addSpanExporterCustomizer((exporter, _) -> new CountedExporter(exporter, counts))
                    .build().getOpenTelemetrySdk();
        } catch (io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException e) {
            throw new ConfigurationException("Tracing cannot be set up: " + e.getMessage(), e);
        }
    }

    @Singleton
    Tracer tracer(OpenTelemetrySdk openTelemetry) {
        return openTelemetry.getTracer("io.modelyard");
    }
}
