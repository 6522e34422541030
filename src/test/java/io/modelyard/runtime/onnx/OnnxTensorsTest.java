package io.modelyard.runtime.onnx;

import static io.modelyard.runtime.onnx.ModelFolder.assertSame;
import static io.modelyard.runtime.onnx.ModelFolder.floats;
import static io.modelyard.runtime.onnx.ModelFolder.rows;
import static io.modelyard.runtime.onnx.ModelFolder.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.runtime.InferenceException;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What goes into a model and what comes out. */
final class OnnxTensorsTest {
    @TempDir
    Path folder;

    static Stream<Arguments> valuesOfEveryType() {
        return Stream.of(
                Arguments.of(OnnxModelBuilder.FLOAT, new Tensor.Floats(Shape.of(5),
                        new float[]{1.5f, -0f, Float.NaN, Float.MIN_VALUE, Float.NEGATIVE_INFINITY})),
                Arguments.of(OnnxModelBuilder.DOUBLE,
                        new Tensor.Doubles(Shape.of(3), new double[]{Math.PI, Double.NaN, Double.MIN_VALUE})),
                Arguments.of(OnnxModelBuilder.INT8,
                        new Tensor.Bytes(Shape.of(3), new byte[]{-128, 0, 127}, DataType.INT8)),
                Arguments.of(OnnxModelBuilder.UINT8,
                        new Tensor.Bytes(Shape.of(3), new byte[]{(byte) 255, 0, 127}, DataType.UINT8)),
                Arguments.of(OnnxModelBuilder.INT16,
                        new Tensor.Shorts(Shape.of(2), new short[]{Short.MIN_VALUE, Short.MAX_VALUE})),
                Arguments.of(OnnxModelBuilder.INT32,
                        new Tensor.Ints(Shape.of(2), new int[]{Integer.MIN_VALUE, Integer.MAX_VALUE})),
                Arguments.of(OnnxModelBuilder.INT64,
                        new Tensor.Longs(Shape.of(2), new long[]{Long.MIN_VALUE, Long.MAX_VALUE})),
                Arguments.of(OnnxModelBuilder.BOOL,
                        new Tensor.Booleans(Shape.of(3), new boolean[]{true, false, true})),
                Arguments.of(OnnxModelBuilder.STRING,
                        new Tensor.Strings(Shape.of(4), new String[]{"", "a b", "Grüße, 中文", "😀"})));
    }

    @ParameterizedTest
    @MethodSource("valuesOfEveryType")
    void valuesOfEveryTypeGoInAndOutUnchanged(int type, Tensor values) throws Exception {
        ModelFolder model = new ModelFolder(folder).with(TestOnnxModels.identity(type, -1));
        try (LoadedModel loaded = model.load()) {
            assertThat(loaded.signature().inputs().getFirst().dtype()).isEqualTo(values.dataType());
            assertThat(loaded.signature().outputs().getFirst().dtype()).isEqualTo(values.dataType());
        }
        assertSame(model.answer(values), values);
    }

    @ParameterizedTest
    @MethodSource("valuesOfEveryType")
    void noValuesGoInAndOut(int type, Tensor values) throws Exception {
        Tensor none = Tensor.of(values.dataType(), Shape.of(0, 3), Tensor.newArray(values.dataType(), 0));
        assertSame(new ModelFolder(folder).with(TestOnnxModels.identity(type, -1, 3)).answer(none), none);
    }

    @ParameterizedTest
    @MethodSource("valuesOfEveryType")
    void aSingleValueWithoutAnAxisGoesInAndOut(int type, Tensor values) throws Exception {
        Object first = Tensor.newArray(values.dataType(), 1);
        System.arraycopy(values.array(), 0, first, 0, 1);
        Tensor scalar = Tensor.of(values.dataType(), Shape.of(), first);
        assertSame(new ModelFolder(folder).with(TestOnnxModels.identity(type)).answer(scalar), scalar);
    }

    @ParameterizedTest
    @MethodSource("valuesOfEveryType")
    void axesKeepTheirOrder(int type, Tensor values) throws Exception {
        Object six = Tensor.newArray(values.dataType(), 6);
        System.arraycopy(values.array(), 0, six, 0, 2);
        System.arraycopy(values.array(), 0, six, 2, 2);
        System.arraycopy(values.array(), 0, six, 4, 2);
        Tensor cube = Tensor.of(values.dataType(), Shape.of(1, 3, 2), six);
        assertSame(new ModelFolder(folder).with(TestOnnxModels.identity(type, -1, -1, -1)).answer(cube), cube);
    }

    @Test
    void aModelOfNumbersAndTextsGetsBoth() throws Exception {
        List<Tensor> answers = new ModelFolder(folder).with(TestOnnxModels.numbersAndTexts())
                .answer(rows(1, 10, 10, 10), texts(1, "EUR", "USD", "?"));
        assertThat(floats(answers.getFirst())).containsExactly(10, 5, 0);
    }

