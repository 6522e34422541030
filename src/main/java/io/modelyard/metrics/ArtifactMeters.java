package io.modelyard.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.modelyard.artifact.ArtifactCache;
import io.modelyard.artifact.ArtifactStats;

import java.util.function.ToDoubleFunction;

/** What the artifact cache holds, and what came and went. */
@Context
final class ArtifactMeters {
    private final MeterRegistry registry;
    private final ArtifactCache cache;

    ArtifactMeters(MeterRegistry registry, ArtifactCache cache) {
        this.registry = registry;
        this.cache = cache;
        gauge("bytes", "Bytes that the artifact cache takes", ArtifactStats::bytes);
        gauge("max.bytes", "Bytes that the artifact cache may take", ArtifactStats::maxBytes);
        gauge("over.bytes", "Bytes above the limit, of what is loaded or has to be kept", ArtifactStats::overBytes);
        gauge("versions", "Versions whose files are on local disk", ArtifactStats::versions);
        gauge("unmended", "Files of versions that are damaged on disk and could not be fetched again yet",
                ArtifactStats::unmended);
        counter("fetched.bytes", "Bytes that were fetched from the store", ArtifactStats::fetchedBytes);
        counter("shared.bytes", "Bytes that were not fetched, because another version has the same file",
                ArtifactStats::sharedBytes);
        counter("downloads.broken", "Downloads that broke off, and went on or failed", ArtifactStats::brokenOff);
        counter("evicted.versions", "Versions whose files were removed for space", ArtifactStats::evictedVersions);
        counter("evicted.bytes", "Bytes that were removed for space", ArtifactStats::evictedBytes);
        counter("verified.bytes", "Bytes that were read again to verify them", ArtifactStats::verifiedBytes);
        counter("damaged", "Files of versions that were found to be other than they were", ArtifactStats::damaged);
    }

    private void gauge(String name, String description, ToDoubleFunction<ArtifactStats> value) {
        Gauge.builder("modelyard.artifact." + name, cache, cached -> value.applyAsDouble(cached.stats()))
                .description(description).register(registry);
    }

    private void counter(String name, String description, ToDoubleFunction<ArtifactStats> value) {
        FunctionCounter
                .builder("modelyard.artifact." + name, cache, cached -> value.applyAsDouble(cached.stats()))
                .description(description).register(registry);
    }
}
