package io.modelyard.tracing;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.core.util.StringUtils;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import org.reactivestreams.Publisher;

import java.util.Map;

/** Tells in {@code /health} what became of the spans. It is up all the same: nothing but traces depends on them. */
@Singleton
@Requires(property = TracingConfiguration.ENABLED, value = StringUtils.TRUE)
final class TracingHealth implements HealthIndicator {
    private final SpanCounts counts;

    TracingHealth(SpanCounts counts) {
        this.counts = counts;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        SpanCounts.Counts now = counts.counts();
        return Publishers.just(HealthResult.builder("tracing", HealthStatus.UP).details(Map.of("exported_spans",
                now.exported(), "failed_spans", now.failed(), "dropped_spans", now.dropped())).build());
    }
}
