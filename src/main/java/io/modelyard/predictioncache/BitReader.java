package io.modelyard.predictioncache;

import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Reads what a {@link BitWriter} wrote. Every method throws an {@link IllegalArgumentException} or
 * {@link IndexOutOfBoundsException} where the bytes are not that, and takes no more memory than the bytes justify. For one use by
 * one thread.
 */
public final class BitReader {
    private static final int MOST_AXES = 64;

    private final MemorySegment bytes;
    private long at;

    public BitReader(byte[] bytes) {
        this.bytes = MemorySegment.ofArray(bytes);
    }

    public byte readByte() {
        byte value = bytes.get(ValueLayout.JAVA_BYTE, at);
        at += 1;
        return value;
    }

    public int readInt() {
        int value = bytes.get(BitWriter.INT, at);
        at += Integer.BYTES;
        return value;
    }

    public long readLong() {
        long value = bytes.get(BitWriter.LONG, at);
        at += Long.BYTES;
        return value;
    }

    /** How many bytes are left. */
    public long left() {
        return bytes.byteSize() - at;
    }

    public Tensor readTensor() {
        DataType type = type(readByte());
        int rank = readInt();
        if (rank < 0 || rank > MOST_AXES) {
            throw new IllegalArgumentException(rank + " axes");
        }
        long[] dims = new long[rank];
        long elements = 1;
        for (int axis = 0; axis < rank; axis++) {
            dims[axis] = readLong();
            if (dims[axis] < 0) {
                throw new IllegalArgumentException("an axis of " + dims[axis]);
            }
            elements = Math.multiplyExact(elements, dims[axis]);
        }
        // The least that a value takes here, so that no array is made for values that are not there.
        long least = Math.multiplyExact(elements, type == DataType.STRING ? Integer.BYTES : width(type));
        if (least > left()) {
            throw new IllegalArgumentException(elements + " values in " + left() + " bytes");
        }
        return Tensor.of(type, Shape.of(dims), values(type, (int) elements));
    }

    private Object values(DataType type, int count) {
        Object values = Tensor.newArray(type, count);
        switch (type) {
            case FLOAT32 -> copy(values, count, BitWriter.FLOAT);
            case FLOAT64 -> copy(values, count, BitWriter.DOUBLE);
            case INT8, UINT8 -> copy(values, count, ValueLayout.JAVA_BYTE);
            case INT16 -> copy(values, count, BitWriter.SHORT);
            case INT32 -> copy(values, count, BitWriter.INT);
            case INT64 -> copy(values, count, BitWriter.LONG);
            case BOOL -> {
                for (int i = 0; i < count; i++) {
                    ((boolean[]) values)[i] = readBoolean();
                }
            }
            case STRING -> {
                for (int i = 0; i < count; i++) {
                    ((String[]) values)[i] = readText();
                }
            }
        }
        return values;
    }

    private boolean readBoolean() {
        byte value = readByte();
        if (value != 0 && value != 1) {
            throw new IllegalArgumentException("neither true nor false: " + value);
        }
        return value == 1;
    }

    private String readText() {
        int length = readInt();
        if (length < 0 || (long) length * Character.BYTES > left()) {
            throw new IllegalArgumentException("a text of " + length);
        }
        char[] units = new char[length];
        copy(units, length, BitWriter.CHAR);
        return new String(units);
    }

    private void copy(Object values, int count, ValueLayout layout) {
        MemorySegment.copy(bytes, layout, at, values, 0, count);
        at += count * layout.byteSize();
    }

    private static int width(DataType type) {
        return switch (type) {
            case INT8, UINT8, BOOL -> 1;
            case INT16 -> 2;
            case FLOAT32, INT32, STRING -> 4;
            case FLOAT64, INT64 -> 8;
        };
    }

    private static DataType type(byte code) {
        for (DataType type : DataType.values()) {
            if (BitWriter.code(type) == code) {
                return type;
            }
        }
        throw new IllegalArgumentException("no dtype " + code);
    }
}
