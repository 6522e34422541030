package io.modelyard.metrics;

import io.modelyard.predict.AnswerSource;
import io.modelyard.predict.Exchange;
import io.modelyard.predict.Timing;
import io.modelyard.transform.Step;
import io.modelyard.transform.StepTimes;

import java.util.List;

/** What becomes of the predictions of one model. Thread-safe, as {@link Tally} says. */
final class ModelTally extends Tally {
    static final int TOTAL = 0;
    static final int QUEUE = 1;
    static final int INFERENCE = 2;
    static final int PREPROCESSING = 3;
    static final int POSTPROCESSING = 4;
    static final int BATCH_ROWS = 5;

    static final int ROWS = 0;
    static final int BATCH_REQUESTS = 1;

    private static final List<AnswerSource> SOURCES = List.of(AnswerSource.values());
    private static final List<Step> STEPS = List.of(Step.values());
    private static final int FIRST_SOURCE = 2;
    private static final int FIRST_STEP = FIRST_SOURCE + SOURCES.size();

    static final Layout LAYOUT = new Layout(
            List.of(Scale.LATENCY, Scale.LATENCY, Scale.LATENCY, Scale.WORK, Scale.WORK, Scale.ROWS),
            FIRST_STEP + 2 * STEPS.size());

    private final RecentLatencies recent = new RecentLatencies();

    ModelTally() {
        super(LAYOUT);
    }

    static int source(AnswerSource source) {
        return FIRST_SOURCE + SOURCES.indexOf(source);
    }

    /** How often the step ran. */
    static int stepRuns(Step step) {
        return FIRST_STEP + 2 * STEPS.indexOf(step);
    }

    static int stepNanos(Step step) {
        return stepRuns(step) + 1;
    }

    void count(Exchange exchange) {
        String failure = exchange.code();
        if (failure != null) {
            failed(failure);
            return;
        }
        answered();
        Timing timing = exchange.timing();
        record(TOTAL, timing.total());
        record(QUEUE, timing.queue());
        record(INFERENCE, timing.inference());
        record(PREPROCESSING, timing.preprocessing());
        record(POSTPROCESSING, timing.postprocessing());
        recent.record(timing.total());
        add(ROWS, exchange.rows());
        add(source(exchange.source()), 1);
        StepTimes steps = timing.steps();
        if (!steps.isEmpty()) {
            for (Step step : steps.steps()) {
                add(stepRuns(step), 1);
                add(stepNanos(step), steps.nanos(step));
            }
        }
    }

    void countBatch(int requests, int rows) {
        record(BATCH_ROWS, rows);
        add(BATCH_REQUESTS, requests);
    }

    RecentLatencies recent() {
        return recent;
    }
}
