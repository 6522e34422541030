package io.modelyard.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;

final class OutputEncoderTest {
    private static final List<String> BIRDS = List.of("Adelie", "Chinstrap", "Gentoo");
    private static final List<String> TWO = List.of("no", "yes");

    // ---- Without labels ----

    @Test
    void oneValueARowIsANumber() {
        assertThat(plain(Shape.of(-1), floats(Shape.of(2), 1.5f, -0f))).isEqualTo("[1.5,-0.0]");
        assertThat(plain(Shape.of(-1, 1), floats(Shape.of(2, 1), 1, 2))).isEqualTo("[1.0,2.0]");
        assertThat(plain(Shape.of(1, 1), floats(Shape.of(1, 1), 1))).isEqualTo("[1.0]");
        assertThat(plain(Shape.of(), floats(Shape.of(1), 1))).isEqualTo("[1.0]");
    }

    @Test
    void aVectorIsAnArrayEvenWhereItHappensToHaveOneValue() {
        assertThat(plain(Shape.of(-1, 2), floats(Shape.of(2, 2), 1, 2, 3, 4))).isEqualTo("[[1.0,2.0],[3.0,4.0]]");
        assertThat(plain(Shape.of(-1, -1), floats(Shape.of(2, 1), 1, 2))).isEqualTo("[[1.0],[2.0]]");
        assertThat(plain(Shape.of(-1, 1, 1), floats(Shape.of(1, 1, 1), 1))).isEqualTo("[[[1.0]]]");
    }

    @Test
    void axesAreNested() {
        assertThat(
                plain(Shape.of(-1, 2, 1, 2), new Tensor.Ints(Shape.of(2, 2, 1, 2), new int[]{1, 2, 3, 4, 5, 6, 7, 8})))
                .isEqualTo("[[[[1,2]],[[3,4]]],[[[5,6]],[[7,8]]]]");
    }

    @Test
    void axesWithoutValuesAreEmptyArrays() {
        assertThat(plain(Shape.of(-1, 0), floats(Shape.of(2, 0)))).isEqualTo("[[],[]]");
        assertThat(plain(Shape.of(-1, 0, 3), floats(Shape.of(1, 0, 3)))).isEqualTo("[[]]");
        assertThat(plain(Shape.of(-1, 2, 0), floats(Shape.of(1, 2, 0)))).isEqualTo("[[[],[]]]");
        assertThat(labelled(TWO, floats(Shape.of(1, 0)))).isEqualTo("[[]]");
        assertThat(plain(Shape.of(-1, 2), floats(Shape.of(0, 2)))).isEqualTo("[]");
    }

    @Test
    void everyTypeHasItsJson() {
        byte[] bytes = {-1, 127, -128};
        assertThat(plain(Shape.of(-1), new Tensor.Bytes(Shape.of(3), bytes, DataType.INT8))).isEqualTo("[-1,127,-128]");
        assertThat(plain(Shape.of(-1), new Tensor.Bytes(Shape.of(3), bytes, DataType.UINT8)))
                .isEqualTo("[255,127,128]");
        assertThat(plain(Shape.of(-1), new Tensor.Shorts(Shape.of(1), new short[]{-2}))).isEqualTo("[-2]");
        assertThat(plain(Shape.of(-1), new Tensor.Longs(Shape.of(1), new long[]{Long.MIN_VALUE})))
                .isEqualTo("[-9223372036854775808]");
        assertThat(plain(Shape.of(-1), new Tensor.Doubles(Shape.of(1), new double[]{0.1}))).isEqualTo("[0.1]");
        assertThat(plain(Shape.of(-1), new Tensor.Booleans(Shape.of(2), new boolean[]{true, false})))
                .isEqualTo("[true,false]");
        assertThat(plain(Shape.of(-1), new Tensor.Strings(Shape.of(1), new String[]{"a\"é"})))
                .isEqualTo("[\"a\\\"é\"]");
    }

    @Property(seed = "2611", tries = 2000)
    void floatsReadBackAsTheSameBits(@ForAll int bits) {
        float value = Float.intBitsToFloat(bits);
        String text = plain(Shape.of(-1, 1), floats(Shape.of(1, 1), value));
        if (Float.isFinite(value)) {
            String number = text.substring(1, text.length() - 1);
            assertThat(Float.floatToRawIntBits(Float.parseFloat(number))).isEqualTo(bits);
            assertThat(Float.floatToRawIntBits((float) Double.parseDouble(number))).isEqualTo(bits);
        } else {
            assertThat(text).isEqualTo("[null]");
        }
    }

