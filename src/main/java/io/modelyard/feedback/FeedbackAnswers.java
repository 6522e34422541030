package io.modelyard.feedback;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.http.FailureStatus;
import io.modelyard.model.ServingFailure;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What became of feedback, as JSON. */
final class FeedbackAnswers {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private FeedbackAnswers() {}

    static byte[] one(FeedbackResult.Taken taken) {
        return bytes(tree(taken));
    }

    static byte[] all(List<FeedbackResult> results) {
        ArrayNode told = JSON.arrayNode(results.size());
        int refused = 0;
        for (FeedbackResult result : results) {
            switch (result) {
                case FeedbackResult.Taken taken -> told.add(tree(taken));
                case FeedbackResult.Refused refusal -> {
                    refused++;
                    told.addObject().set("error", tree(refusal.failure()));
                }
            }
        }
        ObjectNode all = JSON.objectNode();
        all.set("results", told);
        all.put("succeeded", results.size() - refused);
        all.put("failed", refused);
        return bytes(all);
    }

    /** What was said of a prediction. */
    static byte[] said(String predictionId, List<StoredFeedback> said) {
        ObjectNode all = JSON.objectNode();
        all.put("prediction_id", predictionId);
        ArrayNode feedback = all.putArray("feedback");
        said.forEach(statement -> feedback.add(tree(statement)));
        return bytes(all);
    }

    private static ObjectNode tree(StoredFeedback statement) {
        ObjectNode tree = JSON.objectNode();
        if (statement.row() != Statement.WHOLE) {
            tree.put("row", statement.row());
        }
        tree.set(statement.kind().word(), FeedbackTable.json(statement.value()));
        tree.put("observed_at", instant(statement.observedMicros()));
        tree.put("received_at", instant(statement.receivedMicros()));
        tree.put("key_id", statement.keyId());
        Score score = statement.score();
        tree.put("state", statement.isPending() ? "pending" : score.unscored() == null ? "scored" : "unscored");
        if (score.unscored() != null) {
            tree.put("reason", score.unscored());
        }
        if (score.correct() != null) {
            tree.put("correct", score.correct());
        }
        number(tree, "log_loss", score.logLoss());
        number(tree, "squared_error", score.squaredError());
        number(tree, "absolute_error", score.absoluteError());
        return tree;
    }

    private static void number(ObjectNode tree, String name, @Nullable Double value) {
        if (value != null) {
            tree.put(name, value);
        }
    }

    private static String instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }

    private static ObjectNode tree(FeedbackResult.Taken taken) {
        ObjectNode tree = JSON.objectNode();
        tree.put("prediction_id", taken.predictionId());
        tree.put("scored", taken.scored());
        tree.put("unscored", taken.unscored());
        tree.put("pending", taken.pending());
        if (!taken.reasons().isEmpty()) {
            ArrayNode reasons = tree.putArray("reasons");
            taken.reasons().forEach(reasons::add);
        }
        return tree;
    }

    private static ObjectNode tree(ServingFailure failure) {
        ObjectNode tree = JSON.objectNode();
        tree.put("status", FailureStatus.of(failure));
        tree.put("code", failure.code());
        tree.put("detail", failure.detail());
        tree.put("retryable", failure.retryable());
        if (failure instanceof ServingFailure.InvalidInput invalid) {
            ArrayNode errors = tree.putArray("errors");
            invalid.problems().forEach(problem -> errors.addObject().put("pointer", problem.pointer()).put("detail",
                    problem.detail()));
        }
        return tree;
    }

    private static byte[] bytes(ObjectNode tree) {
        return tree.toString().getBytes(StandardCharsets.UTF_8);
    }
}
