package io.modelyard.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;

/** How many spans the queue had no room for, which only its own metrics tell. Safe for use by many threads. */
final class QueueDrops implements MetricReader {
    /** As the queue's processor calls it, see BatchSpanProcessor. */
    private static final String PROCESSED = "processedSpans";
    private static final AttributeKey<Boolean> DROPPED = AttributeKey.booleanKey("dropped");

    private volatile CollectionRegistration registration = CollectionRegistration.noop();

    @Override
    public void register(CollectionRegistration given) {
        registration = given;
    }

    long total() {
        long total = 0;
        for (MetricData metric : registration.collectAllMetrics()) {
            if (metric.getName().equals(PROCESSED)) {
                total += metric.getLongSumData().getPoints().stream()
                        .filter(point -> Boolean.TRUE.equals(point.getAttributes().get(DROPPED)))
                        .mapToLong(LongPointData::getValue).sum();
            }
        }
        return total;
    }

    @Override
    public AggregationTemporality getAggregationTemporality(InstrumentType type) {
        return AggregationTemporality.CUMULATIVE;
    }

    @Override
    public CompletableResultCode forceFlush() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }
}