    @Test
    void aModelOfFloatsAndIntegersGetsBoth() throws Exception {
        List<Tensor> answers = new ModelFolder(folder).with(TestOnnxModels.numbersAndCounts())
                .answer(rows(1, 1.5f, 2), new Tensor.Longs(Shape.of(2, 1), new long[]{2, 3}));
        assertThat(floats(answers.getFirst())).containsExactly(3, 6);
        assertThat(answers.getLast().array()).isEqualTo(new long[]{2, 3});
    }

    @Test
    void textsAreUtf8BothWays() throws Exception {
        // Emoji to number, and number to emoji: no character of the request meets the one of the answer.
        ModelFolder model = new ModelFolder(folder).with(OnnxModelBuilder.model()
                .input("face", OnnxModelBuilder.STRING, -1).output("mood", OnnxModelBuilder.INT64, -1)
                .output("word", OnnxModelBuilder.STRING, -1)
                .node(OnnxModelBuilder.ML, "LabelEncoder", List.of("face"), List.of("mood"),
                        OnnxModelBuilder.Attribute.texts("keys_strings", "😀", "é"),
                        OnnxModelBuilder.Attribute.integers("values_int64s", 1, 2))
                .node(OnnxModelBuilder.ML, "LabelEncoder", List.of("mood"), List.of("word"),
                        OnnxModelBuilder.Attribute.integers("keys_int64s", 1, 2),
                        OnnxModelBuilder.Attribute.texts("values_strings", "heiter 🌞🌞", "naïve")));
        List<Tensor> answers = model.answer(new Tensor.Strings(Shape.of(2), new String[]{"😀", "é"}));
        assertSame(answers, new Tensor.Longs(Shape.of(2), new long[]{1, 2}),
                new Tensor.Strings(Shape.of(2), new String[]{"heiter 🌞🌞", "naïve"}));
    }

    @Test
    void aTextThatCWouldCutOffIsRefused() {
        ModelFolder model = new ModelFolder(folder).with(TestOnnxModels.identity(OnnxModelBuilder.STRING, -1));
        assertThatThrownBy(() -> model.answer(new Tensor.Strings(Shape.of(1), new String[]{"a\0b"})))
                .isInstanceOf(InferenceException.class).hasMessageContaining("U+0000");
    }

    @Test
    void onlyTheOutputsAskedForAreGiven() throws Exception {
        try (LoadedModel model = new ModelFolder(folder).with(TestOnnxModels.sums(-1, 4)).load()) {
            List<Tensor> answers = model.run(List.of(rows(4, 1, 2, 3, 4)), List.of("doubled"));
            assertThat(answers).hasSize(1);
            assertThat(floats(answers.getFirst())).containsExactly(2, 4, 6, 8);
        }
    }

    @Test
    void anOutputMayBeAnInput() throws Exception {
        OnnxModelBuilder model = OnnxModelBuilder.model().input("x", OnnxModelBuilder.FLOAT, -1).output("x",
                OnnxModelBuilder.FLOAT, -1);
        Tensor.Floats values = new Tensor.Floats(Shape.of(2), new float[]{1, 2});
        assertThat(floats(new ModelFolder(folder).with(model).answer(values).getFirst())).containsExactly(1, 2);
    }

    @Test
    void theArrayOfAnInputIsNotWrittenTo() throws Exception {
        float[] values = {1, 2, 3, 4};
        new ModelFolder(folder).with(TestOnnxModels.sums(-1, 4)).answer(rows(4, values));
        assertThat(values).containsExactly(1, 2, 3, 4);
    }

    @Test
    void aRefusalOfTheLibraryIsSaidInOneLineWithoutItsSourceCode() throws Exception {
        ModelFolder model = new ModelFolder(folder).with(OnnxModelBuilder.model()
                .input("x", OnnxModelBuilder.FLOAT, -1).input("shape", OnnxModelBuilder.INT64, 2)
                .output("y", OnnxModelBuilder.FLOAT, -1, -1)
                .node("Reshape", List.of("x", "shape"), List.of("y")));
        assertThatThrownBy(() -> model.answer(new Tensor.Floats(Shape.of(3), new float[3]),
                new Tensor.Longs(Shape.of(2), new long[]{2, 2}))).isInstanceOf(InferenceException.class)
                .hasMessageContaining("cannot be reshaped to the requested shape. Input shape:{3}")
                .hasMessageNotContaining("\n").hasMessageNotContaining("onnxruntime_src")
                .hasMessageNotContaining("::").hasMessageNotContaining("Error code");
    }

    @Test
    void aTensorOfTheWrongWidthIsRefusedByName() {
        ModelFolder model = new ModelFolder(folder).with(TestOnnxModels.sums(-1, 4));
        assertThatThrownBy(() -> model.answer(rows(3, 1, 2, 3))).isInstanceOf(InferenceException.class)
                .hasMessageContaining("x").hasMessageContaining("Got: 3 Expected: 4");
    }
}
