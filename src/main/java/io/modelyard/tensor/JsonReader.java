package io.modelyard.tensor;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Reads JSON (RFC 8259, UTF-8) from bytes, value by value, without making objects of what it passes. It exists because
 * the numbers of a request go from here straight into the arrays of a tensor, and because it can skip a value, note where
 * it stood, and read it later. Strict: what is not JSON throws a {@link JsonSyntaxException}. For one thread.
 *
 * <pre>{@code
 * for (boolean more = reader.openArray(); more; more = reader.nextInArray()) { … one value … }
 * }</pre>
 */
public final class JsonReader {
    /** How deep arrays and objects may stand in each other. */
    public static final int MAX_DEPTH = 64;

    /** Every power of ten that a double holds exactly. */
    private static final double[] POWERS_OF_TEN = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12,
            1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

    private static final long MAX_EXACT_DOUBLE = 1L << 53;

    private final byte[] text;
    private final int end;
    private int position;
    private int depth;

    private boolean integral;
    private long integer;

    public JsonReader(byte[] text) {
        this(text, 0, text.length);
    }

    /** Reads the bytes from {@code from} up to {@code end}; offsets still count from the start of the text. */
    public JsonReader(byte[] text, int from, int end) {
        this.text = text;
        this.position = from;
        this.end = end;
    }

    /** The offset of the next byte that is not white space. */
    public int position() {
        skipSpace();
        return position;
    }

