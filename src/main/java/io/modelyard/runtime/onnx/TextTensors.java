package io.modelyard.runtime.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.modelyard.runtime.InferenceException;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Texts in and out of the library, by its C interface. Its Java interface takes them through JNI's own variant of UTF-8:
 * a character beyond the first 65,536, an emoji for example, goes in as six bytes that equal nothing in the model, and
 * comes out cut off. Here they are UTF-8 both ways, as with the library's other languages.
 *
 * <p>The interface is a table of functions that grows only at its end, so the places below hold for every version
 * (<a href="https://github.com/microsoft/onnxruntime/blob/main/include/onnxruntime/core/session/onnxruntime_c_api.h">
 * onnxruntime_c_api.h</a>, struct OrtApi).
 */
final class TextTensors {
    /** The version of the table that is asked for; what is used here was there from the first on. */
    private static final int TABLE_VERSION = 1;
    private static final int GET_ERROR_MESSAGE = 2;
    private static final int FILL_STRING_TENSOR = 52;
    private static final int GET_STRING_TENSOR_DATA_LENGTH = 53;
    private static final int GET_STRING_TENSOR_CONTENT = 54;
    private static final int RELEASE_STATUS = 93;

    private static final VarHandle HANDLE = handleOfATensor();
    private static final MemorySegment TABLE = table();
    private static final MethodHandle FILL = function(FILL_STRING_TENSOR, FunctionDescriptor.of(ValueLayout.ADDRESS,
            ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle LENGTH = function(GET_STRING_TENSOR_DATA_LENGTH,
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    private static final MethodHandle CONTENT = function(GET_STRING_TENSOR_CONTENT,
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle MESSAGE = function(GET_ERROR_MESSAGE,
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    private static final MethodHandle RELEASE = function(RELEASE_STATUS,
            FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

    private TextTensors() {}

    /** @throws InferenceException if a text holds the character U+0000, at which C would end it */
    static OnnxTensor give(OrtEnvironment environment, String[] values, long[] shape) throws OrtException {
        String[] empty = new String[values.length];
        Arrays.fill(empty, "");
        OnnxTensor tensor = OnnxTensor.createTensor(environment, empty, shape);
        try (Arena memory = Arena.ofConfined()) {
            fill(tensor, values, memory);
        } catch (InferenceException e) {
            tensor.close();
            throw e;
        }
        return tensor;
    }

    private static void fill(OnnxTensor tensor, String[] values, Arena memory) {
        MemorySegment texts = memory.allocate(ValueLayout.ADDRESS, values.length);
        for (int i = 0; i < values.length; i++) {
            if (values[i].indexOf('\0') >= 0) {
                throw new InferenceException("ONNX Runtime takes no text with the character U+0000 in it", null);
            }
            texts.setAtIndex(ValueLayout.ADDRESS, i, memory.allocateFrom(values[i]));
        }
        try {
            check((MemorySegment) FILL.invokeExact(handle(tensor), texts, (long) values.length));
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    /** The texts of a tensor of {@code count} of them, at least one. */
    static String[] take(OnnxTensor tensor, int count) {
        try (Arena memory = Arena.ofConfined()) {
            MemorySegment value = handle(tensor);
            MemorySegment size = memory.allocate(ValueLayout.JAVA_LONG);
            check((MemorySegment) LENGTH.invokeExact(value, size));
            long length = size.get(ValueLayout.JAVA_LONG, 0);
            MemorySegment content = memory.allocate(Math.max(length, 1));
            MemorySegment starts = memory.allocate(ValueLayout.JAVA_LONG, count);
            check((MemorySegment) CONTENT.invokeExact(value, content, length, starts, (long) count));
            return split(content.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE),
                    starts.toArray(ValueLayout.JAVA_LONG));
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    private static String[] split(byte[] content, long[] starts) {
        String[] texts = new String[starts.length];
        for (int i = 0; i < texts.length; i++) {
            int start = (int) starts[i];
            int end = i + 1 < texts.length ? (int) starts[i + 1] : content.length;
            texts[i] = new String(content, start, end - start, StandardCharsets.UTF_8);
        }
        return texts;
    }

    @SuppressWarnings("restricted") // reads memory of the library
    private static void check(MemorySegment status) throws Throwable {
        if (status.address() != 0) {
            MemorySegment message = (MemorySegment) MESSAGE.invokeExact(status);
            String text = message.reinterpret(Long.MAX_VALUE).getString(0);
            RELEASE.invokeExact(status);
            throw new InferenceException(text, null);
        }
    }

    /** What a function handle threw, which is declared to throw anything. */
    private static RuntimeException failure(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException known ? known : new IllegalStateException(e);
    }

    private static MemorySegment handle(OnnxTensor tensor) {
        return MemorySegment.ofAddress((long) HANDLE.get((OnnxTensorLike) tensor));
    }

    private static VarHandle handleOfATensor() {
        try {
            return MethodHandles.privateLookupIn(OnnxTensorLike.class, MethodHandles.lookup())
                    .findVarHandle(OnnxTensorLike.class, "nativeHandle", long.class);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a tensor of this ONNX Runtime has no native handle", e);
        }
    }

    @SuppressWarnings("restricted") // reads memory of the library
    private static MemorySegment table() {
        MemorySegment entry = SymbolLookup.loaderLookup().find("OrtGetApiBase")
                .orElseThrow(() -> new IllegalStateException("ONNX Runtime is not loaded"));
        try {
            MethodHandle base = Linker.nativeLinker().downcallHandle(entry,
                    FunctionDescriptor.of(ValueLayout.ADDRESS));
            MemorySegment getApi = ((MemorySegment) base.invokeExact()).reinterpret(ValueLayout.ADDRESS.byteSize())
                    .get(ValueLayout.ADDRESS, 0);
            MethodHandle get = Linker.nativeLinker().downcallHandle(getApi,
                    FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
            return ((MemorySegment) get.invokeExact(TABLE_VERSION))
                    .reinterpret((RELEASE_STATUS + 1) * ValueLayout.ADDRESS.byteSize());
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    @SuppressWarnings("restricted") // calls the library
    private static MethodHandle function(int place, FunctionDescriptor type) {
        return Linker.nativeLinker().downcallHandle(TABLE.getAtIndex(ValueLayout.ADDRESS, place), type);
    }
}
