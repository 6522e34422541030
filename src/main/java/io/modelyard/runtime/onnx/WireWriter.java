package io.modelyard.runtime.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the fields of one protobuf message; tags as in {@link WireMessage#tag()}. */
final class WireWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    WireWriter integer(int tag, long value) {
        varint(tag);
        varint(value);
        return this;
    }

    WireWriter text(int tag, String value) {
        return value(tag, value.getBytes(StandardCharsets.UTF_8));
    }

    WireWriter message(int tag, WireWriter value) {
        return value(tag, value.toByteArray());
    }

    /** The beginning of a bytes field whose {@code length} bytes follow. */
    WireWriter header(int tag, long length) {
        varint(tag);
        varint(length);
        return this;
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }

    private WireWriter value(int tag, byte[] value) {
        header(tag, value.length);
        bytes.writeBytes(value);
        return this;
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }
}
