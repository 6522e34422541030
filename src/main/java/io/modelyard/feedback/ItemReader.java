package io.modelyard.feedback;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.model.ServingFailure;
import io.modelyard.tensor.InputProblem;
import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** Reads what is said of one prediction. For one item. */
final class ItemReader {
    private static final Set<String> KNOWN = Set.of("prediction_id", "outcomes", "row", "outcome", "reward",
            "observed_at");

    /** Labels and texts are names; no real one is longer. */
    private static final int LONGEST_TEXT = 1_000;

    /** Nothing that is measured is larger, and the squares of such numbers can be added up. */
    private static final double GREATEST = 1e30;

    private final String pointer;
    private final JsonNode json;

    private ItemReader(String pointer, JsonNode json) {
        this.pointer = pointer;
        this.json = json;
    }

    /** @param predictionId where the path names it; null where the item must */
    static FeedbackItem read(String pointer, JsonNode json, @Nullable String predictionId) {
        try {
            return new ItemReader(pointer, json).said(predictionId);
        } catch (ServingFailure e) {
            return new FeedbackItem.Unreadable(pointer, e);
        }
    }

    private FeedbackItem.Said said(@Nullable String given) {
        if (!json.isObject()) {
            throw wrong("", "must be an object");
        }
        for (Iterator<String> names = json.fieldNames(); names.hasNext();) {
            String name = names.next();
            if (!KNOWN.contains(name)) {
                throw wrong("/" + name.replace("~", "~0").replace("/", "~1"),
                        "is not known; there are outcomes, row, outcome, reward and observed_at");
            }
        }
        String id = predictionId(given);
        int said = (json.has("outcomes") ? 1 : 0) + (json.has("outcome") ? 1 : 0) + (json.has("reward") ? 1 : 0);
        if (said != 1) {
            throw wrong("", "must have exactly one of outcomes, outcome and reward");
        }
        if (json.has("outcomes")) {
            return new FeedbackItem.Said(pointer, id, outcomes(), json.get("outcomes").size(), observedAt());
        }
        if (json.has("reward")) {
            JsonNode reward = json.get("reward");
            if (!isNumber(reward)) {
                throw wrong("/reward", "must be a number, from -1e30 to 1e30");
            }
            int row = json.has("row") ? row() : Statement.WHOLE;
            return new FeedbackItem.Said(pointer, id, List.of(new Statement(row, Statement.Kind.REWARD, reward)), 0,
                    observedAt());
        }
        // Of a prediction with one row nobody need say which.
        int row = json.has("row") ? row() : 0;
        Statement outcome = new Statement(row, Statement.Kind.OUTCOME, outcome("/outcome", json.get("outcome")));
        return new FeedbackItem.Said(pointer, id, List.of(outcome), json.has("row") ? 0 : 1, observedAt());
    }

    private String predictionId(@Nullable String given) {
        JsonNode named = json.get("prediction_id");
        if (named == null && given != null) {
            return given;
        }
        if (named == null || !named.isTextual() || named.textValue().length() > LONGEST_TEXT) {
            throw wrong("/prediction_id", "must be the prediction_id of an answer");
        }
        if (given != null && !given.equals(named.textValue())) {
            throw wrong("/prediction_id", "is not the one in the path");
        }
        return named.textValue();
    }

    private List<Statement> outcomes() {
        JsonNode outcomes = json.get("outcomes");
        if (!outcomes.isArray() || outcomes.isEmpty()) {
            throw wrong("/outcomes", "must be an array with one outcome for each row, null where it is not known yet");
        }
        if (json.has("row")) {
            throw wrong("/row", "goes with outcome; outcomes has one for each row");
        }
        List<Statement> statements = new ArrayList<>(outcomes.size());
        for (int row = 0; row < outcomes.size(); row++) {
            if (!outcomes.get(row).isNull()) {
                statements.add(new Statement(row, Statement.Kind.OUTCOME,
                        outcome("/outcomes/" + row, outcomes.get(row))));
            }
        }
        return statements;
    }

    private int row() {
        JsonNode row = json.get("row");
        if (!row.isInt() || row.intValue() < 0) {
            throw wrong("/row", "must be the number of a row, from 0");
        }
        return row.intValue();
    }

    private @Nullable Instant observedAt() {
        JsonNode at = json.get("observed_at");
        if (at == null || at.isNull()) {
            return null;
        }
        try {
            Instant instant = OffsetDateTime.parse(at.asText()).toInstant();
            if (instant.isAfter(Instant.EPOCH)) {
                return instant;
            }
        } catch (DateTimeException e) {
            // The same answer as for a time before all predictions.
        }
        throw wrong("/observed_at", "must be a time such as 2026-11-20T10:00:00Z");
    }

    /** A label, a number, a boolean, or an array of numbers. */
    private JsonNode outcome(String place, JsonNode value) {
        boolean fits = value.isTextual()
                ? value.textValue().length() <= LONGEST_TEXT && value.textValue().indexOf('\0') < 0
                : value.isBoolean() || isNumbers(value);
        if (!fits) {
            throw wrong(place, "must be a label, a number, true or false, or an array of numbers");
        }
        return value;
    }

    private static boolean isNumbers(JsonNode value) {
        if (!value.isArray()) {
            return isNumber(value);
        }
        for (JsonNode element : value) {
            if (!isNumbers(element)) {
                return false;
            }
        }
        return !value.isEmpty();
    }

    private static boolean isNumber(JsonNode value) {
        return value.isNumber() && Math.abs(value.doubleValue()) <= GREATEST;
    }

    private ServingFailure wrong(String place, String detail) {
        return new ServingFailure.InvalidInput(List.of(new InputProblem(pointer + place, detail)));
    }
}
