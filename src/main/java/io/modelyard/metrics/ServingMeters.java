package io.modelyard.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.modelyard.predict.PredictionLoad;
import io.modelyard.serving.EvictionCause;
import io.modelyard.serving.MemoryUse;
import io.modelyard.serving.Servables;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What all models together take of memory, and how busy predictions keep the threads. */
@Context
final class ServingMeters {
    private final MeterRegistry registry;

    ServingMeters(MeterRegistry registry, Servables servables, PredictionLoad load, ModelLedger ledger,
            MetricsConfiguration configuration) {
        this.registry = registry;
        memory(servables, "bytes", "Bytes that models take, measured or else estimated", MemoryUse::bytes);
        memory(servables, "max.bytes", "Bytes that all models together may take", MemoryUse::maxBytes);
        memory(servables, "models", "Models with a place in memory, those included that come or leave",
                MemoryUse::models);
        memory(servables, "waiting", "Loads that wait for room", MemoryUse::waiting);
        for (EvictionCause cause : EvictionCause.values()) {
            FunctionCounter.builder("modelyard.serving.evictions", servables, all -> all.memory().evicted(cause))
                    .description("Models that had to leave memory")
                    .tag("cause", cause.name().toLowerCase(Locale.ROOT)).register(registry);
        }
        predictions(load, "in.flight", "Requests under way", PredictionLoad::inFlight);
        predictions(load, "in.flight.max", "Requests that may be under way", PredictionLoad::maxInFlight);
        predictions(load, "queue.depth", "Pieces of work that wait for a prediction thread",
                PredictionLoad::queueDepth);
        predictions(load, "threads", "Prediction threads", PredictionLoad::threads);
        predictions(load, "threads.busy", "Prediction threads that compute", PredictionLoad::busyThreads);
        Gauge.builder("modelyard.metrics.models", ledger, all -> all.owners().size())
                .description("Models that have series of their own").register(registry);
        Gauge.builder("modelyard.metrics.max.models", configuration, MetricsConfiguration::maxModels)
                .description("Models that may have series of their own").register(registry);
    }

    private void memory(Servables servables, String name, String description, ToDoubleFunction<MemoryUse> value) {
        Gauge.builder("modelyard.serving.memory." + name, servables, all -> value.applyAsDouble(all.memory()))
                .description(description).register(registry);
    }

    private void predictions(PredictionLoad load, String name, String description,
            ToDoubleFunction<PredictionLoad> value) {
        Gauge.builder("modelyard.prediction." + name, load, value).description(description).register(registry);
    }
}
