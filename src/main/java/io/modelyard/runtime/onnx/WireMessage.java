package io.modelyard.runtime.onnx;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * A cursor over the fields of one protobuf message in memory, in the order in which they were written
 * (<a href="https://protobuf.dev/programming-guides/encoding/">the wire format</a>). {@link #next()} goes to the next
 * field, {@link #tag()} says which it is, and one of the others reads its value. Not for use by several threads.
 *
 * <p>ONNX needs so little of protobuf here that a library would be more than the code: the graph is never copied, and a
 * file of gigabytes is skimmed by jumping from length to length.
 */
final class WireMessage {
    /** As deep as the official parsers go. */
    private static final int DEEPEST = 100;
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final MemorySegment bytes;
    private final int depth;
    private long position;
    private int tag;
    private long fieldStart;
    private long valueStart;
    private long varint;

    WireMessage(MemorySegment bytes) {
        this(bytes, 0);
    }

    private WireMessage(MemorySegment bytes, int depth) {
        this.bytes = bytes;
        this.depth = depth;
    }

    /**
     * Goes to the next field.
     *
     * @return false at the end
     * @throws MalformedProtobufException if what follows is no field, or goes beyond the end
     */
    boolean next() {
        if (position == bytes.byteSize()) {
            return false;
        }
        fieldStart = position;
        long key = readVarint();
        if (key >>> 3 == 0 || key >>> 32 != 0) {
            throw new MalformedProtobufException("there is no field number " + (key >>> 3));
        }
        tag = (int) key;
        valueStart = position;
        switch (tag & 7) {
            case VARINT -> varint = readVarint();
            case FIXED64 -> skip(Long.BYTES);
            case FIXED32 -> skip(Integer.BYTES);
            case BYTES -> {
                long length = readVarint();
                valueStart = position;
                skip(length);
            }
            default -> throw new MalformedProtobufException("there is no wire type " + (tag & 7));
        }
        return true;
    }

    /** Number and wire type of this field. */
    int tag() {
        return tag;
    }

    /** The value of a varint field. */
    long varint() {
        return varint;
    }

    /** The message in a bytes field. */
    WireMessage message() {
        if (depth == DEEPEST) {
            throw new MalformedProtobufException("messages are nested more than " + DEEPEST + " deep");
        }
        return new WireMessage(value(), depth + 1);
    }

    /** The text in a bytes field. */
    String text() {
        return new String(value().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    /** The integers of a packed repeated field. */
    void packed(LongConsumer each) {
        WireMessage values = new WireMessage(value());
        while (values.position < values.bytes.byteSize()) {
            each.accept(values.readVarint());
        }
    }

    /** This field as it stands in the file, key and length included. */
    MemorySegment field() {
        return bytes.asSlice(fieldStart, position - fieldStart);
    }

    private MemorySegment value() {
        return bytes.asSlice(valueStart, position - valueStart);
    }

    private void skip(long length) {
        if (length < 0 || length > bytes.byteSize() - position) {
            throw new MalformedProtobufException("a field goes beyond the end");
        }
        position += length;
    }

    private long readVarint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (position == bytes.byteSize()) {
                throw new MalformedProtobufException("a number goes beyond the end");
            }
            byte next = bytes.get(ValueLayout.JAVA_BYTE, position++);
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedProtobufException("a number is longer than ten bytes");
    }
}