    @Property(seed = "2611", tries = 1000)
    void doublesReadBackAsTheSameBits(@ForAll long bits) {
        double value = Double.longBitsToDouble(bits);
        String text = plain(Shape.of(-1), new Tensor.Doubles(Shape.of(1), new double[]{value}));
        if (Double.isFinite(value)) {
            assertThat(Double.doubleToRawLongBits(Double.parseDouble(text.substring(1, text.length() - 1))))
                    .isEqualTo(bits);
        } else {
            assertThat(text).isEqualTo("[null]");
        }
    }

    @Test
    void severalOutputsAreAnObjectByName() {
        List<TensorSpec> specs = List.of(TensorSpec.of("score", DataType.FLOAT32, Shape.of(-1)),
                TensorSpec.of("class", DataType.FLOAT32, Shape.of(-1, 2)).withLabels(TWO));
        List<Tensor> outputs = List.of(floats(Shape.of(2), 1, 2), floats(Shape.of(2, 2), 0.25f, 0.75f, 1, 0));
        assertThat(encode(specs, outputs, 2, true).json)
                .isEqualTo(
                        "[{\"score\":1.0,\"class\":{\"label\":\"yes\",\"confidence\":0.75,\"probabilities\":[0.25,0.75]}},"
                                + "{\"score\":2.0,\"class\":{\"label\":\"no\",\"confidence\":1.0,\"probabilities\":[1.0,0.0]}}]");
    }

    // ---- NaN and infinities ----

    @Test
    void whatIsNotFiniteIsNullAndCounted() {
        float nan = Float.NaN;
        float infinity = Float.POSITIVE_INFINITY;
        Encoded encoded = encode(Shape.of(-1, 3), List.of(), floats(Shape.of(2, 3), 1, nan, infinity, -infinity, 2, 3));
        assertThat(encoded.json).isEqualTo("[[1.0,null,null],[null,2.0,3.0]]");
        assertThat(encoded.notFinite).isEqualTo(3);
        assertThat(encode(Shape.of(-1), List.of(), new Tensor.Doubles(Shape.of(1), new double[]{Double.NaN})).notFinite)
                .isEqualTo(1);
    }

    @Test
    void aProbabilityThatIsNaNIsNeverTheBestAndCountsOnce() {
        float nan = Float.NaN;
        Encoded some = encode(Shape.of(-1, 3), BIRDS, floats(Shape.of(1, 3), nan, 0.25f, 0.75f));
        assertThat(some.json)
                .isEqualTo("[{\"label\":\"Gentoo\",\"confidence\":0.75,\"probabilities\":[null,0.25,0.75]}]");
        assertThat(some.notFinite).isEqualTo(1);
        Encoded all = encode(Shape.of(-1, 3), BIRDS, floats(Shape.of(1, 3), nan, nan, nan));
        assertThat(all.json).isEqualTo("[{\"label\":null,\"confidence\":null,\"probabilities\":[null,null,null]}]");
        assertThat(all.notFinite).isEqualTo(3);
        Encoded one = encode(Shape.of(-1, 1), TWO, floats(Shape.of(1, 1), nan));
        assertThat(one.json).isEqualTo("[{\"label\":null,\"confidence\":null,\"probabilities\":[null,null]}]");
        assertThat(one.notFinite).isEqualTo(1);
        assertThat(labelled(BIRDS, floats(Shape.of(1, 1), nan))).isEqualTo("[null]");
    }

    // ---- Labels ----

    @Test
    void asManyProbabilitiesAsLabelsNameTheGreatest() {
        assertThat(labelled(BIRDS, floats(Shape.of(1, 3), 0.97f, 0.02f, 0.01f)))
                .isEqualTo("[{\"label\":\"Adelie\",\"confidence\":0.97,\"probabilities\":[0.97,0.02,0.01]}]");
        assertThat(labelled(BIRDS, new Tensor.Doubles(Shape.of(1, 3), new double[]{0.1, 0.2, 0.7})))
                .isEqualTo("[{\"label\":\"Gentoo\",\"confidence\":0.7,\"probabilities\":[0.1,0.2,0.7]}]");
    }

    @Test
    void theFirstOfEquallyGreatProbabilitiesIsNamed() {
        assertThat(labelled(BIRDS, floats(Shape.of(1, 3), 0.2f, 0.4f, 0.4f))).contains("\"label\":\"Chinstrap\"");
        assertThat(labelled(TWO, floats(Shape.of(1, 1), 0.5f))).contains("\"label\":\"no\"");
    }

