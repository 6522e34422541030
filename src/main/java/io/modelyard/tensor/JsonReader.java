package io.modelyard.tensor;

import java.nio.charset.StandardCharsets;

/**
 * Reads JSON (RFC 8259, UTF-8) from bytes, value by value, without making objects of what it passes. It exists because
 * the numbers of a request go from here straight into the arrays of a tensor, and because it can skip a value, note where
 * it stood, and read it later. Strict: what is not JSON throws a {@link JsonSyntaxException}, and so does half a surrogate
 * pair in a string, which RFC 8259 leaves undefined. For one thread.
 *
 * <pre>{@code
 * for (boolean more = reader.openArray(); more; more = reader.nextInArray()) { … one value … }
 * }</pre>
 */
public final class JsonReader {
    /** How deep arrays and objects may stand in each other. */
    public static final int MAX_DEPTH = 64;

    private final byte[] text;
    private final int end;
    private final JsonNumber number;
    private int position;
    private int depth;

    public JsonReader(byte[] text) {
        this(text, 0, text.length);
    }

    /** Reads the bytes from {@code from} up to {@code end}; offsets still count from the start of the text. */
    public JsonReader(byte[] text, int from, int end) {
        this.text = text;
        this.position = from;
        this.end = end;
        this.number = new JsonNumber(text, end);
    }

    /** A reader at the same place that can go on without moving this one. */
    JsonReader ahead() {
        return new JsonReader(text, position, end);
    }

    /** The offset of the next byte that is not white space. */
    public int position() {
        skipSpace();
        return position;
    }

    /** How many bytes are left. */
    int remaining() {
        return end - position;
    }

    /** The next byte that is not white space, not consumed, as an unsigned value; -1 at the end. */
    public int peek() {
        skipSpace();
        return position < end ? text[position] & 0xff : -1;
    }

    /** How many opening brackets stand at the start of the next value: its depth, if it is an array. */
    public int peekDepth() {
        int found = 0;
        for (int i = position(); i < end; i++) {
            byte c = text[i];
            if (c == '[') {
                found++;
            } else if (!isSpace(c)) {
                break;
            }
        }
        return found;
    }

    /** Consumes the start of an array; whether it has a first value. */
    public boolean openArray() {
        open('[', "expected an array");
        return !closes(']');
    }

    /** After a value of an array: whether another one follows; otherwise the array is closed. */
    public boolean nextInArray() {
        return next(']', "expected ',' or ']' in an array");
    }

    /** Consumes the start of an object; whether it has a first member, whose name is next. */
    public boolean openObject() {
        open('{', "expected an object");
        return !closes('}');
    }

    /** After a member of an object: whether another one follows; otherwise the object is closed. */
    public boolean nextInObject() {
        return next('}', "expected ',' or '}' in an object");
    }

    /** The name of a member; its value is next. */
    public String name() {
        expectName();
        String name = string();
        expectColon();
        return name;
    }

    /**
     * The place in {@code names} of the name of a member, whose value is next; -1 where it is not among them, and then
     * nothing is consumed. Makes no object for a name without escapes.
     *
     * @param likely the place that is tried first
     */
    int name(NameTable names, int likely) {
        expectName();
        int from = position + 1;
        int close = names.closeOf(likely, text, from, end);
        int place = likely;
        if (close < 0) {
            close = JsonString.close(text, from, end);
            place = find(names, from, close);
            if (place < 0) {
                return -1;
            }
        }
        position = close + 1;
        expectColon();
        return place;
    }

    /** The place in {@code words} of a string, which is passed; -1 where it is not among them. Makes no object. */
    int word(NameTable words) {
        int from = position + 1;
        int close = JsonString.close(text, from, end);
        position = close + 1;
        return find(words, from, close);
    }

    /** The text from an offset up to what was read last, its middle left out where it is long. */
    String textSince(int from) {
        String whole = new String(text, from, position - from, StandardCharsets.UTF_8);
        return whole.length() <= 80 ? whole : whole.substring(0, 60) + "…\"";
    }

    public String string() {
        if (peek() != '"') {
            throw wrong("expected a string");
        }
        int from = position + 1;
        int close = JsonString.close(text, from, end);
        position = close + 1;
        return JsonString.decode(text, from, close);
    }

