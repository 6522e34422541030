package io.modelyard.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Property;

import java.io.File;
import java.nio.file.Path;

/** The room on the disk where the data directory is: with the artifact cache and the request log it fills up by itself. */
@Context
final class DiskMeters {
    DiskMeters(MeterRegistry registry, @Property(name = "modelyard.data-dir") Path dataDirectory) {
        File folder = dataDirectory.toAbsolutePath().toFile();
        // Nobody else holds the folder, and a gauge does so only when it is told.
        Gauge.builder("modelyard.disk.free.bytes", folder, File::getUsableSpace).strongReference(true)
                .description("Bytes that are free on the disk of the data directory").register(registry);
        Gauge.builder("modelyard.disk.total.bytes", folder, File::getTotalSpace).strongReference(true)
                .description("Bytes of the disk of the data directory").register(registry);
    }
}
