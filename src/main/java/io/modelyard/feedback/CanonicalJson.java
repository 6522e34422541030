package io.modelyard.feedback;

import com.fasterxml.jackson.databind.JsonNode;

import java.math.BigDecimal;
import java.util.StringJoiner;

/** Values as text that is the same for equal values: 1 and 1.0 are one number. */
final class CanonicalJson {
    /** Up to here a double names every integer. */
    private static final double EXACT = 1L << 53;

    private CanonicalJson() {}

    static String of(JsonNode value) {
        if (value.isArray()) {
            StringJoiner elements = new StringJoiner(",", "[", "]");
            value.forEach(element -> elements.add(of(element)));
            return elements.toString();
        }
        if (!value.isNumber()) {
            return value.toString();
        }
        if (value.canConvertToLong() && value.canConvertToExactIntegral()) {
            return Long.toString(value.longValue());
        }
        double number = value.doubleValue();
        return number == Math.rint(number) && Math.abs(number) <= EXACT
                ? BigDecimal.valueOf(number).toBigInteger().toString()
                : Double.toString(number);
    }
}
