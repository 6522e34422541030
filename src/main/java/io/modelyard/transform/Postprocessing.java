package io.modelyard.transform;

import io.modelyard.tensor.InvalidInputException;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.Tensor;
import io.modelyard.tensor.TensorSpec;
import io.modelyard.tensor.ToldOutput;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is done to the floating-point outputs of a model before they are told: softmax or sigmoid makes probabilities of them,
 * threshold and top_k decide by these, then values are rounded, and the labels stand beside what is left. Decisions come before
 * rounding, so that no two different probabilities become a tie. Other outputs are told as the model gave them. Immutable; safe
 * for many threads.
 */
public final class Postprocessing {
    private final OutputSteps all;
    private final Map<String, OutputSteps> own;
    private final boolean isPlain;

    private Postprocessing(OutputSteps all, Map<String, OutputSteps> own) {
        this.all = all;
        this.own = Map.copyOf(own);
        this.isPlain = own.isEmpty() && !all.changesValues() && all.labels() && all.names() == null;
    }

    /**
     * @param json steps for every output, and under {@code outputs} by name those that an output has instead
     * @throws InvalidInputException if it is anything else
     */
    static Postprocessing parse(Members json, Signature signature) {
        List<String> known = new ArrayList<>(OutputSteps.KNOWN);
        known.add("outputs");
        json.demand("post-processing step", known);
        OutputSteps all = OutputSteps.parse(json);
        Map<String, OutputSteps> own = new HashMap<>();
        if (json.has("outputs")) {
            Members outputs = json.member("outputs");
            List<String> names = signature.outputs().stream().map(TensorSpec::name).toList();
            outputs.demand("output", names);
            for (String name : names) {
                if (outputs.has(name)) {
                    Members steps = outputs.member(name);
                    steps.demand("post-processing step", OutputSteps.KNOWN);
                    own.put(name, OutputSteps.parse(json.under(steps, OutputSteps.REPLACED)));
                }
            }
        }
        return new Postprocessing(all, own);
    }

    /**
     * Demands that the steps can be done to outputs, as far as their shapes are known.
     *
     * @throws InvalidInputException if one cannot
     */
    void demandFits(List<TensorSpec> outputs, boolean batched) {
        if (isPlain) {
            return;
        }
        boolean any = false;
        for (TensorSpec spec : outputs) {
            if (spec.dtype().isFloating()) {
                any = true;
                if (batched) {
                    stepsOf(spec).demandFits(spec, spec.shape());
                }
            }
        }
        if (!any && all.changesValues()) {
            throw all.json().wrong("none of the outputs is floating-point, and these steps are for those");
        }
    }

    private OutputSteps stepsOf(TensorSpec spec) {
        return own.getOrDefault(spec.name(), all);
    }

    /**
     * @param outputs one for each spec; they are not written to
     * @param times where the time of each step is added
     * @throws InvalidInputException if a step cannot be done to an output of such a shape
     */
    public List<ToldOutput> apply(List<TensorSpec> specs, List<Tensor> outputs, StepTimes times) {
        if (isPlain) {
            return ToldOutput.plain(specs, outputs, true);
        }
        List<ToldOutput> told = new ArrayList<>(specs.size());
        for (int i = 0; i < specs.size(); i++) {
            told.add(apply(specs.get(i), outputs.get(i), times));
        }
        return told;
    }

    /** The values alone, without labels and without what is decided by them. */
    public List<ToldOutput> values(List<TensorSpec> specs, List<Tensor> outputs) {
        StepTimes untold = new StepTimes();
        List<Tensor> values = new ArrayList<>(specs.size());
        for (int i = 0; i < specs.size(); i++) {
            Tensor output = outputs.get(i);
            values.add(output.dataType().isFloating()
                    ? rounded(stepsOf(specs.get(i)), likely(stepsOf(specs.get(i)), output, untold), untold)
                    : output);
        }
        return ToldOutput.plain(specs, values, false);
    }

