package io.modelyard.feedback;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.tensor.TensorSpec;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A class that a model told, with its probabilities where it told all of them.
 *
 * @param label null where no class was likely enough
 * @param names the classes in the order of the probabilities; empty where they are not known
 * @param probabilities empty where not all were told
 * @param confidence the probability of the told label, where one was told
 */
record Labelled(@Nullable String label, List<String> names, double[] probabilities, double confidence) {

    /** @param outputs what the manifest says; a request may have asked for one of several, so the labels must fit */
    static Labelled of(JsonNode told, List<TensorSpec> outputs) {
        String label = told.path("label").textValue();
        double confidence = told.path("confidence").asDouble(Double.NaN);
        double[] probabilities = new double[told.path("probabilities").size()];
        for (int i = 0; i < probabilities.length; i++) {
            probabilities[i] = told.path("probabilities").get(i).asDouble(Double.NaN);
        }
        List<String> names = List.of();
        for (TensorSpec output : outputs) {
            if (names.isEmpty() && fits(output.labels(), label, probabilities, confidence)) {
                names = output.labels();
            }
        }
        return new Labelled(label, names, probabilities, confidence);
    }

    /** A request can give other labels, also the same ones in another order; their place tells. */
    private static boolean fits(List<String> names, @Nullable String label, double[] probabilities,
            double confidence) {
        if (label == null) {
            return names.size() == probabilities.length;
        }
        int place = names.indexOf(label);
        return place >= 0 && (probabilities.length == 0
                || (names.size() == probabilities.length && probabilities[place] == confidence));
    }

    Score score(JsonNode outcome) {
        if (outcome.isArray()) {
            return Score.unscored(Score.NOT_COMPARABLE);
        }
        String truth = Scoring.text(outcome);
        if (!names.isEmpty() && !names.contains(truth)) {
            return Score.unscored(Score.UNKNOWN_LABEL);
        }
        if (label == null && probabilities.length == 0) {
            return Score.unscored(Score.NO_VALUE);
        }
        double probability = probabilityOf(truth);
        return Score.ofClass(truth.equals(label), Double.isNaN(probability) ? null : Scoring.logLoss(probability));
    }

    /** NaN where it was not told, or where nobody can say which it is. */
    private double probabilityOf(String truth) {
        if (probabilities.length > 0 && !names.isEmpty()) {
            return probabilities[names.indexOf(truth)];
        }
        if (probabilities.length == 2 && label != null) {
            return truth.equals(label) ? confidence : 1 - confidence;
        }
        return Double.NaN;
    }
}
