package io.modelyard.runtime.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_AllocateTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_Dim;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NumDims;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TensorData;

import io.modelyard.runtime.InferenceException;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import org.tensorflow.internal.c_api.TF_Tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * Tensors in Java's memory ⇄ tensors in TensorFlow's: one copy of the whole array, no value of its own. Whoever gets a
 * {@link TF_Tensor} from here must delete it.
 */
final class NativeTensors {
    private NativeTensors() {}

    /** The type of TensorFlow, without the mark of a reference to a variable, if it can stand in requests. */
    static Optional<DataType> dataType(org.tensorflow.proto.DataType type) {
        return Optional.ofNullable(switch (type) {
            case DT_FLOAT -> DataType.FLOAT32;
            case DT_DOUBLE -> DataType.FLOAT64;
            case DT_INT8 -> DataType.INT8;
            case DT_INT16 -> DataType.INT16;
            case DT_INT32 -> DataType.INT32;
            case DT_INT64 -> DataType.INT64;
            case DT_UINT8 -> DataType.UINT8;
            case DT_BOOL -> DataType.BOOL;
            case DT_STRING -> DataType.STRING;
            default -> null;
        });
    }

    static TF_Tensor copyIn(Tensor tensor) {
        return switch (tensor) {
            case Tensor.Floats floats -> copyIn(tensor, MemorySegment.ofArray(floats.values()));
            case Tensor.Doubles doubles -> copyIn(tensor, MemorySegment.ofArray(doubles.values()));
            case Tensor.Bytes bytes -> copyIn(tensor, MemorySegment.ofArray(bytes.values()));
            case Tensor.Shorts shorts -> copyIn(tensor, MemorySegment.ofArray(shorts.values()));
            case Tensor.Ints ints -> copyIn(tensor, MemorySegment.ofArray(ints.values()));
            case Tensor.Longs longs -> copyIn(tensor, MemorySegment.ofArray(longs.values()));
            case Tensor.Booleans booleans -> copyIn(tensor, MemorySegment.ofArray(asBytes(booleans.values())));
            case Tensor.Strings strings -> throw new IllegalArgumentException("strings go through NativeStrings");
        };
    }

    /** @param output its name, for messages */
    static Tensor copyOut(TF_Tensor handle, DataType type, String output) {
        Shape shape = shape(handle);
        long elements = shape.elements();
        if (elements > Integer.MAX_VALUE - 8) {
            throw new InferenceException("output '" + output + "' has " + elements
                    + " values, more than an answer can carry; send fewer rows", null);
        }
        int length = (int) elements;
        MemorySegment source = segment(handle, length * (long) bytes(type));
        return switch (type) {
            case BOOL -> {
                byte[] bytes = new byte[length];
                MemorySegment.copy(source, ValueLayout.JAVA_BYTE, 0, bytes, 0, length);
                yield new Tensor.Booleans(shape, asBooleans(bytes));
            }
            case STRING -> throw new IllegalArgumentException("strings go through NativeStrings");
            case FLOAT32, FLOAT64, INT8, INT16, INT32, INT64, UINT8 -> {
                Object array = Tensor.newArray(type, length);
                MemorySegment.copy(source, 0, segmentOf(array), 0, source.byteSize());
                yield Tensor.of(type, shape, array);
            }
        };
    }

    static Shape shape(TF_Tensor handle) {
        long[] dims = new long[TF_NumDims(handle)];
        for (int axis = 0; axis < dims.length; axis++) {
            dims[axis] = TF_Dim(handle, axis);
        }
        return Shape.of(dims);
    }

    static int number(DataType type) {
        return switch (type) {
            case FLOAT32 -> org.tensorflow.proto.DataType.DT_FLOAT_VALUE;
            case FLOAT64 -> org.tensorflow.proto.DataType.DT_DOUBLE_VALUE;
            case INT8 -> org.tensorflow.proto.DataType.DT_INT8_VALUE;
            case INT16 -> org.tensorflow.proto.DataType.DT_INT16_VALUE;
            case INT32 -> org.tensorflow.proto.DataType.DT_INT32_VALUE;
            case INT64 -> org.tensorflow.proto.DataType.DT_INT64_VALUE;
            case UINT8 -> org.tensorflow.proto.DataType.DT_UINT8_VALUE;
            case BOOL -> org.tensorflow.proto.DataType.DT_BOOL_VALUE;
            case STRING -> org.tensorflow.proto.DataType.DT_STRING_VALUE;
        };
    }

    private static TF_Tensor copyIn(Tensor tensor, MemorySegment values) {
        long[] dims = tensor.shape().toArray();
        TF_Tensor handle = TF_AllocateTensor(number(tensor.dataType()), dims, dims.length, values.byteSize());
        if (handle == null || handle.isNull()) {
            throw new InferenceException("TensorFlow has no memory for an input of " + values.byteSize() + " bytes",
                    null);
        }
        MemorySegment.copy(values, 0, segment(handle, values.byteSize()), 0, values.byteSize());
        return handle;
    }

    @SuppressWarnings("restricted") // The bounds are those that TensorFlow allocated.
    private static MemorySegment segment(TF_Tensor handle, long bytes) {
        // A tensor without values may have no memory.
        return bytes == 0 ? MemorySegment.NULL
                : MemorySegment.ofAddress(TF_TensorData(handle).address()).reinterpret(bytes);
    }

    private static MemorySegment segmentOf(Object array) {
        return switch (array) {
            case float[] floats -> MemorySegment.ofArray(floats);
            case double[] doubles -> MemorySegment.ofArray(doubles);
            case byte[] bytes -> MemorySegment.ofArray(bytes);
            case short[] shorts -> MemorySegment.ofArray(shorts);
            case int[] ints -> MemorySegment.ofArray(ints);
            case long[] longs -> MemorySegment.ofArray(longs);
            default -> throw new IllegalArgumentException(array.getClass() + " is no array of numbers");
        };
    }

    private static int bytes(DataType type) {
        return switch (type) {
            case FLOAT64, INT64 -> Double.BYTES;
            case FLOAT32, INT32 -> Float.BYTES;
            case INT16 -> Short.BYTES;
            case INT8, UINT8, BOOL -> 1;
            case STRING -> 0;
        };
    }

    private static byte[] asBytes(boolean[] values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) (values[i] ? 1 : 0);
        }
        return bytes;
    }

    private static boolean[] asBooleans(byte[] bytes) {
        boolean[] values = new boolean[bytes.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes[i] != 0;
        }
        return values;
    }
}
