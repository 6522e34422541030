package io.modelyard.transform;

import io.modelyard.tensor.Acceptance;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.InputDecoder;
import io.modelyard.tensor.TensorSpec;
import io.modelyard.tensor.Vocabulary;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Reads the {@code preprocessing} of a manifest or a request for one model. */
final class PreprocessingJson {
    private static final Set<String> NORMALIZING = Set.of("normalize", "scale", "mean", "std");

    /** A request that has one of these has normalizing of its own. */
    static final Map<String, Set<String>> REPLACED = Map.of("scale", NORMALIZING, "mean", NORMALIZING, "std",
            NORMALIZING);

    private static final List<String> KNOWN = List.of("map", "fill", "clip", "normalize", "scale", "mean", "std",
            "axis");

    private final Members json;
    private final InputDecoder decoder;
    private final List<TensorSpec> inputs;
    private final Columns columns;
    private final List<Preprocessing.Pass> passes = new ArrayList<>();

    private PreprocessingJson(Members json, InputDecoder decoder) {
        this.json = json;
        this.decoder = decoder;
        this.inputs = decoder.signature().inputs();
        this.columns = new Columns(decoder, json.has("axis") ? json.member("axis").integer(-64, 64) : -1);
    }

    /** @param decoder of the model, without any steps */
    static Preprocessing parse(Members json, InputDecoder decoder) {
        json.demand("pre-processing step", KNOWN);
        return new PreprocessingJson(json, decoder).parse();
    }

    private Preprocessing parse() {
        if (json.json().isEmpty()) {
            return new Preprocessing(decoder, List.of());
        }
        Map<Integer, Categories> categories = json.has("map")
                ? CategoryJson.parse(json.member("map"), columns)
                : Map.of();
        double[][] fill = columns.numbers(json.member("fill"), Double.NaN);
        map(categories);
        fill(fill);
        clip();
        normalize();
        List<Acceptance> accepted = IntStream.range(0, inputs.size())
                .mapToObj(input -> acceptance(input, categories, fill[input])).toList();
        return new Preprocessing(decoder.accepting(accepted), passes);
    }

    private void map(Map<Integer, Categories> categories) {
        if (!categories.isEmpty()) {
            pass(Step.MAP, input -> {
                Map<Integer, Categories> own = columns.within(input, categories);
                return own.isEmpty() ? Kernel.NOTHING : new Mapping(decoder.width(input), own);
            });
        }
    }

    private void fill(double[][] fill) {
        if (!json.has("fill")) {
            return;
        }
        Members at = json.member("fill");
        pass(Step.FILL, input -> {
            boolean isFloat32 = inputs.get(input).dtype() == DataType.FLOAT32;
            if (isFloat32 && Arrays.stream(fill[input]).anyMatch(number -> Float.isInfinite((float) number))) {
                throw at.wrong("a number is out of the range of float32");
            }
            return floating(input, new Filling(at.pointer(), fill[input], columns.axis()));
        });
    }

    private void clip() {
        if (!json.has("clip")) {
            return;
        }
        Members at = json.member("clip");
        at.demand("bound", List.of("min", "max"));
        double[][] low = columns.numbers(at.member("min"), Double.NaN);
        double[][] high = columns.numbers(at.member("max"), Double.NaN);
        pass(Step.CLIP, input -> {
            int places = Math.max(low[input].length, high[input].length);
            double[] from = bounds(spread(at, low[input], places), Double.NEGATIVE_INFINITY);
            double[] to = bounds(spread(at, high[input], places), Double.POSITIVE_INFINITY);
            for (int i = 0; i < places; i++) {
                if (from[i] > to[i]) {
                    throw at.wrong("the min " + from[i] + " is above the max " + to[i]);
                }
            }
            return floating(input, new Clipping(at.pointer(), from, to, columns.axis()));
        });
    }

    /** Scale, mean or std say that there is normalizing, {@code "normalize": false} that there is none. */
    private void normalize() {
        boolean said = json.has("scale") || json.has("mean") || json.has("std");
        if (!json.member("normalize").flag(said)) {
            return;
        }
        Members at = json.has("mean") ? json.member("mean") : json.member(json.has("std") ? "std" : "scale");
        double[][] scale = columns.numbers(json.member("scale"), 1);
        double[][] mean = columns.numbers(json.member("mean"), 0);
        double[][] std = columns.numbers(json.member("std"), 1);
        for (int i = 0; i < inputs.size(); i++) {
            demandDivisors(json.member("scale"), scale[i]);
            demandDivisors(json.member("std"), std[i]);
        }
        pass(Step.NORMALIZE, input -> {
            int places = Math.max(scale[input].length, Math.max(mean[input].length, std[input].length));
            return floating(input, new Normalization(at.pointer(), spread(at, scale[input], places),
                    spread(at, mean[input], places), spread(at, std[input], places), columns.axis()));
        });
    }

    private static void demandDivisors(Members of, double[] divisors) {
        for (double divisor : divisors) {
            if (divisor == 0) {
                throw of.wrong("0 cannot be divided by");
            }
        }
    }

    private static double[] bounds(double[] found, double otherwise) {
        return Arrays.stream(found).map(bound -> Double.isNaN(bound) ? otherwise : bound).toArray();
    }

    /** As many numbers as there are places. */
    private static double[] spread(Members of, double[] numbers, int places) {
        if (numbers.length == places) {
            return numbers;
        }
        if (numbers.length != 1) {
            throw of.wrong("there are " + numbers.length + " values here and " + places + " beside them; expected one "
                    + "value, or as many");
        }
        double[] all = new double[places];
        Arrays.fill(all, numbers[0]);
        return all;
    }

    private Kernel floating(int input, Kernel kernel) {
        return inputs.get(input).dtype().isFloating() ? kernel : Kernel.NOTHING;
    }

    private void pass(Step step, IntFunction<Kernel> byInput) {
        if (step != Step.MAP && inputs.stream().noneMatch(input -> input.dtype().isFloating())) {
            throw json.wrong("this model has no floating-point input, and " + step.jsonName() + " is for those");
        }
        passes.add(new Preprocessing.Pass(step, IntStream.range(0, inputs.size()).mapToObj(byInput).toList()));
    }

    private Acceptance acceptance(int input, Map<Integer, Categories> categories, double[] fill) {
        Map<Integer, Vocabulary> words = new LinkedHashMap<>();
        Set<Integer> filled = new HashSet<>();
        for (int column = 0; fill.length > 1 && column < fill.length; column++) {
            if (!Double.isNaN(fill[column])) {
                filled.add(column);
            }
        }
        boolean everywhere = fill.length == 1 && !Double.isNaN(fill[0]);
        columns.within(input, categories).forEach((column, found) -> {
            boolean known = decoder.signature().missingAllowed() || everywhere || filled.contains(column);
            if (found.vocabulary().isOpen() && Double.isNaN(found.unknown()) && !known) {
                throw json.member("map").wrong("an unknown category becomes a missing value, which this model does not "
                        + "know; put a number in for it with fill");
            }
            words.put(column, found.vocabulary());
        });
        return new Acceptance(everywhere, filled, words);
    }
}
