package io.modelyard.runtime.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Tensors in and out of the library: one copy each way, of whole arrays. */
final class NativeTensors {
    private NativeTensors() {}

    /**
     * A tensor that the library can read. Its numbers lie in memory of {@code arena}, so it is to be closed before that.
     */
    static OnnxTensor give(OrtEnvironment environment, Arena arena, Tensor tensor) throws OrtException {
        return switch (tensor) {
            case Tensor.Floats t -> over(environment, t, arena.allocateFrom(ValueLayout.JAVA_FLOAT, t.values()));
            case Tensor.Doubles t -> over(environment, t, arena.allocateFrom(ValueLayout.JAVA_DOUBLE, t.values()));
            case Tensor.Bytes t -> over(environment, t, arena.allocateFrom(ValueLayout.JAVA_BYTE, t.values()));
            case Tensor.Shorts t -> over(environment, t, arena.allocateFrom(ValueLayout.JAVA_SHORT, t.values()));
            case Tensor.Ints t -> over(environment, t, arena.allocateFrom(ValueLayout.JAVA_INT, t.values()));
            case Tensor.Longs t -> over(environment, t, arena.allocateFrom(ValueLayout.JAVA_LONG, t.values()));
            case Tensor.Booleans t -> over(environment, t, bytes(arena, t.values()));
            case Tensor.Strings t -> TextTensors.give(environment, t.values(), t.shape().toArray());
        };
    }

    /** The values of a tensor of the library, in an array of their own, as a tensor of shape {@code shape}. */
    static Tensor take(OnnxTensor tensor, DataType type, Shape shape) {
        if (shape.elements() == 0) {
            return Tensor.of(type, shape, Tensor.newArray(type, 0));
        }
        // The buffers are copies that the library made on the heap, so their arrays are ours to keep.
        return switch (type) {
            case FLOAT32 -> new Tensor.Floats(shape, tensor.getFloatBuffer().array());
            case FLOAT64 -> new Tensor.Doubles(shape, tensor.getDoubleBuffer().array());
            case INT8, UINT8 -> new Tensor.Bytes(shape, tensor.getByteBuffer().array(), type);
            case INT16 -> new Tensor.Shorts(shape, tensor.getShortBuffer().array());
            case INT32 -> new Tensor.Ints(shape, tensor.getIntBuffer().array());
            case INT64 -> new Tensor.Longs(shape, tensor.getLongBuffer().array());
            case BOOL -> new Tensor.Booleans(shape, booleans(tensor.getByteBuffer().array()));
            case STRING -> new Tensor.Strings(shape, TextTensors.take(tensor, Math.toIntExact(shape.elements())));
        };
    }

    private static OnnxTensor over(OrtEnvironment environment, Tensor tensor, MemorySegment values)
            throws OrtException {
        return OnnxTensor.createTensor(environment, values.asByteBuffer().order(ByteOrder.nativeOrder()),
                tensor.shape().toArray(), type(tensor.dataType()));
    }

    private static OnnxJavaType type(DataType type) {
        return switch (type) {
            case FLOAT32 -> OnnxJavaType.FLOAT;
            case FLOAT64 -> OnnxJavaType.DOUBLE;
            case INT8 -> OnnxJavaType.INT8;
            case INT16 -> OnnxJavaType.INT16;
            case INT32 -> OnnxJavaType.INT32;
            case INT64 -> OnnxJavaType.INT64;
            case UINT8 -> OnnxJavaType.UINT8;
            case BOOL -> OnnxJavaType.BOOL;
            case STRING -> OnnxJavaType.STRING;
        };
    }

    private static MemorySegment bytes(SegmentAllocator arena, boolean[] values) {
        MemorySegment bytes = arena.allocate(values.length);
        for (int i = 0; i < values.length; i++) {
            bytes.set(ValueLayout.JAVA_BYTE, i, (byte) (values[i] ? 1 : 0));
        }
        return bytes;
    }

    private static boolean[] booleans(byte[] bytes) {
        boolean[] values = new boolean[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            values[i] = bytes[i] != 0;
        }
        return values;
    }
}
