package io.modelyard.feedback;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.http.FailureStatus;
import io.modelyard.model.ServingFailure;

import java.nio.charset.StandardCharsets;
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
