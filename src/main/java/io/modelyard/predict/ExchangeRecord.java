package io.modelyard.predict;

import io.modelyard.model.Experiment;
import io.modelyard.model.Model;
import io.modelyard.transform.StepTimes;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Arrays;

/**
 * Collects what becomes of one exchange on its way. Written by one thread at a time, and read by any: an exchange may be ended
 * while a thread still works on it.
 */
final class ExchangeRecord {
    private final PredictionCall call;
    private final String predictionId;
    private final Instant at;
    private volatile @Nullable String type;
    private volatile @Nullable String version;
    private volatile @Nullable Model model;
    private volatile Experiment.@Nullable Assignment assignment;
    private volatile @Nullable PredictionRequest request;
    private final StepTimes steps = new StepTimes();
    private volatile boolean leased;
    private volatile int rows;
    private volatile AnswerSource source = AnswerSource.BYPASS;
    private volatile long started;
    private volatile long preprocessing;
    private volatile long inference;
    private volatile long held;
    private volatile long postprocessing;
    // Only of what is followed.
    private volatile long scanned;
    private volatile long decoded;
    private volatile long processed;

    ExchangeRecord(PredictionCall call, String predictionId, Instant at) {
        this.call = call;
        this.predictionId = predictionId;
        this.at = at;
        this.type = call.type();
        this.version = call.version();
    }

    String predictionId() {
        return predictionId;
    }

    /** A thread has taken it up. */
    void started() {
        started = System.nanoTime();
    }

    void scanned(PredictionRequest read) {
        request = read;
        scanned = stamp();
    }

    void asked(String askedType, @Nullable String askedVersion) {
        type = askedType;
        version = askedVersion;
    }

    /** To an arm; null where no experiment chose the model. */
    void assigned(Experiment.@Nullable Assignment arm) {
        assignment = arm;
    }

    Experiment.@Nullable Assignment assignment() {
        return assignment;
    }

    void chose(Model chosen) {
        model = chosen;
    }

    /** The model is in memory, and stays there. */
    void leased() {
        leased = true;
    }

    /** The inputs have been read. */
    void rows(int count) {
        rows = count;
        decoded = stamp();
    }

    /** Decoding and pre-processing begin: whatever came between start and now was waiting for the model. */
    void preprocessing() {
        preprocessing = System.nanoTime();
    }

    void inference() {
        inference = System.nanoTime();
    }

    void postprocessing(Predictor.Answered answered) {
        source = answered.source();
        held = answered.heldNanos();
        postprocessing = System.nanoTime();
    }

    /** The outputs are as they are told. */
    void processed() {
        processed = stamp();
    }

    private long stamp() {
        return call.trace() == null ? 0 : System.nanoTime();
    }

    /** Where the steps of pre- and post-processing add their times. */
    StepTimes steps() {
        return steps;
    }

    /** The times up to now; steps that were not reached have 0. */
    Timing timing() {
        long now = System.nanoTime();
        return new Timing(between(preprocessing, inference), waited(), between(inference, postprocessing) - held,
                between(postprocessing, now), now - call.receivedNanos(), steps);
    }

    private long waited() {
        long forThread = between(call.receivedNanos(), started);
        return forThread + between(started, preprocessing) + held;
    }

    /** Where it is, in words. */
    String whereabouts() {
        Model chosen = model;
        if (chosen == null) {
            return "it was not read yet";
        }
        if (!leased) {
            return chosen.id() + " is still being loaded";
        }
        if (preprocessing == 0) {
            return "it still waited for its turn";
        }
        return inference == 0 ? "its inputs were still being read" : chosen.id() + " was still computing";
    }

    private static long between(long from, long to) {
        return from == 0 || to == 0 ? 0 : to - from;
    }

    private @Nullable Course course() {
        return call.trace() == null
                ? null
                : new Course(call.trace(), call.isItem(), call.receivedNanos(), started, scanned, preprocessing,
                        decoded, inference, held, postprocessing, processed, System.nanoTime());
    }

    Exchange toExchange(@Nullable PredictionAnswer answer, int status, @Nullable String code) {
        PredictionRequest scanned = request;
        byte[] inputs = scanned == null
                ? null
                : Arrays.copyOfRange(scanned.body(), scanned.inputsFrom(), scanned.inputsTo());
        return new Exchange(predictionId, call.requestId(), at, type, version, model, call.caller().keyId(), status,
                code,
                inputs, answer == null ? null : answer.predictions(), rows, source, assignment, timing(), course());
    }
}
