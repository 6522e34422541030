package io.modelyard.requestlog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.modelyard.model.Experiment;
import io.modelyard.model.Model;
import io.modelyard.predict.Exchange;
import io.modelyard.predict.Timing;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/**
 * An exchange that waits to be written, without what will not be kept of it.
 *
 * @param truncated whether something was left out for its size
 * @param answer completed when the answer may go out; null where none waits
 */
record QueuedExchange(Exchange exchange, boolean truncated, @Nullable CompletableFuture<Void> answer) {
    private static final JsonFactory JSON = new JsonFactory();

    /** What a row takes beside its inputs and predictions. */
    private static final long OVERHEAD_BYTES = 500;

    /** Names come from callers and may be of any length; no real one is longer. */
    private static final int LONGEST_NAME = 128;

    /**
     * Leaves out what is not to be kept. Inputs are kept where the manifest of the model allows it; where no model was
     * found nothing allows it, and a mistyped version must not write down what its type keeps private.
     */
    static QueuedExchange of(Exchange exchange, long maxRowBytes, @Nullable CompletableFuture<Void> answer) {
        Model model = exchange.model();
        byte[] inputs = exchange.inputs();
        byte[] predictions = exchange.predictions();
        boolean isPrivate = inputs != null && (model == null || !model.manifest().logsInputs());
        boolean predictionsTooLarge = length(predictions) > maxRowBytes;
        boolean inputsTooLarge = inputs != null && !isPrivate && length(inputs) + length(predictions) > maxRowBytes;
        if (!isPrivate && !inputsTooLarge && !predictionsTooLarge) {
            return new QueuedExchange(exchange, false, answer);
        }
        Exchange kept = new Exchange(exchange.predictionId(), exchange.requestId(), exchange.at(),
                exchange.requestedType(), exchange.requestedVersion(), model, exchange.keyId(), exchange.status(),
                exchange.code(), isPrivate || inputsTooLarge ? null : inputs, predictionsTooLarge ? null : predictions,
                exchange.rows(), exchange.source(), exchange.assignment(), exchange.timing());
        return new QueuedExchange(kept, inputsTooLarge || predictionsTooLarge, answer);
    }

    /** About how many bytes the exchange takes in memory. */
    long bytes() {
        return OVERHEAD_BYTES + length(exchange.inputs()) + length(exchange.predictions());
    }

    LoggedPrediction row() {
        Model model = exchange.model();
        byte[] inputs = exchange.inputs();
        // What a model answered was parsed. The inputs of a failure may be why it failed, and rows are given out as JSON.
        boolean broken = inputs != null && exchange.status() >= 400 && !isJson(inputs);
        Timing timing = exchange.timing();
        Experiment.Assignment assignment = exchange.assignment();
        return new LoggedPrediction(exchange.predictionId(), cut(exchange.requestId()),
                LoggedPrediction.micros(exchange.at()),
                model == null ? cutOrNull(exchange.requestedType()) : model.id().type(),
                model == null ? null : model.id().version(), cutOrNull(exchange.requestedVersion()),
                model == null ? null : model.manifest().runtime(), model == null ? null : model.digest(),
                exchange.keyId(), exchange.status(), exchange.code(), broken ? null : text(inputs),
                text(exchange.predictions()), exchange.rows(), exchange.cached(), truncated || broken,
                assignment == null ? null : assignment.experiment(), assignment == null ? null : assignment.arm(),
                timing.preprocessing(), timing.queue(), timing.inference(), timing.postprocessing(), timing.total());
    }

    private static long length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static @Nullable String text(byte @Nullable [] utf8) {
        return utf8 == null ? null : new String(utf8, StandardCharsets.UTF_8);
    }

    private static @Nullable String cutOrNull(@Nullable String name) {
        return name == null ? null : cut(name);
    }

    /** Without the one character that PostgreSQL cannot keep. */
    private static String cut(String name) {
        String cut = name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
        return cut.replace('\0', '\uFFFD');
    }

    private static boolean isJson(byte[] utf8) {
        try (JsonParser parser = JSON.createParser(utf8)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return !parser.currentToken().isStructStart() && parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }
}
