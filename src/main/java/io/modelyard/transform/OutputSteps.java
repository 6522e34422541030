package io.modelyard.transform;

import io.modelyard.tensor.InvalidInputException;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.TensorSpec;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What is done to one output.
 *
 * @param names in the place of the labels that the output has
 */
record OutputSteps(Members json, boolean softmax, boolean sigmoid, OptionalDouble threshold, OptionalInt topK,
        boolean labels, @Nullable List<String> names, OptionalInt round) {

    /** Softmax and sigmoid make probabilities of the same numbers: a request that names one does not want the other. */
    static final Map<String, Set<String>> REPLACED = Map.of("softmax", Set.of("sigmoid"), "sigmoid", Set.of("softmax"));

    static final List<String> KNOWN = List.of("softmax", "sigmoid", "threshold", "top_k", "round", "labels");

    private static final int MOST_DECIMALS = 15;

    /** @throws InvalidInputException if the JSON is anything else than these steps */
    static OutputSteps parse(Members json) {
        boolean softmax = json.member("softmax").flag(false);
        boolean sigmoid = json.member("sigmoid").flag(false);
        if (softmax && sigmoid) {
            throw json.member("sigmoid").wrong("softmax and sigmoid exclude each other");
        }
        OptionalDouble threshold = OptionalDouble.empty();
        if (json.has("threshold")) {
            double found = json.member("threshold").number();
            if (found < 0 || found > 1) {
                throw json.member("threshold").wrong("expected a probability, from 0 to 1");
            }
            threshold = OptionalDouble.of(found);
        }
        OptionalInt topK = json.has("top_k")
                ? OptionalInt.of(json.member("top_k").integer(1, Integer.MAX_VALUE))
                : OptionalInt.empty();
        OptionalInt round = json.has("round")
                ? OptionalInt.of(json.member("round").integer(0, MOST_DECIMALS))
                : OptionalInt.empty();
        Members labels = json.member("labels");
        List<String> names = labels.json().isArray() ? names(labels) : null;
        return new OutputSteps(json, softmax, sigmoid, threshold, topK, names != null || labels.flag(true), names,
                round);
    }

    private static List<String> names(Members labels) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < labels.json().size(); i++) {
            if (!labels.json().get(i).isTextual()) {
                throw labels.element(i).wrong("expected a string");
            }
            names.add(labels.json().get(i).textValue());
        }
        if (names.isEmpty()) {
            throw labels.wrong("expected true, false, or an array of labels");
        }
        return names;
    }

    /** Whether values are changed or decided about. */
    boolean changesValues() {
        return softmax || sigmoid || threshold.isPresent() || topK.isPresent() || round.isPresent();
    }

    /** How an output is told: with which labels. */
    TensorSpec told(TensorSpec spec) {
        if (names != null) {
            return spec.withLabels(names);
        }
        return labels || spec.labels().isEmpty() ? spec : spec.withLabels(List.of());
    }

    /** Whether each row of {@code width} values is told with the labels of {@code told}. */
    static boolean isLabelled(TensorSpec told, int width) {
        return !told.labels().isEmpty() && (width == told.labels().size() || isOneOfTwo(told, width));
    }

    /** Two labels over one value p mean the values [1−p, p]. */
    static boolean isOneOfTwo(TensorSpec told, int width) {
        return width == 1 && told.labels().size() == 2;
    }

    /**
     * @param shape of the output as far as it is known, its first axis the rows
     * @throws InvalidInputException if a step cannot be done to such an output
     */
    void demandFits(TensorSpec spec, Shape shape) {
        long width = shape.rank() < 2 ? 1 : shape.dim(shape.rank() - 1);
        boolean known = width != Shape.ANY;
        if (softmax && width == 1) {
            throw unfit("softmax", spec, shape, "softmax is over several values; of one, sigmoid makes a probability");
        }
        TensorSpec told = told(spec);
        boolean oneOfTwo = known && isOneOfTwo(told, (int) width);
        if (topK.isPresent() && !oneOfTwo && (shape.rank() != 2 || width == 1)) {
            throw unfit("top_k", spec, shape, "top_k is of several values a row");
        }
        boolean labelled = known && shape.rank() <= 2 && isLabelled(told, (int) width);
        if (names != null && known && !labelled) {
            throw unfit("labels", spec, shape, "there are " + names.size() + " labels for " + width + " values");
        }
        if (topK.isPresent() && threshold.isPresent() && known && !labelled) {
            throw unfit("top_k", spec, shape,
                    "without labels a threshold leaves nothing but true and false: threshold and "
                            + "top_k exclude each other");
        }
    }

    private InvalidInputException unfit(String step, TensorSpec spec, Shape shape, String detail) {
        return json.member(step).wrong("output '" + spec.name() + "' has the shape " + shape + ": " + detail);
    }
}
