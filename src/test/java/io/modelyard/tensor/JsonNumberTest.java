package io.modelyard.tensor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;

final class JsonNumberTest {
    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

    @Property(seed = "2611", tries = 20_000)
    void isTheNearestDouble(@ForAll("decimals") String text) {
        assertThat(Double.doubleToRawLongBits(number(text).toDouble()))
                .isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(text)));
    }

    @Property(seed = "2611", tries = 20_000)
    void isTheFloatNearestToThatDouble(@ForAll("decimals") String text) {
        assertThat(Float.floatToRawIntBits(number(text).toFloat()))
                .isEqualTo(Float.floatToRawIntBits((float) Double.parseDouble(text)));
    }

    @Property(seed = "2611", tries = 20_000)
    void isAnIntegerWhereItsExactValueIs(@ForAll("decimals") String text) {
        BigDecimal exact = new BigDecimal(text);
        JsonNumber number = number(text);
        boolean integer = exact.signum() == 0 || exact.stripTrailingZeros().scale() <= 0;
        assertThat(number.isInteger()).isEqualTo(integer);
        if (integer) {
            BigInteger value = exact.toBigInteger();
            boolean fits = value.compareTo(LEAST) >= 0 && value.compareTo(MOST) <= 0;
            assertThat(number.fitsLong()).isEqualTo(fits);
            if (fits) {
                assertThat(number.toLong()).isEqualTo(value.longValueExact());
            }
        }
    }

    @Provide
    Arbitrary<String> decimals() {
        return JsonTexts.decimals();
    }

    /** Sixteen and seventeen digits, near places half way between two floats: where the short way must not be taken. */
    @Test
    void isTheRightFloatForMillionsOfDoublesAsTheyAreUsuallyWritten() {
        Random random = new Random(17);
        int differences = 0;
        for (int i = 0; i < 1_000_000; i++) {
            double value = random.nextGaussian() * Math.pow(10, random.nextInt(-8, 9));
            if (random.nextInt(4) == 0) {
                float near = (float) value;
                value = ((double) near + Math.nextUp(near)) / 2 + Math.ulp(value) * random.nextInt(-8, 9);
            }
            if (Float.floatToRawIntBits(number(Double.toString(value)).toFloat()) != Float
                    .floatToRawIntBits((float) value)) {
                differences++;
            }
        }
        assertThat(differences).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0,true,0", "-0,true,0", "9223372036854775807,true,9223372036854775807",
            "-9223372036854775808,true,-9223372036854775808", "9223372036854775808,false,0", "1.0,false,0",
            "1e3,false,0",
            "9007199254740993,true,9007199254740993", "10000000000000000000,false,0"})
    void tellsPlainIntegers(String text, boolean integral, long value) {
        JsonReader reader = new JsonReader(text.getBytes(ISO_8859_1));
        assertThat(reader.number()).isEqualTo(Double.parseDouble(text));
        assertThat(reader.isIntegral()).isEqualTo(integral);
        if (integral) {
            assertThat(reader.integer()).isEqualTo(value);
        }
    }

    @Test
    void knowsNumbersOfAnyLength() {
        String zeros = "0".repeat(100_000);
        assertThat(number("1" + zeros + "e-100000").toDouble()).isEqualTo(1);
        assertThat(number("0." + zeros + "1e100001").toDouble()).isEqualTo(1);
        assertThat(number("1." + zeros).toLong()).isEqualTo(1);
        assertThat(number("1" + zeros + "e-100000").toLong()).isEqualTo(1);
        assertThat(number("1." + zeros + "1").isInteger()).isFalse();
        assertThat(number("9".repeat(1_000_000)).toDouble()).isInfinite();
        assertThat(number("1e" + "9".repeat(1_000_000)).toDouble()).isInfinite();
        assertThat(number("1e-" + "9".repeat(1_000_000)).toDouble()).isZero();
        assertThat(number("1e-" + "9".repeat(1_000_000)).isInteger()).isFalse();
    }

    private static JsonNumber number(String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        JsonNumber number = new JsonNumber(bytes, bytes.length);
        assertThat(number.scan(0)).isEqualTo(bytes.length);
        return number;
    }
}
