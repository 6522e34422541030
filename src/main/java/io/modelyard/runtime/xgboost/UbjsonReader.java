package io.modelyard.runtime.xgboost;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.modelyard.runtime.InvalidModelException;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads UBJSON (<a href="https://ubjson.org">ubjson.org</a>, draft 12) as far as XGBoost writes and reads it: objects
 * without a length, names and strings of 64-bit lengths, arrays that end with a bracket, have a length, or a type and a
 * length. No length is believed before that many bytes are seen to be there.
 */
final class UbjsonReader implements DocumentReader {
    private final ByteBuffer bytes;
    private final Damage damage;
    private final Deque<Frame> frames = new ArrayDeque<>();

    UbjsonReader(byte[] content, Damage damage) {
        this.bytes = ByteBuffer.wrap(content);
        this.damage = damage;
    }

    /** The object or array that the cursor is in. */
    private static final class Frame {
        private final Set<String> names = new HashSet<>();
        /** Elements left of an array with a length, else -1. */
        private long left = -1;
        /** The marker of all elements of a typed array, else 0. */
        private byte type;
    }

    @Override
    public void beginObject() throws InvalidModelException {
        expect(marker(), '{', "an object");
        push(new Frame());
    }

    @Override
    public @Nullable String nextName() throws InvalidModelException {
        if (peek() == '}') {
            bytes.get();
            frames.pop();
            return null;
        }
        String name = text();
        if (!top().names.add(name)) {
            throw wrong("the member '" + name + "' is there twice");
        }
        return name;
    }

    @Override
    public void beginArray() throws InvalidModelException {
        expect(marker(), '[', "an array");
        Frame frame = new Frame();
        byte next = peek();
        if (next == '$') {
            bytes.get();
            frame.type = take();
            frame.left = length(width(frame.type));
        } else if (next == '#') {
            frame.left = length(1);
        }
        push(frame);
    }

    @Override
    public boolean hasNext() throws InvalidModelException {
        Frame frame = top();
        if (frame.left > 0) {
            frame.left--;
            return true;
        }
        if (frame.left < 0) {
            if (peek() != ']') {
                return true;
            }
            bytes.get();
        }
        frames.pop();
        return false;
    }

    @Override
    public String readString() throws InvalidModelException {
        expect(marker(), 'S', "a string");
        return text();
    }

    @Override
    public @Nullable String readStringOrSkip() throws InvalidModelException {
        if (top().type == 0 && peek() == 'S') {
            return readString();
        }
        skip();
        return null;
    }

    @Override
    public int readInt() throws InvalidModelException {
        byte type = marker();
        long value = switch (type) {
            case 'i' -> need(1).get();
            case 'U' -> need(1).get() & 0xff;
            case 'I' -> need(2).getShort();
            case 'l' -> need(4).getInt();
            case 'L' -> need(8).getLong();
            default -> throw wrong("an integer was to come, not " + named(type));
        };
        if (value != (int) value) {
            throw wrong("the integer " + value + " is out of range");
        }
        return (int) value;
    }

    @Override
    public int[] readInts() throws InvalidModelException {
        beginArray();
        IntList values = new IntList();
        while (hasNext()) {
            values.add(readInt());
        }
        return values.toArray();
    }

    @Override
    public int readLength() throws InvalidModelException {
        beginArray();
        int length = passTyped();
        while (hasNext()) {
            byte type = marker();
            if (type != 'T' && type != 'F') {
                pass(width(type));
            }
            length++;
        }
        return length;
    }

    /** Passes over the elements of the array that the cursor is in if they have a common type, and returns how many. */
    private int passTyped() throws InvalidModelException {
        Frame frame = top();
        if (frame.type == 0) {
            return 0;
        }
        int length = (int) frame.left;
        frame.left = 0;
        pass(length * width(frame.type));
        return length;
    }

    @Override
    public void skip() throws InvalidModelException {
        byte type = marker();
        switch (type) {
            case 'Z', 'T', 'F' -> {
            }
            case 'S' -> text();
            case 'C' -> pass(1);
            case '{' -> {
                bytes.position(bytes.position() - 1);
                beginObject();
                while (nextName() != null) {
                    skip();
                }
            }
            case '[' -> {
                bytes.position(bytes.position() - 1);
                beginArray();
                passTyped();
                while (hasNext()) {
                    skip();
                }
            }
            default -> pass(width(type));
        }
    }

    @Override
    public void end() throws InvalidModelException {
        if (bytes.hasRemaining()) {
            throw wrong(bytes.remaining() + " bytes come behind the end of the model");
        }
    }

    /** The marker of the value that comes next: its own, or the one of the typed array that it stands in. */
    private byte marker() throws InvalidModelException {
        Frame frame = frames.peek();
        return frame != null && frame.type != 0 ? frame.type : take();
    }

    private String text() throws InvalidModelException {
        expect(take(), 'L', "a 64-bit length");
        long length = need(8).getLong();
        if (length < 0 || length > bytes.remaining()) {
            throw wrong("a text of " + length + " bytes cannot be, as " + bytes.remaining() + " are left");
        }
        byte[] text = new byte[(int) length];
        bytes.get(text);
        return new String(text, UTF_8);
    }

    private long length(int width) throws InvalidModelException {
        expect(take(), '#', "the length of an array");
        expect(take(), 'L', "a 64-bit length");
        long length = need(8).getLong();
        if (length < 0 || length > bytes.remaining() / width) {
            throw wrong("an array of " + length + " elements cannot be, as " + bytes.remaining() + " bytes are left");
        }
        return length;
    }

    private int width(byte type) throws InvalidModelException {
        return switch (type) {
            case 'i', 'U' -> 1;
            case 'I' -> 2;
            case 'l', 'd' -> 4;
            case 'L', 'D' -> 8;
            default -> throw wrong("a number was to come, not " + named(type));
        };
    }

    private void push(Frame frame) throws InvalidModelException {
        if (frames.size() == MAX_DEPTH) {
            throw wrong("objects and arrays are nested deeper than " + MAX_DEPTH);
        }
        frames.push(frame);
    }

    private Frame top() {
        return frames.element();
    }

    private void expect(byte actual, char expected, String what) throws InvalidModelException {
        if (actual != expected) {
            throw wrong(what + " was to come, not " + named(actual));
        }
    }

    private byte peek() throws InvalidModelException {
        need(1);
        return bytes.get(bytes.position());
    }

    private byte take() throws InvalidModelException {
        return need(1).get();
    }

    private void pass(int count) throws InvalidModelException {
        need(count);
        bytes.position(bytes.position() + count);
    }

    private ByteBuffer need(int count) throws InvalidModelException {
        if (bytes.remaining() < count) {
            throw wrong("the file ends in the middle of the model");
        }
        return bytes;
    }

    private InvalidModelException wrong(String detail) {
        return damage.found(detail + " (at byte " + bytes.position() + ")");
    }

    private static String named(byte marker) {
        return marker > ' ' && marker < 127 ? "'" + (char) marker + "'" : "byte " + (marker & 0xff);
    }
}
