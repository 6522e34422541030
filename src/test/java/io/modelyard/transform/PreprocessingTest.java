package io.modelyard.transform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Feature;
import io.modelyard.tensor.InputDecoder;
import io.modelyard.tensor.InputRows;
import io.modelyard.tensor.InvalidInputException;
import io.modelyard.tensor.JsonReader;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.Tensor;
import io.modelyard.tensor.TensorSpec;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

final class PreprocessingTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final InputDecoder TABLE = decoder(spec("x", DataType.FLOAT32, "a", "b", "c"));

    // ---- Laws ----

    @Property(seed = "2611", tries = 300)
    void normalizingIsUndone(@ForAll @DoubleRange(min = 0.01, max = 300) double scale,
            @ForAll @DoubleRange(min = -100, max = 100) double mean,
            @ForAll @DoubleRange(min = 0.01, max = 100) double std,
            @ForAll @DoubleRange(min = -1e4, max = 1e4) double x) {
        double[] values = {x, x, x};
        apply(decoder(spec("x", DataType.FLOAT64, "a", "b", "c")),
                "{\"scale\": %s, \"mean\": %s, \"std\": %s}".formatted(scale, mean, std),
                new Tensor.Doubles(Shape.of(1, 3), values));
        assertThat((values[0] * std + mean) * scale).isEqualTo(x, within(1e-8 * (1 + Math.abs(x)) + scale * 1e-10));
        assertThat(values[0]).isEqualTo((x / scale - mean) / std);
    }

    @Property(seed = "2611", tries = 300)
    void float32IsTheNearestToWhatDoublesGive(@ForAll Random random, @ForAll @IntRange(min = 1, max = 40) int rows) {
        float[] values = new float[3 * rows];
        for (int i = 0; i < values.length; i++) {
            values[i] = (random.nextFloat() - 0.5f) * 1000;
        }
        float[] before = values.clone();
        apply(TABLE, "{\"scale\": 255, \"mean\": [0.485, 0.456, 0.406], \"std\": [0.229, 0.224, 0.225]}",
                new Tensor.Floats(Shape.of(rows, 3), values));
        double[] mean = {0.485, 0.456, 0.406};
        double[] std = {0.229, 0.224, 0.225};
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).isEqualTo((float) ((before[i] / 255.0 - mean[i % 3]) / std[i % 3]));
        }
    }

    @Property(seed = "2611", tries = 300)
    void clippingIsIdempotentAndBounded(@ForAll float x, @ForAll @DoubleRange(min = -1e3, max = 0) double min,
            @ForAll @DoubleRange(min = 0, max = 1e3) double max) {
        float[] values = {x, -x, 0};
        String clip = "{\"clip\": {\"min\": %s, \"max\": %s}}".formatted(min, max);
        apply(TABLE, clip, new Tensor.Floats(Shape.of(1, 3), values));
        float[] once = values.clone();
        for (float value : once) {
            assertThat(Float.isNaN(value) || (value >= (float) min && value <= (float) max)).isTrue();
        }
        apply(TABLE, clip, new Tensor.Floats(Shape.of(1, 3), values));
        assertThat(values).containsExactly(once);
    }

    @Property(seed = "2611", tries = 200)
    void aChannelIsTreatedAlikeWhereverItsAxisIs(@ForAll Random random, @ForAll @IntRange(min = 1, max = 3) int rows) {
        int[] dims = {3, 4, 5};
        InputDecoder image = decoder(TensorSpec.of("x", DataType.FLOAT32, Shape.of(-1, 3, 4, 5)));
        for (int axis = 1; axis <= 3; axis++) {
            int places = dims[axis - 1];
            double[] mean = random.doubles(places).toArray();
            float[] values = new float[rows * 60];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextFloat();
            }
            float[] before = values.clone();
            apply(image, "{\"mean\": %s, \"axis\": %d}".formatted(Arrays.toString(mean), axis),
                    new Tensor.Floats(Shape.of(rows, 3, 4, 5), values));
            int inner = axis == 1 ? 20 : axis == 2 ? 5 : 1;
            for (int i = 0; i < values.length; i++) {
                assertThat(values[i]).isEqualTo((float) (before[i] - mean[i / inner % places]));
            }
        }
    }

    // ---- Several inputs, other types ----

    @Test
    void anArrayStandsForTheFeaturesOfAllInputsInTheirOrder() {
        InputDecoder two = decoder(spec("age", DataType.FLOAT32, "age"), spec("x", DataType.FLOAT64, "b", "c"));
        InputRows rows = preprocessed(two, "{\"mean\": [1, 2, 3]}", "[[10, 20, 30]]");
        assertThat(((Tensor.Floats) rows.tensors().getFirst()).values()).containsExactly(9);
        assertThat(((Tensor.Doubles) rows.tensors().getLast()).values()).containsExactly(18, 27);
        assertThat(((Tensor.Doubles) preprocessed(two, "{\"mean\": {\"c\": 3}}", "[[10, 20, 30]]").tensors().getLast())
                .values()).containsExactly(20, 27);
    }

    @Test
    void integersAreLeftAsTheyAre() {
        InputDecoder mixed = decoder(spec("n", DataType.INT32, "n"), spec("x", DataType.FLOAT32, "x"));
        InputRows rows = preprocessed(mixed, "{\"scale\": 2}", "[[3, 3]]");
        assertThat(((Tensor.Ints) rows.tensors().getFirst()).values()).containsExactly(3);
        assertThat(((Tensor.Floats) rows.tensors().getLast()).values()).containsExactly(1.5f);
        assertThatThrownBy(() -> parse(mixed, "{\"mean\": {\"n\": 1}}")).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("/preprocessing/mean/n: this feature is int32");
    }

    @Test
    void wordsAreMappedInEveryTypeThatCounts() {
        for (DataType dtype : List.of(DataType.FLOAT32, DataType.FLOAT64, DataType.INT32, DataType.INT64)) {
            InputDecoder decoder = decoder(spec("x", dtype, "a", "b"));
            InputRows rows = preprocessed(decoder,
                    "{\"map\": {\"b\": {\"categories\": {\"low\": 5, \"h\\u00f6her\": 7}, \"unknown\": -9}}}",
                    "[{\"a\": 1, \"b\": \"h\\u00f6her\"}, {\"a\": 2, \"b\": \"\"}, [3, \"low\"]]");
            assertThat(numbers(rows.tensors().getFirst())).containsExactly(1.0, 7.0, 2.0, -9.0, 3.0, 5.0);
        }
        assertThatThrownBy(() -> parse(decoder(spec("x", DataType.UINT8, "a")),
                "{\"map\": {\"a\": {\"categories\": [\"q\"]}}}")).hasMessageContaining("this feature is uint8");
        assertThatThrownBy(() -> parse(decoder(spec("x", DataType.INT32, "a")),
                "{\"map\": {\"a\": {\"categories\": {\"q\": 0.5}}}}")).hasMessageContaining("does not fit");
    }

    @Test
    void withoutStepsNothingIsTouched() {
        Preprocessing none = parse(TABLE, "{}");
        assertThat(none.decoder()).isSameAs(TABLE);
        assertThat(none.steps()).isEmpty();
        assertThat(parse(TABLE, "{\"normalize\": false, \"mean\": 1}").steps()).isEmpty();
    }

    // ---- What it takes ----

    private static TensorSpec spec(String name, DataType dtype, String... features) {
        return TensorSpec.of(name, dtype, Shape.of(-1, features.length))
                .withFeatures(Stream.of(features).map(Feature::named).toList());
    }

    private static InputDecoder decoder(TensorSpec... inputs) {
        return new InputDecoder(new Signature(List.of(inputs), List.of(), false));
    }

    private static Preprocessing parse(InputDecoder decoder, String json) {
        try {
            return Transforms.of(decoder, JSON.readTree(json), null).preprocessing();
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }

    private static void apply(InputDecoder decoder, String json, Tensor tensor) {
        parse(decoder, json).apply(new InputRows(List.of(tensor), (int) tensor.shape().dim(0)), new StepTimes());
    }

    private static InputRows preprocessed(InputDecoder decoder, String json, String inputs) {
        Preprocessing steps = parse(decoder, json);
        return steps.apply(steps.decoder().decode(new JsonReader(inputs.getBytes(UTF_8)), "/inputs", 100),
                new StepTimes());
    }

    private static List<Double> numbers(Tensor tensor) {
        return switch (tensor) {
            case Tensor.Floats floats -> {
                double[] values = new double[floats.length()];
                Arrays.setAll(values, i -> floats.values()[i]);
                yield Arrays.stream(values).boxed().toList();
            }
            case Tensor.Doubles doubles -> Arrays.stream(doubles.values()).boxed().toList();
            case Tensor.Ints ints -> Arrays.stream(ints.values()).asDoubleStream().boxed().toList();
            case Tensor.Longs longs -> Arrays.stream(longs.values()).asDoubleStream().boxed().toList();
            default -> throw new IllegalArgumentException(tensor.toString());
        };
    }
}