    @Test
    void twoLabelsOverOneValueAreThatProbabilityAndItsComplement() {
        assertThat(labelled(TWO, floats(Shape.of(2, 1), 0.75f, 0.1f)))
                .isEqualTo("[{\"label\":\"yes\",\"confidence\":0.75,\"probabilities\":[0.25,0.75]},"
                        + "{\"label\":\"no\",\"confidence\":0.9,\"probabilities\":[0.9,0.1]}]");
        assertThat(labelled(TWO, new Tensor.Doubles(Shape.of(1), new double[]{0.25})))
                .isEqualTo("[{\"label\":\"no\",\"confidence\":0.75,\"probabilities\":[0.75,0.25]}]");
    }

    @Property(seed = "2611", tries = 1000)
    void theComplementIsThatOfTheOutputsType(@ForAll @FloatRange(min = 0, max = 1) float p) {
        assertThat(labelled(TWO, floats(Shape.of(1), p))).contains("\"probabilities\":[%s,%s]".formatted(1f - p, p));
        double q = p / 3.0;
        assertThat(labelled(TWO, new Tensor.Doubles(Shape.of(1), new double[]{q})))
                .contains("\"probabilities\":[%s,%s]".formatted(1 - q, q));
    }

    @Test
    void aClassIsNamedByItsNumberOrItsName() {
        assertThat(labelled(BIRDS, new Tensor.Longs(Shape.of(2), new long[]{2, 0})))
                .isEqualTo("[{\"label\":\"Gentoo\"},{\"label\":\"Adelie\"}]");
        assertThat(labelled(BIRDS, floats(Shape.of(1, 1), 1))).isEqualTo("[{\"label\":\"Chinstrap\"}]");
        assertThat(labelled(TWO, new Tensor.Booleans(Shape.of(1), new boolean[]{true})))
                .isEqualTo("[{\"label\":\"yes\"}]");
        assertThat(labelled(TWO, new Tensor.Strings(Shape.of(1), new String[]{"no"})))
                .isEqualTo("[{\"label\":\"no\"}]");
    }

    @Test
    void aValueThatIsNoClassIsWrittenAsItIs() {
        assertThat(labelled(BIRDS, new Tensor.Longs(Shape.of(3), new long[]{3, -1, Long.MIN_VALUE})))
                .isEqualTo("[3,-1,-9223372036854775808]");
        assertThat(labelled(BIRDS, floats(Shape.of(2), 0.5f, -1))).isEqualTo("[0.5,-1.0]");
        assertThat(labelled(TWO, new Tensor.Strings(Shape.of(1), new String[]{"maybe"}))).isEqualTo("[\"maybe\"]");
        List<String> many = IntStream.range(0, 300).mapToObj(i -> "c" + i).toList();
        byte[] minusOne = {-1};
        assertThat(labelled(many, new Tensor.Bytes(Shape.of(1), minusOne, DataType.INT8))).isEqualTo("[-1]");
        assertThat(labelled(many, new Tensor.Bytes(Shape.of(1), minusOne, DataType.UINT8)))
                .isEqualTo("[{\"label\":\"c255\"}]");
    }

    @Test
    void labelsThatDoNotFitAreLeftOut() {
        assertThat(labelled(BIRDS, floats(Shape.of(1, 2), 1, 2))).isEqualTo("[[1.0,2.0]]");
        assertThat(labelled(BIRDS, new Tensor.Ints(Shape.of(1, 3), new int[]{1, 0, 1}))).isEqualTo("[[1,0,1]]");
    }

    @Test
    void labelsAreLeftOutOnRequest() {
        TensorSpec spec = TensorSpec.of("y", DataType.FLOAT32, Shape.of(-1, 3)).withLabels(BIRDS);
        assertThat(encode(List.of(spec), List.of(floats(Shape.of(1, 3), 1, 0, 0)), 1, false).json)
                .isEqualTo("[[1.0,0.0,0.0]]");
    }

    // ---- What it takes ----

    private record Encoded(String json, int notFinite) {}

    private static Tensor floats(Shape shape, float... values) {
        return new Tensor.Floats(shape, values);
    }

    private static String plain(Shape told, Tensor output) {
        return encode(told, List.of(), output).json;
    }

    private static String labelled(List<String> labels, Tensor output) {
        Shape told = output.shape().rank() == 1 ? Shape.of(-1) : Shape.of(-1, output.shape().dim(1));
        return encode(told, labels, output).json;
    }

    private static Encoded encode(Shape told, List<String> labels, Tensor output) {
        TensorSpec spec = TensorSpec.of("y", output.dataType(), told).withLabels(labels);
        return encode(List.of(spec), List.of(output), (int) output.shape().dim(0), true);
    }

    private static Encoded encode(List<TensorSpec> specs, List<Tensor> outputs, int rows, boolean labels) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            OutputEncoder encoder = new OutputEncoder(json);
            encoder.writeRows(ToldOutput.plain(specs, outputs, labels), rows);
            json.flush();
            return new Encoded(text.toString(), encoder.notFinite());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
