package io.modelyard.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.protobuf.ByteString;
import io.modelyard.runtime.InferenceException;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.runtime.ModelFiles;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.proto.DataType;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

final class TensorTypesTest {
    private static final TensorflowRuntime RUNTIME = new TensorflowRuntime(
            new TensorflowConfiguration(List.of(), 1, 0), Runnable::run);
    private static final Shape TWO = Shape.of(1, 2);

    @TempDir
    Path folder;

    static Stream<Arguments> types() {
        return Stream.of(
                Arguments.of(DataType.DT_FLOAT, "AddV2", new Tensor.Floats(TWO, new float[]{1.25f, -0.5f}),
                        new float[]{2.5f, -1f}),
                Arguments.of(DataType.DT_DOUBLE, "AddV2", new Tensor.Doubles(TWO, new double[]{1e300, -0.1}),
                        new double[]{2e300, -0.2}),
                Arguments.of(DataType.DT_INT8, "AddV2",
                        new Tensor.Bytes(TWO, new byte[]{-60, 3}, io.modelyard.tensor.DataType.INT8),
                        new byte[]{-120, 6}),
                Arguments.of(DataType.DT_UINT8, "AddV2",
                        new Tensor.Bytes(TWO, new byte[]{100, 3}, io.modelyard.tensor.DataType.UINT8),
                        new byte[]{(byte) 200, 6}),
                Arguments.of(DataType.DT_INT16, "AddV2", new Tensor.Shorts(TWO, new short[]{-15_000, 3}),
                        new short[]{-30_000, 6}),
                Arguments.of(DataType.DT_INT32, "AddV2", new Tensor.Ints(TWO, new int[]{-1_000_000_000, 3}),
                        new int[]{-2_000_000_000, 6}),
                Arguments.of(DataType.DT_INT64, "AddV2", new Tensor.Longs(TWO, new long[]{1L << 60, 3}),
                        new long[]{1L << 61, 6}),
                Arguments.of(DataType.DT_BOOL, "LogicalNot", new Tensor.Booleans(TWO, new boolean[]{true, false}),
                        new boolean[]{false, true}),
                Arguments.of(DataType.DT_STRING, "StringUpper", new Tensor.Strings(TWO, new String[]{"", "yes"}),
                        new String[]{"", "YES"}));
    }

    @ParameterizedTest
    @MethodSource("types")
    void takesAndGivesEveryType(DataType type, String operation, Tensor input, Object expected) throws Exception {
        int arguments = operation.equals("AddV2") ? 2 : 1;
        try (LoadedModel model = RUNTIME.load(TestSavedModels.ofType(folder, type, operation, arguments))) {
            assertThat(model.signature().inputs().getFirst().dtype()).isEqualTo(input.dataType());
            Tensor answer = model.run(List.of(input), List.of("y")).getFirst();
            assertThat(answer.dataType()).isEqualTo(input.dataType());
            assertThat(answer.shape()).isEqualTo(TWO);
            assertThat(answer.array()).isEqualTo(expected);
        }
    }

    @Test
    void carriesTextsOfAnyLengthAndLanguage() throws Exception {
        try (LoadedModel model = RUNTIME.load(TestSavedModels.greeting(folder))) {
            String[] names = {"", "Ada", "Ὑπατία", "👩‍🚀", "nul \0 inside", "x".repeat(100_000)};
            Tensor answer = greet(model, names);
            assertThat((String[]) answer.array())
                    .containsExactly(Arrays.stream(names).map(name -> "Hello, " + name).toArray(String[]::new));
        }
    }

    @Test
    void givesTheMemoryOfTextsBack() throws Throwable {
        try (LoadedModel model = RUNTIME.load(TestSavedModels.greeting(folder))) {
            String[] names = IntStream.range(0, 100).mapToObj(i -> "n".repeat(10_000)).toArray(String[]::new);
            for (int i = 0; i < 50; i++) {
                greet(model, names);
            }
            long before = nativeMegabytes();
            for (int i = 0; i < 600; i++) {
                greet(model, names);
            }
            // Each call holds 1 MB of texts going in and 1 MB coming out.
            assertThat(nativeMegabytes() - before).isLessThan(200);
        }
    }

    @Test
    void refusesHalfACharacter() throws Exception {
        try (LoadedModel model = RUNTIME.load(TestSavedModels.greeting(folder))) {
            assertThatThrownBy(() -> greet(model, "\ud83d")).isInstanceOf(InferenceException.class)
                    .hasMessageContaining("input 'name'").hasMessageContaining("surrogate");
        }
    }

    @Test
    void doesNotPassBytesOffAsText() throws Exception {
        try (LoadedModel model = RUNTIME.load(bytes(Map.of()))) {
            assertThatThrownBy(
                    () -> model.run(List.of(new Tensor.Strings(Shape.of(), new String[]{"a"})), List.of("y")))
                    .isInstanceOf(InferenceException.class).hasMessageContaining("output 'y'")
                    .hasMessageContaining("runtime_options.base64");
        }
    }

    @Test
    void givesBytesAsBase64WhereTheManifestSaysSo() throws Exception {
        try (LoadedModel model = RUNTIME.load(bytes(Map.of("base64", new TextNode("y"))))) {
            Tensor answer = model.run(List.of(new Tensor.Strings(Shape.of(), new String[]{"a"})), List.of("y"))
                    .getFirst();
            assertThat((String[]) answer.array()).containsExactly("/wBh");
        }
    }

    /** The bytes FF 00 before the input, which no UTF-8 text starts with. */
    private ModelFiles bytes(Map<String, JsonNode> options) {
        return TestSavedModels.empty().placeholder("x", DataType.DT_STRING)
                .constant("bytes", DataType.DT_STRING,
                        value -> value.addStringVal(ByteString.copyFrom(new byte[]{-1, 0})))
                .node("y", "StringJoin", Map.of("N", TestSavedModels.integer(2)), "bytes", "x")
                .signature("serving_default",
                        signature -> signature.putInputs("x", TestSavedModels.tensor("x:0", DataType.DT_STRING))
                                .putOutputs("y", TestSavedModels.tensor("y:0", DataType.DT_STRING)))
                .write(folder, options);
    }

    private static Tensor greet(LoadedModel model, String... names) {
        return model.run(List.of(new Tensor.Strings(Shape.of(names.length), names)), List.of("greeting")).getFirst();
    }

    /** What the C library's allocator has given out, to TensorFlow for the most part. */
    @SuppressWarnings("restricted") // Only the C library knows.
    private static long nativeMegabytes() throws Throwable {
        Linker linker = Linker.nativeLinker();
        MemorySegment mallinfo = linker.defaultLookup().find("mallinfo2").orElse(MemorySegment.NULL);
        assumeTrue(!mallinfo.equals(MemorySegment.NULL), "only glibc says how much it has given out");
        // Ten sizes, of which the fifth is mapped in pieces of their own and the eighth is in use.
        StructLayout sizes = MemoryLayout.structLayout(MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = (MemorySegment) linker.downcallHandle(mallinfo, FunctionDescriptor.of(sizes))
                    .invokeExact((SegmentAllocator) arena);
            return (answer.getAtIndex(ValueLayout.JAVA_LONG, 4) + answer.getAtIndex(ValueLayout.JAVA_LONG, 7))
                    / 1_048_576;
        }
    }
}
