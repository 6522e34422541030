package io.modelyard.metrics;

import io.modelyard.model.Caller;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;

import java.util.List;

/** What a caller may see of all series: those that name a type only if it is one of the caller's. */
final class VisibleSeries {
    private VisibleSeries() {}

    static MetricSnapshots to(Caller caller, MetricSnapshots all) {
        return caller.types().isEmpty()
                ? all
                : new MetricSnapshots(all.stream().map(each -> to(caller, each)).toList());
    }

    private static MetricSnapshot to(Caller caller, MetricSnapshot all) {
        return switch (all) {
            case CounterSnapshot counter -> new CounterSnapshot(all.getMetadata(),
                    visible(caller, counter.getDataPoints()));
            case GaugeSnapshot gauge -> new GaugeSnapshot(all.getMetadata(), visible(caller, gauge.getDataPoints()));
            case HistogramSnapshot histogram -> new HistogramSnapshot(histogram.isGaugeHistogram(), all.getMetadata(),
                    visible(caller, histogram.getDataPoints()));
            case SummarySnapshot summary -> new SummarySnapshot(all.getMetadata(),
                    visible(caller, summary.getDataPoints()));
            // No other kind is made here, and none of them names a type.
            default -> all;
        };
    }

    private static <P extends DataPointSnapshot> List<P> visible(Caller caller, List<P> all) {
        return all.stream().filter(point -> {
            String type = point.getLabels().get("type");
            return type == null || caller.sees(type);
        }).toList();
    }
}
