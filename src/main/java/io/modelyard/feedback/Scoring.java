package io.modelyard.feedback;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.tensor.TensorSpec;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Holds what a model told of a row against what became true. What it told is read as {@code tensor.OutputEncoder} writes it.
 * Pure.
 *
 * <p>The log loss of a row is −ln of the probability given to its true class, and that is clipped to [ε, 1−ε] with the ε of
 * float64, 2.2e-16, as scikit-learn's {@code log_loss} does. Where only some probabilities were told there is none: a mean
 * over those that happened to be told would flatter the model.
 */
final class Scoring {
    private static final double EPSILON = Math.ulp(1.0);

    private Scoring() {}

    /**
     * @param told one element of {@code predictions}
     * @param outputs what the model's manifest says of its outputs; may be empty
     */
    static Score of(JsonNode told, List<TensorSpec> outputs, JsonNode outcome) {
        if (told.isObject() && !isLabelled(told)) {
            return ofOneOf(told, outputs, outcome);
        }
        if (told.isObject()) {
            return Labelled.of(told, outputs).score(outcome);
        }
        if (told.isArray()) {
            return ofVector(told, outcome);
        }
        if (told.isNumber()) {
            boolean isClass = outputs.size() == 1 && !outputs.getFirst().dtype().isFloating();
            return ofNumber(told.doubleValue(), isClass, outcome);
        }
        if (told.isTextual()) {
            return outcome.isArray()
                    ? Score.unscored(Score.NOT_COMPARABLE)
                    : Score.ofClass(told.textValue().equals(text(outcome)), null);
        }
        if (told.isBoolean()) {
            Boolean truth = truth(outcome);
            return truth == null
                    ? Score.unscored(Score.NOT_COMPARABLE)
                    : Score.ofClass(truth == told.booleanValue(), null);
        }
        return Score.unscored(Score.NO_VALUE);
    }

    /** Of several outputs the first with probabilities is scored, else the first with a label. */
    private static Score ofOneOf(JsonNode told, List<TensorSpec> outputs, JsonNode outcome) {
        Map.Entry<String, JsonNode> chosen = null;
        for (Map.Entry<String, JsonNode> output : told.properties()) {
            boolean better = output.getValue().has("probabilities")
                    && (chosen == null || !chosen.getValue().has("probabilities"));
            if (isLabelled(output.getValue()) && (chosen == null || better)) {
                chosen = output;
            }
        }
        if (chosen == null) {
            return Score.unscored(Score.NOT_COMPARABLE);
        }
        String name = chosen.getKey();
        return of(chosen.getValue(), outputs.stream().filter(output -> output.name().equals(name)).toList(), outcome);
    }

    private static boolean isLabelled(JsonNode told) {
        JsonNode label = told.path("label");
        return (label.isTextual() || label.isNull()) && (told.has("confidence") || told.size() == 1);
    }

    /** A number is an error away from a number; that it is a probability is said by an outcome that is true or false. */
    private static Score ofNumber(double told, boolean isClass, JsonNode outcome) {
        if (outcome.isNumber()) {
            double error = told - outcome.doubleValue();
            return Score.ofNumber(isClass ? error == 0 : null, error * error, Math.abs(error));
        }
        if (outcome.isBoolean() && told >= 0 && told <= 1) {
            // A tie is the first of two classes, as where they have labels.
            return Score.ofClass(told > 0.5 == outcome.booleanValue(),
                    logLoss(outcome.booleanValue() ? told : 1 - told));
        }
        return Score.unscored(Score.NOT_COMPARABLE);
    }

    private static Score ofVector(JsonNode told, JsonNode outcome) {
        if (outcome.isNumber() && told.path(0).has("index")) {
            return Score.ofClass(told.path(0).path("index").doubleValue() == outcome.doubleValue(), null);
        }
        List<Double> values = new ArrayList<>();
        if (!flatten(told, values)) {
            return Score.unscored(Score.NO_VALUE);
        }
        if (outcome.isNumber() && values.size() > 1) {
            return ofClassNumber(values, outcome.doubleValue());
        }
        List<Double> truths = new ArrayList<>();
        if (!flatten(outcome, truths) || truths.size() != values.size()) {
            return Score.unscored(Score.NOT_COMPARABLE);
        }
        double squared = 0;
        double absolute = 0;
        for (int i = 0; i < values.size(); i++) {
            double error = values.get(i) - truths.get(i);
            squared += error * error;
            absolute += Math.abs(error);
        }
        return Score.ofNumber(null, squared / values.size(), absolute / values.size());
    }

    /** The values without labels are the probabilities of classes 0, 1, …, where they look like that. */
    private static Score ofClassNumber(List<Double> values, double truth) {
        double sum = 0;
        int best = 0;
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) < 0 || values.get(i) > 1) {
                return Score.unscored(Score.NOT_COMPARABLE);
            }
            sum += values.get(i);
            best = values.get(i) > values.get(best) ? i : best;
        }
        if (Math.abs(sum - 1) > 1e-3 || truth != Math.rint(truth) || truth < 0 || truth >= values.size()) {
            return Score.unscored(Score.NOT_COMPARABLE);
        }
        return Score.ofClass(best == (int) truth, logLoss(values.get((int) truth)));
    }

    private static boolean flatten(JsonNode json, List<Double> values) {
        if (json.isNumber()) {
            values.add(json.doubleValue());
            return true;
        }
        for (JsonNode element : json) {
            if (!flatten(element, values)) {
                return false;
            }
        }
        return json.isArray();
    }

    private static @Nullable Boolean truth(JsonNode outcome) {
        if (outcome.isBoolean()) {
            return outcome.booleanValue();
        }
        double number = outcome.isNumber() ? outcome.doubleValue() : Double.NaN;
        return number == 1 ? Boolean.TRUE : number == 0 ? Boolean.FALSE : null;
    }

    /** An outcome as the label that it names: the number 3 is the label "3". */
    static String text(JsonNode outcome) {
        return outcome.isTextual() ? outcome.textValue() : CanonicalJson.of(outcome);
    }

    static double logLoss(double probability) {
        return -Math.log(Math.clamp(probability, EPSILON, 1 - EPSILON));
    }
}
