package io.modelyard.metrics;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.context.annotation.Context;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

import java.util.Map;

/** What {@link ArmLedger} counted, as series. */
@Context
final class ArmSeries implements MultiCollector {
    private static final Family REQUESTS = new Family("modelyard_experiment_requests",
            "Predictions that were given to an arm, by how they ended");
    private static final Family ROWS = new Family("modelyard_experiment_rows",
            "Rows of answered predictions of the arm");
    private static final Family SECONDS = new Family("modelyard_experiment_seconds",
            "Answered predictions of the arm, from the last byte of the request to the answer");
    private static final Family WEIGHT = new Family("modelyard_experiment_arm_weight",
            "The share of the traffic that the arm should get");
    private static final Arm OTHER = new Arm(ModelLedger.OTHER, ModelLedger.OTHER, ModelLedger.OTHER,
            ModelLedger.OTHER);

    private final ArmLedger ledger;

    ArmSeries(PrometheusMeterRegistry registry, ArmLedger ledger) {
        this.ledger = ledger;
        registry.getPrometheusRegistry().register(this);
    }

    @Override
    public MetricSnapshots collect() {
        Scrape scrape = new Scrape();
        Map<Arm, Double> running = ledger.running();
        ledger.own().forEach((arm, counts) -> {
            tell(scrape, labels(arm), counts);
            Double share = running.get(arm);
            if (share != null) {
                scrape.gauge(WEIGHT, labels(arm), share);
            }
        });
        ledger.others().ifPresent(counts -> tell(scrape, labels(OTHER), counts));
        return scrape.done();
    }

    private static void tell(Scrape scrape, Labels labels, Counts counts) {
        counts.outcomes().forEach((outcome, count) -> scrape.counter(REQUESTS, labels.add("outcome", outcome), count));
        scrape.counter(ROWS, labels, counts.single(ArmLedger.ROWS));
        scrape.histogram(SECONDS, labels, Scale.LATENCY, counts.buckets(ArmLedger.SECONDS),
                counts.sum(ArmLedger.SECONDS));
    }

    private static Labels labels(Arm arm) {
        return Labels.of("type", arm.type(), "experiment", arm.experiment(), "arm", arm.arm(), "version",
                arm.version());
    }
}
