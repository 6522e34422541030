package io.modelyard.tensor;

import java.nio.charset.StandardCharsets;

/**
 * The content of a string in JSON text, between the quotes: UTF-8 (RFC 3629), and escapes whose surrogates come in pairs,
 * so that every string can be written as UTF-8 again.
 */
final class JsonString {
    private static final String HALF_PAIR = "\\u with half of a surrogate pair";

    private JsonString() {}

    /**
     * The offset of the closing quote of a string whose content starts at {@code from}.
     *
     * @throws JsonSyntaxException at the first byte that no string has there
     */
    static int close(byte[] text, int from, int end) {
        int i = from;
        while (i < end) {
            byte c = text[i];
            if (c == '"') {
                return i;
            }
            if (c == '\\') {
                i = escape(text, i + 1, end);
            } else if (c < 0) {
                i = multiByte(text, i, end);
            } else if (c < ' ') {
                throw new JsonSyntaxException("a control character in a string must be escaped", i);
            } else {
                i++;
            }
        }
        throw endsInside(end);
    }

    /** Checks what follows a backslash; returns the offset behind it. */
    private static int escape(byte[] text, int from, int end) {
        if (from >= end) {
            throw endsInside(end);
        }
        return switch (text[from]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> from + 1;
            case 'u' -> isHighSurrogate(text, from + 1, end) ? lowSurrogate(text, from + 5, end) : from + 5;
            default -> throw new JsonSyntaxException("there is no such escape", from);
        };
    }

    private static boolean isHighSurrogate(byte[] text, int from, int end) {
        boolean surrogate = hex(text, from, end) == 0xd;
        int second = hex(text, from + 1, end);
        if (surrogate && second >= 0xc) {
            throw new JsonSyntaxException(HALF_PAIR, from + 1);
        }
        hex(text, from + 2, end);
        hex(text, from + 3, end);
        return surrogate && second >= 8;
    }

    /** Checks the escape of a low surrogate, which a high one is only good before; returns the offset behind it. */
    private static int lowSurrogate(byte[] text, int from, int end) {
        for (int i = from; i < from + 2; i++) {
            if (i >= end) {
                throw endsInside(end);
            }
            if (text[i] != (i == from ? '\\' : 'u')) {
                throw new JsonSyntaxException(HALF_PAIR, i);
            }
        }
        if (hex(text, from + 2, end) != 0xd) {
            throw new JsonSyntaxException(HALF_PAIR, from + 2);
        }
        if (hex(text, from + 3, end) < 0xc) {
            throw new JsonSyntaxException(HALF_PAIR, from + 3);
        }
        hex(text, from + 4, end);
        hex(text, from + 5, end);
        return from + 6;
    }

    private static int hex(byte[] text, int at, int end) {
        if (at >= end) {
            throw endsInside(end);
        }
        int digit = Character.digit(text[at], 16);
        if (digit < 0) {
            throw new JsonSyntaxException("\\u takes four hexadecimal digits", at);
        }
        return digit;
    }

    /** Checks a character of two to four bytes; returns the offset behind it. */
    private static int multiByte(byte[] text, int from, int end) {
        int lead = text[from] & 0xff;
        int length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
        if (lead < 0xc2 || lead > 0xf4) {
            throw notUtf8(from);
        }
        // The second byte's range leaves out longer forms of shorter characters, surrogates, and what is beyond Unicode.
        int least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        int most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        for (int i = from + 1; i < from + length; i++) {
            if (i >= end) {
                throw endsInside(end);
            }
            int c = text[i] & 0xff;
            if (c < least || c > most) {
                throw notUtf8(i);
            }
            least = 0x80;
            most = 0xbf;
        }
        return from + length;
    }

    /** What the content that stands from {@code from} up to {@code to}, and was checked, means. */
    static String decode(byte[] text, int from, int to) {
        String raw = from == to ? "" : new String(text, from, to - from, StandardCharsets.UTF_8);
        return raw.indexOf('\\') < 0 ? raw : unescape(raw);
    }

    private static String unescape(String raw) {
        StringBuilder plain = new StringBuilder(raw.length());
        int i = 0;
        while (i < raw.length()) {
            char c = raw.charAt(i++);
            if (c != '\\') {
                plain.append(c);
                continue;
            }
            char escape = raw.charAt(i++);
            switch (escape) {
                case 'b' -> plain.append('\b');
                case 'f' -> plain.append('\f');
                case 'n' -> plain.append('\n');
                case 'r' -> plain.append('\r');
                case 't' -> plain.append('\t');
                case 'u' -> {
                    plain.append((char) Integer.parseInt(raw, i, i + 4, 16));
                    i += 4;
                }
                default -> plain.append(escape);
            }
        }
        return plain.toString();
    }

    private static JsonSyntaxException endsInside(int end) {
        return new JsonSyntaxException("the text ends inside a string", end);
    }

    private static JsonSyntaxException notUtf8(int at) {
        return new JsonSyntaxException("a string is not UTF-8", at);
    }
}
