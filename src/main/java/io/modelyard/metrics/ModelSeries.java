package io.modelyard.metrics;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.context.annotation.Context;
import io.modelyard.model.ModelId;
import io.modelyard.predict.AnswerSource;
import io.modelyard.transform.Step;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

import java.util.Map;

/** What {@link ModelLedger} counted, as series. */
@Context
final class ModelSeries implements MultiCollector {
    private static final Family REQUESTS = new Family("modelyard_prediction_requests",
            "Predictions by how they ended: ok, or the code of the problem");
    private static final Map<Integer, Family> HISTOGRAMS = Map.of(
            ModelTally.TOTAL,
            new Family("modelyard_prediction_seconds", "From the last byte of the request to the answer"),
            ModelTally.QUEUE,
            new Family("modelyard_prediction_queue_seconds",
                    "Waiting for a thread, for the model, for others to be computed with"),
            ModelTally.INFERENCE,
            new Family("modelyard_prediction_inference_seconds", "Computing, or looking into the cache"),
            ModelTally.PREPROCESSING,
            new Family("modelyard_prediction_preprocessing_seconds",
                    "Decoding the inputs and the steps before the model"),
            ModelTally.POSTPROCESSING, new Family("modelyard_prediction_postprocessing_seconds",
                    "The steps after the model and writing the answer"));
    private static final Family STEPS = new Family("modelyard_prediction_step_seconds",
            "One step of pre- or post-processing");
    private static final Family ROWS = new Family("modelyard_prediction_rows", "Rows of answered predictions");
    private static final Family ANSWERS = new Family("modelyard_prediction_answers",
            "Answered predictions by where the answer came from");
    private static final Family BATCHES = new Family("modelyard_prediction_batch_rows",
            "Rows of one joined computation");
    private static final Family JOINED = new Family("modelyard_prediction_batch_requests",
            "Requests in joined computations");

    private final ModelLedger ledger;

    ModelSeries(PrometheusMeterRegistry registry, ModelLedger ledger) {
        this.ledger = ledger;
        registry.getPrometheusRegistry().register(this);
    }

    @Override
    public MetricSnapshots collect() {
        Scrape scrape = new Scrape();
        ledger.own().forEach((id, counts) -> tell(scrape, labels(id), counts));
        ledger.others().ifPresent(counts -> tell(scrape, labels(ModelLedger.OTHER), counts));
        Counts none = ledger.none();
        if (none.requests() > 0) {
            Labels labels = labels(ModelLedger.NONE);
            none.outcomes().forEach((outcome, count) -> {
                if (count > 0) {
                    scrape.counter(REQUESTS, labels.add("outcome", outcome), count);
                }
            });
        }
        return scrape.done();
    }

    static Labels labels(ModelId id) {
        return Labels.of("type", id.type(), "version", id.version());
    }

    static Labels labels(String word) {
        return Labels.of("type", word, "version", word);
    }

    private static void tell(Scrape scrape, Labels labels, Counts counts) {
        counts.outcomes().forEach((outcome, count) -> {
            if (count > 0) {
                scrape.counter(REQUESTS, labels.add("outcome", outcome), count);
            }
        });
        if (counts.requests(Tally.OK) == 0) {
            // It begins with 0, so that the first request makes a rate.
            scrape.counter(REQUESTS, labels.add("outcome", Tally.OK), 0);
        }
        HISTOGRAMS.forEach((histogram, family) -> tell(scrape, family, labels, counts, histogram));
        scrape.counter(ROWS, labels, counts.single(ModelTally.ROWS));
        for (AnswerSource source : AnswerSource.values()) {
            long answers = counts.single(ModelTally.source(source));
            if (answers > 0) {
                scrape.counter(ANSWERS, labels.add("source", source.word()), answers);
            }
        }
        for (Step step : Step.values()) {
            long runs = counts.single(ModelTally.stepRuns(step));
            if (runs > 0) {
                scrape.summary(STEPS, labels.add("step", step.jsonName()), runs,
                        Scale.WORK.tell(counts.single(ModelTally.stepNanos(step))));
            }
        }
        long joined = counts.single(ModelTally.BATCH_REQUESTS);
        if (joined > 0) {
            tell(scrape, BATCHES, labels, counts, ModelTally.BATCH_ROWS);
            scrape.counter(JOINED, labels, joined);
        }
    }

    private static void tell(Scrape scrape, Family family, Labels labels, Counts counts, int histogram) {
        scrape.histogram(family, labels, ModelTally.LAYOUT.histograms().get(histogram), counts.buckets(histogram),
                counts.sum(histogram));
    }
}