    /** The next byte that is not white space, not consumed; -1 at the end. */
    public int peek() {
        skipSpace();
        return position < end ? text[position] : -1;
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

    /** The first byte of the next value that is neither an opening bracket nor white space; -1 at the end. */
    int peekAfterBrackets() {
        for (int i = position(); i < end; i++) {
            if (text[i] != '[' && !isSpace(text[i])) {
                return text[i];
            }
        }
        return -1;
    }

    /** The place in {@code names} of the first member of the object that is next, not consumed; -1 where it has none. */
    int peekFirstName(NameTable names) {
        JsonReader ahead = new JsonReader(text, position, end);
        return ahead.openObject() ? ahead.name(names, 0) : -1;
    }

    /** {@link #peekDepth()} of the first member of the object that is next; 0 where it has none. */
    int peekDepthOfFirstMember() {
        JsonReader ahead = new JsonReader(text, position, end);
        if (!ahead.openObject()) {
            return 0;
        }
        ahead.name();
        return ahead.peekDepth();
    }

    /** Consumes the start of an array; whether it has a first value. */
    public boolean openArray() {
        expect('[', "an array");
        deeper();
        if (peek() == ']') {
            position++;
            depth--;
            return false;
        }
        return true;
    }

    /** After a value of an array: whether another one follows; otherwise the array is closed. */
    public boolean nextInArray() {
        int c = peek();
        if (c == ',') {
            position++;
            return true;
        }
        if (c != ']') {
            throw wrong("expected ',' or ']' in an array");
        }
        position++;
        depth--;
        return false;
    }

    /** Consumes the start of an object; whether it has a first member, whose name is next. */
    public boolean openObject() {
        expect('{', "an object");
        deeper();
        if (peek() == '}') {
            position++;
            depth--;
            return false;
        }
        return true;
    }

    /** After a member of an object: whether another one follows; otherwise the object is closed. */
    public boolean nextInObject() {
        int c = peek();
        if (c == ',') {
            position++;
            return true;
        }
        if (c != '}') {
            throw wrong("expected ',' or '}' in an object");
        }
        position++;
        depth--;
        return false;
    }

    /** The name of a member; its value is next. */
    public String name() {
        if (peek() != '"') {
            throw wrong("expected the name of a member, in double quotes");
        }
        String name = string();
        expect(':', "':' after the name of a member");
        return name;
    }

    /**
     * The place in {@code names} of the name of a member, whose value is next; -1 where it is not among them, and then
     * nothing is consumed. Makes no object for a name without escapes.
     *
     * @param likely the place that is tried first
     */
    int name(NameTable names, int likely) {
        if (peek() != '"') {
            throw wrong("expected the name of a member, in double quotes");
        }
        int start = position;
        int stop = start + 1;
        while (stop < end && text[stop] != '"' && text[stop] != '\\') {
            stop++;
        }
        int place;
        if (stop < end && text[stop] == '"') {
            place = names.find(text, start + 1, stop, likely);
            position = stop + 1;
        } else {
            byte[] utf8 = string().getBytes(StandardCharsets.UTF_8);
            place = names.find(utf8, 0, utf8.length, likely);
        }
        if (place < 0) {
            position = start;
            return -1;
        }
        expect(':', "':' after the name of a member");
        return place;
    }

    public String string() {
        int start = scanString();
        int stop = position - 1;
        boolean plain = true;
        boolean ascii = true;
        for (int i = start; i < stop; i++) {
            plain &= text[i] != '\\';
            ascii &= text[i] >= 0;
        }
        String raw = ascii ? new String(text, start, stop - start, StandardCharsets.ISO_8859_1) : utf8(start, stop);
        return plain ? raw : unescape(raw);
    }

    /**
     * Reads a number as the double nearest to it, an infinity where it is too large for one. Afterwards {@link #isIntegral}
     * and {@link #integer} tell of the same number.
     */
    public double number() {
        int start = position();
        int i = start;
        boolean negative = i < end && text[i] == '-';
        if (negative) {
            i++;
        }
        int firstDigit = i;
        long mantissa = 0;
        // Digits beyond the 18th might overflow; such numbers take the long way.
        while (i < end && isDigit(text[i])) {
            mantissa = mantissa * 10 + (text[i] - '0');
            i++;
        }
        int digits = i - firstDigit;
        if (digits == 0) {
            throw i < end ? wrong("expected a value") : wrong("the text ends where a value should stand");
        }
        if (digits > 1 && text[firstDigit] == '0') {
            throw wrong("a number has no leading zeros");
        }
        int scale = 0;
        boolean whole = true;
        if (i < end && text[i] == '.') {
            whole = false;
            int point = i++;
            while (i < end && isDigit(text[i])) {
                mantissa = mantissa * 10 + (text[i] - '0');
                i++;
            }
            scale = i - point - 1;
            if (scale == 0) {
                position = i;
                throw wrong("expected a digit after the decimal point");
            }
            digits += scale;
        }
        int exponent = 0;
        if (i < end && (text[i] == 'e' || text[i] == 'E')) {
            whole = false;
            i++;
            boolean negativeExponent = i < end && text[i] == '-';
            if (i < end && (text[i] == '-' || text[i] == '+')) {
                i++;
            }
            int exponentStart = i;
            while (i < end && isDigit(text[i])) {
                exponent = Math.min(exponent * 10 + (text[i] - '0'), 100_000);
                i++;
            }
            if (i == exponentStart) {
                position = i;
                throw wrong("expected a digit in the exponent");
            }
            if (negativeExponent) {
                exponent = -exponent;
            }
        }
        position = i;
        if (digits <= 18) {
            integral = whole;
            integer = negative ? -mantissa : mantissa;
            int power = exponent - scale;
            // Both are exact as doubles, so one operation gives the nearest double (Clinger 1990).
            if (mantissa <= MAX_EXACT_DOUBLE && power >= -22 && power <= 22) {
                double value = power < 0 ? mantissa / POWERS_OF_TEN[-power] : mantissa * POWERS_OF_TEN[power];
                return negative ? -value : value;
            }
        } else {
            integral = whole && fitsLong(start, i);
        }
        return JavaDoubleParser.parseDouble(text, start, i - start);
    }

    /** Whether the number read last was written without fraction and exponent, and fits a long. */
    public boolean isIntegral() {
        return integral;
    }

    /** The number read last, if it {@link #isIntegral}. */
    public long integer() {
        return integer;
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
                    if (peek() != '"') {
                        throw wrong("expected the name of a member, in double quotes");
                    }
                    skipString();
                    expect(':', "':' after the name of a member");
                    skip();
                }
            }
            case '"' -> skipString();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> skipNumber();
        }
    }

    /** Demands that nothing but white space is left. */
    public void end() {
        if (peek() != -1) {
            throw wrong("expected the end of the text");
        }
    }

    /** A failure at the next byte. */
    public JsonSyntaxException wrong(String message) {
        skipSpace();
        return position < end
                ? new JsonSyntaxException(message, position)
                : new JsonSyntaxException("the text ends too early: " + message, end);
    }

    /** Passes a number; all but plain integers take the way that checks every part. */
    private void skipNumber() {
        int i = position();
        int start = i;
        if (i < end && text[i] == '-') {
            i++;
        }
        int firstDigit = i;
        while (i < end && isDigit(text[i])) {
            i++;
        }
        int digits = i - firstDigit;
        boolean plain = digits == 1 || (digits > 1 && text[firstDigit] != '0');
        position = start;
        if (!plain || (i < end && isNumberTail(text[i]))) {
            number();
        } else {
            position = i;
        }
    }

    private static boolean isNumberTail(byte c) {
        return c == '.' || c == 'e' || c == 'E';
    }

    private void skipString() {
        int start = scanString();
        int stop = position - 1;
        for (int i = start; i < stop; i++) {
            if (text[i] < 0) {
                utf8(start, stop);
                return;
            }
        }
    }

    /** Passes a string, checking its escapes; returns where its content starts. It ends one before the position. */
    private int scanString() {
        if (peek() != '"') {
            throw wrong("expected a string");
        }
        int start = ++position;
        while (position < end) {
            byte c = text[position];
            if (c == '"') {
                position++;
                return start;
            }
            if (c == '\\') {
                scanEscape();
            } else if (c >= 0 && c < ' ') {
                throw wrongHere("a control character in a string must be escaped");
            } else {
                position++;
            }
        }
        throw new JsonSyntaxException("the text ends inside a string", end);
    }

    private void scanEscape() {
        if (position + 1 >= end) {
            throw new JsonSyntaxException("the text ends inside a string", end);
        }
        switch (text[position + 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> position += 2;
            case 'u' -> {
                for (int i = position + 2; i < position + 6; i++) {
                    if (i >= end || Character.digit(text[i], 16) < 0) {
                        throw wrongHere("\\u takes four hexadecimal digits");
                    }
                }
                position += 6;
            }
            default -> throw wrongHere("there is no such escape");
        }
    }

    private String utf8(int start, int stop) {
        try {
            return StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(text, start, stop - start)).toString();
        } catch (CharacterCodingException e) {
            throw new JsonSyntaxException("a string is not UTF-8", start);
        }
    }

    private static String unescape(String raw) {
        StringBuilder plain = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '\\') {
                plain.append(c);
                continue;
            }
            char escape = raw.charAt(++i);
            switch (escape) {
                case 'b' -> plain.append('\b');
                case 'f' -> plain.append('\f');
                case 'n' -> plain.append('\n');
                case 'r' -> plain.append('\r');
                case 't' -> plain.append('\t');
                case 'u' -> {
                    plain.append((char) Integer.parseInt(raw, i + 1, i + 5, 16));
                    i += 4;
                }
                default -> plain.append(escape);
            }
        }
        return plain.toString();
    }

    private boolean fitsLong(int start, int stop) {
        try {
            integer = Long.parseLong(new String(text, start, stop - start, StandardCharsets.ISO_8859_1));
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private void literal(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (position + i >= end || text[position + i] != word.charAt(i)) {
                throw wrong("expected a value");
            }
        }
        position += word.length();
    }

    private void expect(char c, String what) {
        if (peek() != c) {
            throw wrong("expected " + what);
        }
        position++;
    }

    private void deeper() {
        if (++depth > MAX_DEPTH) {
            throw wrong("arrays and objects stand more than " + MAX_DEPTH + " deep in each other");
        }
    }

    private JsonSyntaxException wrongHere(String message) {
        return new JsonSyntaxException(message, position);
    }

    private void skipSpace() {
        while (position < end && isSpace(text[position])) {
            position++;
        }
    }

    private static boolean isSpace(byte c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }
}
