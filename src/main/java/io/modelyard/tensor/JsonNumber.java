package io.modelyard.tensor;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;

/** A number in JSON text: scanned once, then converted to the type that is wanted. For one thread. */
final class JsonNumber {
    /** Every power of ten that a double holds exactly. */
    private static final double[] POWERS_OF_TEN = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12,
            1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

    private static final int MOST_EXACT_POWER = 22;
    private static final long MAX_EXACT_DOUBLE = 1L << 53;

    /** What a double has more in its significand than a float has: 29 bits, and the value of these half way. */
    private static final long BEYOND_FLOAT = (1L << 29) - 1;
    private static final long HALF_WAY = 1L << 28;

    /** So many decimal digits always fit an unsigned long. */
    private static final int MOST_DIGITS = 19;

    /** Greater exponents are all the same: the text that would make up for them is longer than an array. */
    private static final int GREAT_EXPONENT = 200_000_000;

    private final byte[] text;
    private final int end;

    private int start;
    private int stop;
    private boolean negative;
    private boolean plain;

    /** The number is significand × 10^power, the significand being unsigned, where it is exact. */
    private long significand;
    private int power;
    private boolean exact;

    JsonNumber(byte[] text, int end) {
        this.text = text;
        this.end = end;
    }

    /**
     * Scans the number that starts at {@code from}.
     *
     * @return the offset behind it
     * @throws JsonSyntaxException if there is none
     */
    int scan(int from) {
        start = from;
        int i = from;
        negative = i < end && text[i] == '-';
        if (negative) {
            i++;
        }
        int first = i;
        long value = 0;
        // Too many digits overflow; they are counted, and such numbers looked at again.
        while (i < end && isDigit(text[i])) {
            value = value * 10 + (text[i++] - '0');
        }
        int digits = i - first;
        if (digits == 0) {
            throw JsonSyntaxException.at(i, end, negative ? "expected a digit" : "expected a value");
        }
        if (digits > 1 && text[first] == '0') {
            throw new JsonSyntaxException("a number has no leading zeros", first + 1);
        }
        plain = true;
        power = 0;
        if (i < end && text[i] == '.') {
            plain = false;
            int point = i++;
            while (i < end && isDigit(text[i])) {
                value = value * 10 + (text[i++] - '0');
            }
            int decimals = i - point - 1;
            if (decimals == 0) {
                throw JsonSyntaxException.at(i, end, "expected a digit after the decimal point");
            }
            digits += decimals;
            power = -decimals;
        }
        int digitsEnd = i;
        if (i < end && (text[i] | 0x20) == 'e') {
            plain = false;
            i = scanExponent(i + 1);
        }
        stop = i;
        significand = value;
        exact = true;
        if (digits > MOST_DIGITS) {
            scanManyDigits(first, digitsEnd);
        }
        return i;
    }

    private int scanExponent(int from) {
        int i = from;
        boolean minus = i < end && text[i] == '-';
        if (i < end && (text[i] == '-' || text[i] == '+')) {
            i++;
        }
        int first = i;
        int exponent = 0;
        while (i < end && isDigit(text[i])) {
            if (exponent < GREAT_EXPONENT) {
                exponent = exponent * 10 + (text[i] - '0');
            }
            i++;
        }
        if (i == first) {
            throw JsonSyntaxException.at(i, end, "expected a digit in the exponent");
        }
        exponent = Math.min(exponent, GREAT_EXPONENT);
        power += minus ? -exponent : exponent;
        return i;
    }

    /** Finds the significand of many digits without its leading zeros and those behind the last other digit. */
    private void scanManyDigits(int first, int digitsEnd) {
        int from = first;
        while (from < digitsEnd && isZeroOrPoint(text[from])) {
            from++;
        }
        int to = digitsEnd;
        while (to > from && isZeroOrPoint(text[to - 1])) {
            if (text[--to] == '0') {
                power++;
            }
        }
        int count = 0;
        significand = 0;
        for (int i = from; i < to; i++) {
            if (text[i] != '.') {
                significand = significand * 10 + (text[i] - '0');
                count++;
            }
        }
        exact = count <= MOST_DIGITS;
    }

    /** The nearest double, an infinity where the number is too large for one. */
    double toDouble() {
        if (isShort() && significand <= MAX_EXACT_DOUBLE) {
            return approximate();
        }
        return parse();
    }

    /** {@code (float) toDouble()}, mostly without the work of finding that double. */
    float toFloat() {
        if (isShort()) {
            double near = approximate();
            // Where the significand is not exact as a double, this is off by at most two units in the last place, and the
            // nearest double by half a one. Unless a place half way between two floats is as near, both round to one float.
            if (significand <= MAX_EXACT_DOUBLE
                    || Math.abs((Double.doubleToRawLongBits(near) & BEYOND_FLOAT) - HALF_WAY) > 4) {
                return (float) near;
            }
        }
        return (float) parse();
    }

    private boolean isShort() {
        return exact && significand >= 0 && power >= -MOST_EXACT_POWER && power <= MOST_EXACT_POWER;
    }

    /**
     * One operation on the significand and a power of ten that is exact, so the nearest double where the significand is
     * exact as a double too (William D. Clinger, How to Read Floating Point Numbers Accurately, 1990).
     */
    private double approximate() {
        double value = power < 0 ? significand / POWERS_OF_TEN[-power] : significand * POWERS_OF_TEN[power];
        return negative ? -value : value;
    }

    private double parse() {
        return JavaDoubleParser.parseDouble(text, start, stop - start);
    }

    /** Whether the number was written without fraction and exponent. */
    boolean isPlain() {
        return plain;
    }

    /** Whether the number has no fraction, however it was written: 1.50e1 has none. */
    boolean isInteger() {
        if (power >= 0 || (exact && significand == 0)) {
            return true;
        }
        return exact && power > -MOST_DIGITS && Long.remainderUnsigned(significand, tenTo(-power)) == 0;
    }

    /** Whether this number, which is an integer, fits a long. */
    boolean fitsLong() {
        if (exact && significand == 0) {
            return true;
        }
        if (!exact || power > 18) {
            return false;
        }
        long most = negative ? Long.MIN_VALUE : Long.MAX_VALUE;
        return power <= 0
                ? Long.compareUnsigned(shortened(), most) <= 0
                : Long.compareUnsigned(significand, Long.divideUnsigned(most, tenTo(power))) <= 0;
    }

    /** The number, which is an integer and fits a long. */
    long toLong() {
        long value = power <= 0 || significand == 0 ? shortened() : significand * tenTo(power);
        return negative ? -value : value;
    }

    /** The significand without the zeros that the power takes away. */
    private long shortened() {
        return power == 0 || significand == 0 ? significand : Long.divideUnsigned(significand, tenTo(-power));
    }

    /** 10^{@code power}, for 0 to 18. */
    private static long tenTo(int power) {
        return (long) POWERS_OF_TEN[power];
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isZeroOrPoint(byte c) {
        return c == '0' || c == '.';
    }
}
