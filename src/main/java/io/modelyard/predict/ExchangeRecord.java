package io.modelyard.predict;

import io.modelyard.model.Model;
import io.modelyard.transform.StepTimes;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Arrays;

/** Collects what becomes of one exchange on its way. Handed from thread to thread, used by one at a time. */
final class ExchangeRecord {
    private final PredictionCall call;
    private final String predictionId;
    private final Instant at;
    private @Nullable String type;
    private @Nullable String version;
    private @Nullable Model model;
    private @Nullable PredictionRequest request;
    private final StepTimes steps = new StepTimes();
    private int rows;
    private boolean cached;
    private long started;
    private long preprocessing;
    private long inference;
    private long postprocessing;

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

    void scanned(PredictionRequest scanned) {
        request = scanned;
    }

    void asked(String askedType, @Nullable String askedVersion) {
        type = askedType;
        version = askedVersion;
    }

    void chose(Model chosen) {
        model = chosen;
    }

    void rows(int count) {
        rows = count;
    }

    /** Decoding and pre-processing begin: whatever came between start and now was waiting for the model. */
    void preprocessing() {
        preprocessing = System.nanoTime();
    }

    void inference() {
        inference = System.nanoTime();
    }

    void postprocessing(boolean fromCache) {
        cached = fromCache;
        postprocessing = System.nanoTime();
    }

    /** Where the steps of pre- and post-processing add their times. */
    StepTimes steps() {
        return steps;
    }

    /** The times up to now; steps that were not reached have 0. */
    Timing timing() {
        long now = System.nanoTime();
        return new Timing(between(preprocessing, inference), waited(), between(inference, postprocessing),
                between(postprocessing, now), now - call.receivedNanos(), steps);
    }

    private long waited() {
        long forThread = between(call.receivedNanos(), started);
        return forThread + between(started, preprocessing);
    }

    private static long between(long from, long to) {
        return from == 0 || to == 0 ? 0 : to - from;
    }

    Exchange toExchange(@Nullable PredictionAnswer answer, int status, @Nullable String code) {
        PredictionRequest scanned = request;
        byte[] inputs = scanned == null
                ? null
                : Arrays.copyOfRange(scanned.body(), scanned.inputsFrom(), scanned.inputsTo());
        return new Exchange(predictionId, call.requestId(), at, type, version, model, call.caller().keyId(), status,
                code,
                inputs, answer == null ? null : answer.predictions(), rows, cached, timing());
    }
}