    /**
     * With the labels and decisions of values that have been through these steps but for those, as examples of manifests have
     * them.
     *
     * @throws InvalidInputException if a step cannot be done to an output of such a shape
     */
    public List<ToldOutput> decide(List<TensorSpec> specs, List<Tensor> values) {
        StepTimes untold = new StepTimes();
        List<ToldOutput> told = new ArrayList<>(specs.size());
        for (int i = 0; i < specs.size(); i++) {
            told.add(decide(specs.get(i), values.get(i), false, untold));
        }
        return told;
    }

    /**
     * Describes one element of {@code predictions} as a JSON Schema (draft 2020-12).
     *
     * @param outputs of the answer, at least one
     * @param batched whether their first axes count rows
     */
    public Map<String, Object> schema(List<TensorSpec> outputs, boolean batched) {
        if (outputs.size() == 1) {
            return AnswerSchema.of(outputs.getFirst(), stepsOf(outputs.getFirst()), batched);
        }
        Map<String, Object> properties = new LinkedHashMap<>();
        outputs.forEach(spec -> properties.put(spec.name(), AnswerSchema.of(spec, stepsOf(spec), batched)));
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("type", "object");
        object.put("properties", properties);
        object.put("required", List.copyOf(properties.keySet()));
        return object;
    }

    private ToldOutput apply(TensorSpec spec, Tensor output, StepTimes times) {
        return decide(spec, output, true, times);
    }

    /** @param asGiven whether the values are as the model gave them, without any step */
    private ToldOutput decide(TensorSpec spec, Tensor output, boolean asGiven, StepTimes times) {
        OutputSteps steps = stepsOf(spec);
        TensorSpec told = steps.told(spec);
        if (!output.dataType().isFloating() || !steps.changesValues()) {
            return ToldOutput.plain(told, output);
        }
        steps.demandFits(spec, output.shape());
        Tensor values = asGiven ? likely(steps, output, times) : output;
        int width = Math.toIntExact(values.shape().row().elements());
        boolean labelled = values.shape().rank() <= 2 && OutputSteps.isLabelled(told, width);
        int[] decided = null;
        boolean[] chosen = null;
        int[] top = null;
        if (steps.threshold().isPresent()) {
            long start = System.nanoTime();
            double threshold = steps.threshold().getAsDouble();
            Decisions decisions = new Decisions(values, width);
            boolean many = steps.sigmoid() && width > 1;
            if (labelled) {
                decided = told.labels().size() == 2 && !many
                        ? decisions.ofTwo(threshold)
                        : decisions.ofMany(threshold);
            }
            if (!labelled || many) {
                chosen = decisions.ofEach(threshold);
            }
            times.add(Step.THRESHOLD, System.nanoTime() - start);
        }
        if (labelled && decided == null && steps.round().isPresent()) {
            Decisions decisions = new Decisions(values, width);
            decided = width == 1 ? decisions.likelierOfTwo() : decisions.ofMany(Double.NEGATIVE_INFINITY);
        }
        if (steps.topK().isPresent()) {
            long start = System.nanoTime();
            if (OutputSteps.isOneOfTwo(told, width)) {
                values = Decisions.bothOfTwo(values);
                width = 2;
            }
            top = new Decisions(values, width).top(steps.topK().getAsInt());
            times.add(Step.TOP_K, System.nanoTime() - start);
        }
        return new ToldOutput(told, rounded(steps, values, times), decided, chosen, top);
    }

    private static Tensor likely(OutputSteps steps, Tensor output, StepTimes times) {
        if (!steps.softmax() && !steps.sigmoid()) {
            return output;
        }
        long start = System.nanoTime();
        Shape shape = output.shape();
        if (steps.sigmoid()) {
            Tensor probabilities = Probabilities.sigmoid(output);
            times.add(Step.SIGMOID, System.nanoTime() - start);
            return probabilities;
        }
        Tensor probabilities = Probabilities.softmax(output, Math.toIntExact(shape.dim(shape.rank() - 1)));
        times.add(Step.SOFTMAX, System.nanoTime() - start);
        return probabilities;
    }

    private static Tensor rounded(OutputSteps steps, Tensor values, StepTimes times) {
        if (steps.round().isEmpty()) {
            return values;
        }
        long start = System.nanoTime();
        Tensor rounded = Probabilities.round(values, steps.round().getAsInt());
        times.add(Step.ROUND, System.nanoTime() - start);
        return rounded;
    }
}
