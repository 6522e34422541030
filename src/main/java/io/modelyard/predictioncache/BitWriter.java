package io.modelyard.predictioncache;

import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;

/**
 * Writes tensors bit for bit: what is written is the same for two tensors only if dtype, shape and every bit of every value are.
 * NaNs keep their payloads, -0.0 is not 0.0, texts are their UTF-16 code units (UTF-8 has no bytes for half a surrogate pair).
 * All is little-endian and has its length before it, so no two different sequences of calls write the same bytes. For one use by
 * one thread.
 */
public final class BitWriter {
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfChar CHAR = ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] buffer;
    private final MemorySegment segment;
    private final Sink sink;
    private int end;

    private interface Sink {
        void take(byte[] bytes, int length);
    }

    /** @param size of the buffer; a multiple of 8 */
    private BitWriter(int size, Sink sink) {
        this.buffer = new byte[size];
        this.segment = MemorySegment.ofArray(buffer);
        this.sink = sink;
    }

    /** Into a hash. */
    static BitWriter into(MessageDigest hash) {
        return new BitWriter(1024, (bytes, length) -> hash.update(bytes, 0, length));
    }

    /** Into a stream of bytes in memory. */
    public static BitWriter into(ByteArrayOutputStream bytes) {
        return new BitWriter(8192, (chunk, length) -> bytes.write(chunk, 0, length));
    }

    public void write(byte value) {
        demand(1);
        buffer[end++] = value;
    }

    public void write(int value) {
        demand(Integer.BYTES);
        INTS.set(buffer, end, value);
        end += Integer.BYTES;
    }

    public void write(long value) {
        demand(Long.BYTES);
        LONGS.set(buffer, end, value);
        end += Long.BYTES;
    }

    public void write(String text) {
        write(text.length());
        for (int i = 0; i < text.length(); i++) {
            demand(Character.BYTES);
            char unit = text.charAt(i);
            buffer[end++] = (byte) unit;
            buffer[end++] = (byte) (unit >> 8);
        }
    }

    public void write(Tensor tensor) {
        write(code(tensor.dataType()));
        Shape shape = tensor.shape();
        write(shape.rank());
        for (int axis = 0; axis < shape.rank(); axis++) {
            write(shape.dim(axis));
        }
        switch (tensor) {
            case Tensor.Floats floats -> writeAll(floats.values(), floats.length(), FLOAT);
            case Tensor.Doubles doubles -> writeAll(doubles.values(), doubles.length(), DOUBLE);
            case Tensor.Bytes bytes -> writeAll(bytes.values(), bytes.length(), ValueLayout.JAVA_BYTE);
            case Tensor.Shorts shorts -> writeAll(shorts.values(), shorts.length(), SHORT);
            case Tensor.Ints ints -> writeAll(ints.values(), ints.length(), INT);
            case Tensor.Longs longs -> writeAll(longs.values(), longs.length(), LONG);
            case Tensor.Booleans booleans -> {
                for (boolean value : booleans.values()) {
                    write((byte) (value ? 1 : 0));
                }
            }
            case Tensor.Strings strings -> {
                for (String value : strings.values()) {
                    write(value);
                }
            }
        }
    }

    /** Hands on what is still in the buffer. */
    public void flush() {
        sink.take(buffer, end);
        end = 0;
    }

    private void writeAll(Object values, int count, ValueLayout layout) {
        int size = (int) layout.byteSize();
        for (int from = 0; from < count;) {
            demand(size);
            int next = Math.min(count - from, (buffer.length - end) / size);
            MemorySegment.copy(values, from, segment, layout, end, next);
            from += next;
            end += next * size;
        }
    }

    private void demand(int bytes) {
        if (buffer.length - end < bytes) {
            flush();
        }
    }

    /** What a dtype is called in bytes that outlive this process: never changed, never used again for another. */
    static byte code(DataType type) {
        return switch (type) {
            case FLOAT32 -> 1;
            case FLOAT64 -> 2;
            case INT8 -> 3;
            case INT16 -> 4;
            case INT32 -> 5;
            case INT64 -> 6;
            case UINT8 -> 7;
            case BOOL -> 8;
            case STRING -> 9;
        };
    }
}
