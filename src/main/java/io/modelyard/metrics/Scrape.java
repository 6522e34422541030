package io.modelyard.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;

import java.util.LinkedHashMap;
import java.util.Map;

/** Series put together when they are asked for, where meters that stand for themselves would be too many. For one thread. */
final class Scrape {
    private final Map<Family, CounterSnapshot.Builder> counters = new LinkedHashMap<>();
    private final Map<Family, GaugeSnapshot.Builder> gauges = new LinkedHashMap<>();
    private final Map<Family, HistogramSnapshot.Builder> histograms = new LinkedHashMap<>();
    private final Map<Family, SummarySnapshot.Builder> summaries = new LinkedHashMap<>();

    void counter(Family family, Labels labels, long value) {
        counters.computeIfAbsent(family, each -> CounterSnapshot.builder().name(each.name()).help(each.help()))
                .dataPoint(CounterDataPointSnapshot.builder().labels(labels).value((double) value).build());
    }

    void gauge(Family family, Labels labels, double value) {
        gauges.computeIfAbsent(family, each -> GaugeSnapshot.builder().name(each.name()).help(each.help()))
                .dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value(value).build());
    }

    /** One of the histograms of a tally. */
    void histogram(Family family, Labels labels, Scale scale, long[] buckets, long sum) {
        histograms.computeIfAbsent(family, each -> HistogramSnapshot.builder().name(each.name()).help(each.help()))
                .dataPoint(HistogramDataPointSnapshot.builder().labels(labels)
                        .classicHistogramBuckets(ClassicHistogramBuckets.of(scale.ends(), buckets))
                        .sum(scale.tell(sum)).build());
    }

    void summary(Family family, Labels labels, long count, double sum) {
        summaries.computeIfAbsent(family, each -> SummarySnapshot.builder().name(each.name()).help(each.help()))
                .dataPoint(SummaryDataPointSnapshot.builder().labels(labels).count(count).sum(sum).build());
    }

    MetricSnapshots done() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        counters.values().forEach(each -> all.metricSnapshot(each.build()));
        gauges.values().forEach(each -> all.metricSnapshot(each.build()));
        histograms.values().forEach(each -> all.metricSnapshot(each.build()));
        summaries.values().forEach(each -> all.metricSnapshot(each.build()));
        return all.build();
    }
}
