package io.modelyard.requestlog;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import org.reactivestreams.Publisher;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the request log does, as part of {@code /health}. A log that cannot be written makes the server {@code DEGRADED}
 * and not {@code DOWN}: it still predicts, and must not be taken out of service for its log.
 */
@Singleton
final class RequestLogHealth implements HealthIndicator {
    private static final HealthStatus DEGRADED = new HealthStatus("DEGRADED",
            "predictions are answered but not all are logged", null, 100);

    private final RequestLogStats stats;

    RequestLogHealth(RequestLogStats stats) {
        this.stats = stats;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("queued_rows", stats.queuedRows());
        details.put("queued_bytes", stats.queuedBytes());
        details.put("written", stats.written());
        details.put("dropped", stats.dropped());
        details.put("unconfirmed", stats.unconfirmed());
        details.put("expired", stats.expired());
        details.put("failures", stats.failures());
        details.put("database_bytes", stats.databaseBytes());
        stats.lastFailure().ifPresent(failure -> {
            details.put("last_error", failure.reason());
            details.put("last_error_at", failure.at().toString());
        });
        stats.failingSince().ifPresent(since -> details.put("failing_since", since.toString()));
        HealthStatus status = stats.failingSince().isPresent() ? DEGRADED : HealthStatus.UP;
        return Publishers.just(HealthResult.builder("requestlog", status).details(details).build());
    }
}
