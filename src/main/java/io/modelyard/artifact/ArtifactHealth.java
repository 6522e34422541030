package io.modelyard.artifact;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import org.reactivestreams.Publisher;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The artifact cache's part of {@code /health}. A file that is damaged and cannot be fetched again yet makes the server
 * {@code DEGRADED} and not {@code DOWN}: what is loaded goes on.
 */
@Singleton
final class ArtifactHealth implements HealthIndicator {
    private static final HealthStatus DEGRADED = new HealthStatus("DEGRADED",
            "files of models are damaged on disk and cannot be fetched again yet", null, 100);

    private final ArtifactCache cache;

    ArtifactHealth(ArtifactCache cache) {
        this.cache = cache;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        ArtifactStats stats = cache.stats();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("bytes", stats.bytes());
        details.put("max_bytes", stats.maxBytes());
        details.put("over_bytes", stats.overBytes());
        details.put("versions", stats.versions());
        details.put("blobs", stats.blobs());
        details.put("damaged", stats.damaged());
        details.put("unmended", stats.unmended());
        return Publishers.just(HealthResult.builder("artifacts", stats.unmended() > 0 ? DEGRADED : HealthStatus.UP)
                .details(details).build());
    }
}
