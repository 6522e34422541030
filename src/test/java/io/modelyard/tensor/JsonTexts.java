package io.modelyard.tensor;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Generates JSON, and what nearly is JSON. */
final class JsonTexts {
    private static final byte[] TELLING = "[]{}\",:.-+eE01 9\\ubnftr\n\t\u0000\u001f\u007fNIx/DdcC8éß€😀"
            .getBytes(StandardCharsets.UTF_8);

    private JsonTexts() {}

    /** A value of any kind, with white space where it may stand, and about so deep at most. */
    static Arbitrary<String> values(int depth) {
        Arbitrary<String> leaf = Arbitraries.oneOf(decimals(), strings(), Arbitraries.of("true", "false", "null"));
        if (depth == 0) {
            return spaced(leaf);
        }
        Arbitrary<String> inner = Arbitraries.lazy(() -> values(depth - 1));
        Arbitrary<String> array = inner.list().ofMaxSize(4).map(list -> "[" + String.join(",", list) + "]");
        Arbitrary<String> emptyArray = spaces().map(space -> "[" + space + "]");
        Arbitrary<String> member = Combinators.combine(spaced(strings()), inner)
                .as((name, value) -> name + ":" + value);
        Arbitrary<String> object = member.list().ofMaxSize(4).map(list -> "{" + String.join(",", list) + "}");
        return spaced(Arbitraries.frequencyOf(Tuple.of(2, leaf), Tuple.of(3, array), Tuple.of(1, emptyArray),
                Tuple.of(3, object)));
    }

    /** Numbers of 1 to 25 digits with a point anywhere and exponents far beyond those of doubles. */
    static Arbitrary<String> decimals() {
        Arbitrary<String> digits = Arbitraries.oneOf(Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(25),
                Arbitraries.strings().withChars('0', '5', '9').ofMinLength(1).ofMaxLength(25));
        Arbitrary<String> fraction = Arbitraries.oneOf(Arbitraries.just(""), digits.map(d -> "." + d));
        Arbitrary<String> exponent = Arbitraries.oneOf(Arbitraries.just(""),
                Combinators.combine(Arbitraries.of("e", "E"), Arbitraries.of("", "+", "-"),
                        Arbitraries.integers().between(0, 400), Arbitraries.of("%d", "%03d"))
                        .as((e, sign, value, format) -> e + sign + format.formatted(value)));
        Arbitrary<String> composed = Combinators.combine(Arbitraries.of("", "-"), digits, fraction, exponent)
                .as((sign, whole, decimals, e) -> sign + (whole.startsWith("0") ? "0" : whole) + decimals + e);
        return Arbitraries.oneOf(composed, doubles(), halves(),
                Arbitraries.of("-0", "0", "-0.0", "0e0", "1e400", "-1e400",
                        "1e-400", "4.9e-324", "2.4703282292062327e-324", "2.4703282292062328e-324",
                        "2.2250738585072011e-308",
                        "1.7976931348623157e308", "1.7976931348623159e308", "9007199254740993", "9223372036854775807",
                        "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551616"));
    }

    /** The shortest and the exact text of any double. */
    private static Arbitrary<String> doubles() {
        Arbitrary<Double> any = Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite);
        Arbitrary<Double> usual = Arbitraries.integers().map(i -> i / 1e6);
        return Arbitraries.oneOf(any, usual, usual.map(value -> (double) value.floatValue()))
                .map(value -> Double.toString(value));
    }

    /** Numbers half way between two floats or two doubles, and a last digit beside. */
    private static Arbitrary<String> halves() {
        Arbitrary<String> floats = Arbitraries.integers().map(Float::intBitsToFloat).filter(Float::isFinite)
                .filter(f -> Math.abs(f) < 1e30 && Math.abs(f) > 1e-10)
                .map(f -> new BigDecimal(f).add(new BigDecimal(Math.nextUp(f)))
                        .divide(BigDecimal.TWO).round(new MathContext(19)).toString());
        return Combinators.combine(floats, Arbitraries.of("", "1"))
                .as((text, tail) -> text.contains("E") || !text.contains(".") ? text : text + tail);
    }

    static Arbitrary<String> strings() {
        Arbitrary<String> piece = Arbitraries.oneOf(
                Arbitraries.strings().withCharRange(' ', '~').excludeChars('"', '\\').ofMaxLength(6),
                Arbitraries.of("é", "ß", "€", "漢", "😀", "\u007f", "\uffff", "\u0800", "\\n", "\\\"", "\\\\", "\\/",
                        "\\b",
                        "\\f", "\\r", "\\t"),
                Arbitraries.integers().between(0, 0xd7ff).map(c -> "\\u%04x".formatted(c)),
                Arbitraries.integers().between(0x1_0000, 0x10_ffff).map(c -> "\\u%04X\\u%04x".formatted(
                        (int) Character.highSurrogate(c), (int) Character.lowSurrogate(c))));
        return piece.list().ofMaxSize(4).map(pieces -> "\"" + String.join("", pieces) + "\"");
    }

    /** Bytes of JSON with a few of them changed, taken out, put in or cut off. */
    static Arbitrary<byte[]> broken() {
        return Combinators.combine(values(3), Arbitraries.randoms(), Arbitraries.integers().between(1, 3))
                .as((text, random, edits) -> {
                    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                    for (int i = 0; i < edits; i++) {
                        bytes = edit(bytes, random);
                    }
                    return bytes;
                });
    }

    static byte[] edit(byte[] text, Random random) {
        byte[] more = Arrays.copyOf(text, text.length + 1);
        int at = random.nextInt(more.length);
        switch (random.nextInt(8)) {
            case 0 -> {
                return Arrays.copyOf(text, at);
            }
            case 1, 2 -> {
                if (at < text.length) {
                    System.arraycopy(text, at + 1, more, at, text.length - at - 1);
                    return Arrays.copyOf(more, text.length - 1);
                }
            }
            case 3, 4 -> {
                System.arraycopy(text, at, more, at + 1, text.length - at);
                more[at] = TELLING[random.nextInt(TELLING.length)];
                return more;
            }
            case 5 -> more[at] = (byte) random.nextInt(256);
            default -> more[at] = TELLING[random.nextInt(TELLING.length)];
        }
        return at == text.length ? more : Arrays.copyOf(more, text.length);
    }

    static Arbitrary<String> spaced(Arbitrary<String> value) {
        return Combinators.combine(spaces(), value, spaces()).as((before, middle, after) -> before + middle + after);
    }

    private static Arbitrary<String> spaces() {
        return Arbitraries.frequencyOf(Tuple.of(4, Arbitraries.just("")),
                Tuple.of(1, Arbitraries.of(" ", "\n", "\r\n", "\t", "   ")));
    }
}