    /**
     * Reads a number as the double nearest to it, an infinity where it is too large for one. Afterwards {@link #isIntegral}
     * and {@link #integer} tell of the same number.
     */
    public double number() {
        return scanNumber().toDouble();
    }

    /** Passes a number, which can be converted until the next one is read. */
    JsonNumber scanNumber() {
        skipSpace();
        position = number.scan(position);
        return number;
    }

    /** Whether the number read last was written without fraction and exponent, and fits a long. */
    public boolean isIntegral() {
        return number.isPlain() && number.fitsLong();
    }

    /** The number read last, if it {@link #isIntegral}. */
    public long integer() {
        return number.toLong();
    }

    /** Reads {@code true} or {@code false}. */
    public boolean bool() {
        if (peek() == 't') {
            literal("true");
            return true;
        }
        literal("false");
        return false;
    }

    public void nullValue() {
        skipSpace();
        literal("null");
    }

    /** Passes one value of any kind, checking that it is JSON. */
    public void skip() {
        switch (peek()) {
            case '[' -> {
                for (boolean more = openArray(); more; more = nextInArray()) {
                    skip();
                }
            }
            case '{' -> {
                for (boolean more = openObject(); more; more = nextInObject()) {
                    expectName();
                    skipString();
                    expectColon();
                    skip();
                }
            }
            case '"' -> skipString();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> scanNumber();
        }
    }

    /**
     * Passes one value of any kind by its brackets alone: for a value that will be read, and so checked, later. Whatever
     * stands between the brackets is passed too.
     */
    public void skipUnchecked() {
        int first = peek();
        if (first != '[' && first != '{') {
            skip();
            return;
        }
        int open = 0;
        for (int i = position; i < end; i++) {
            switch (text[i]) {
                case '[', '{' -> open++;
                case ']', '}' -> {
                    if (--open == 0) {
                        position = i + 1;
                        return;
                    }
                }
                case '"' -> i = endOfString(i);
                default -> {
                }
            }
        }
        throw new JsonSyntaxException("the text ends inside an array or object", end);
    }

    /** Where the string that begins at {@code quote} ends, the end of the text if it does not. */
    private int endOfString(int quote) {
        for (int i = quote + 1; i < end; i++) {
            if (text[i] == '\\') {
                i++;
            } else if (text[i] == '"') {
                return i;
            }
        }
        return end;
    }

    /** Demands that nothing but white space is left. */
    public void end() {
        if (peek() != -1) {
            throw wrong("expected the end of the text");
        }
    }

    /** A failure at the next byte that is not white space. */
    public JsonSyntaxException wrong(String message) {
        return JsonSyntaxException.at(position(), end, message);
    }

    private void open(char bracket, String message) {
        if (peek() != bracket) {
            throw wrong(message);
        }
        if (depth == MAX_DEPTH) {
            throw wrong("arrays and objects stand more than " + MAX_DEPTH + " deep in each other");
        }
        depth++;
        position++;
    }

    /** Consumes a closing bracket, if that is next. */
    private boolean closes(char bracket) {
        if (peek() != bracket) {
            return false;
        }
        depth--;
        position++;
        return true;
    }

    private boolean next(char bracket, String message) {
        if (peek() == ',') {
            position++;
            return true;
        }
        if (!closes(bracket)) {
            throw wrong(message);
        }
        return false;
    }

    private void expectName() {
        if (peek() != '"') {
            throw wrong("expected the name of a member, in double quotes");
        }
    }

    private void expectColon() {
        if (peek() != ':') {
            throw wrong("expected ':' after the name of a member");
        }
        position++;
    }

    private void skipString() {
        position = JsonString.close(text, position + 1, end) + 1;
    }

    private void literal(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (position + i >= end || text[position + i] != word.charAt(i)) {
                throw JsonSyntaxException.at(position + i, end, i == 0 ? "expected a value" : "expected " + word);
            }
        }
        position += word.length();
    }

    private int find(NameTable names, int from, int close) {
        for (int i = from; i < close; i++) {
            if (text[i] == '\\') {
                byte[] name = JsonString.decode(text, from, close).getBytes(StandardCharsets.UTF_8);
                return names.find(name, 0, name.length);
            }
        }
        return names.find(text, from, close);
    }

    private void skipSpace() {
        while (position < end && isSpace(text[position])) {
            position++;
        }
    }

    private static boolean isSpace(byte c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }
}
