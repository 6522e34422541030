package io.modelyard.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/** Softmax, sigmoid and rounding: what NumPy and SciPy answer, and the laws that hold for all numbers. */
final class ProbabilitiesTest {
    @Test
    void softmaxAnswersAsScipyDoes() {
        // scipy.special.softmax([1, 2, 3]) and ([-1000, 0, 1000, 1001])
        assertThat(softmax(1, 2, 3)).containsExactly(
                new double[]{0.09003057317038046, 0.24472847105479767, 0.6652409557748219}, within(1e-15));
        assertThat(softmax(-1000, 0, 1000, 1001)).containsExactly(
                new double[]{0, 0, 0.2689414213699951, 0.7310585786300049}, within(1e-15));
        assertThat(softmax(0.5)).containsExactly(1);
    }

    @Test
    void softmaxGoesAlongRowsOfTheLastAxis() {
        float[] two = ((Tensor.Floats) Probabilities
                .softmax(new Tensor.Floats(Shape.of(2, 2), new float[]{0, 0, 0, 1e9f}), 2)).values();
        assertThat(two).containsExactly(0.5f, 0.5f, 0, 1);
    }

    @Test
    void whatIsNoNumberMakesNoProbabilities() {
        assertThat(softmax(1, Double.NaN)).containsOnly(Double.NaN);
        assertThat(softmax(1, Double.POSITIVE_INFINITY)).contains(Double.NaN);
        assertThat(softmax(1, Double.NEGATIVE_INFINITY)).containsExactly(1, 0);
    }

    @Property(seed = "2611", tries = 500)
    void softmaxSumsToOneAndKeepsTheOrder(
            @ForAll @Size(min = 1, max = 40) double @DoubleRange(min = -1e6, max = 1e6) [] x) {
        double[] p = softmax(x);
        assertThat(DoubleStream.of(p).sum()).isEqualTo(1, within(1e-12));
        for (int i = 1; i < x.length; i++) {
            if (x[i - 1] < x[i]) {
                assertThat(p[i - 1]).isLessThanOrEqualTo(p[i]);
            }
        }
    }

    @Property(seed = "2611", tries = 500)
    void softmaxDoesNotChangeWhenAllAreShifted(
            @ForAll @Size(min = 1, max = 10) double @DoubleRange(min = -50, max = 50) [] x,
            @ForAll @IntRange(min = -1000, max = 1000) int shift) {
        double[] shifted = softmax(Arrays.stream(x).map(value -> value + shift).toArray());
        assertThat(shifted).containsExactly(softmax(x), within(1e-11));
    }

    @Property(seed = "2611", tries = 500)
    void sigmoidIsSymmetricBoundedAndTheSoftmaxOfTwo(@ForAll @DoubleRange(min = -1e4, max = 1e4) double x) {
        double p = sigmoid(x);
        assertThat(p).isBetween(0.0, 1.0);
        assertThat(sigmoid(-x)).isEqualTo(1 - p, within(1e-15));
        assertThat(p).isEqualTo(softmax(0, x)[1], within(1e-15));
    }

    @Test
    void sigmoidAnswersAsScipyDoes() {
        // scipy.special.expit
        assertThat(sigmoid(2)).isEqualTo(0.8807970779778823, within(1e-15));
        assertThat(sigmoid(-30)).isEqualTo(9.357622968839299e-14, within(1e-28));
        assertThat(sigmoid(-1000)).isZero();
        assertThat(sigmoid(1000)).isEqualTo(1);
        assertThat(sigmoid(Double.NaN)).isNaN();
    }

    @Test
    void roundsAsNumpyDoes() {
        // numpy.round: ties go to the even one.
        assertThat(round(2, 0.125, 0.375, -0.125, 1e300, 2.675)).containsExactly(0.12, 0.38, -0.12, 1e300, 2.68);
        assertThat(round(0, 0.5, 1.5, 2.5, -0.4)).containsExactly(0, 2, 2, -0.0);
        assertThat(round(3, Double.NaN, Double.NEGATIVE_INFINITY)).containsExactly(Double.NaN,
                Double.NEGATIVE_INFINITY);
        Tensor floats = Probabilities.round(new Tensor.Floats(Shape.of(2), new float[]{0.97345f, 1f / 3}), 3);
        assertThat(((Tensor.Floats) floats).values()).containsExactly(0.973f, 0.333f);
    }

    @Property(seed = "2611", tries = 1000)
    void roundingIsIdempotentAndNear(@ForAll @DoubleRange(min = -1e6, max = 1e6) double x,
            @ForAll @IntRange(min = 0, max = 9) int decimals) {
        double once = round(decimals, x)[0];
        assertThat(round(decimals, once)[0]).isEqualTo(once);
        BigDecimal distance = new BigDecimal(once).subtract(new BigDecimal(x), MathContext.DECIMAL128).abs();
        assertThat(distance.doubleValue()).isLessThanOrEqualTo(0.5 * Math.pow(10, -decimals) * (1 + 1e-6) + 1e-9);
    }

    private static double[] softmax(double... x) {
        return values(Probabilities.softmax(tensor(x), x.length));
    }

    private static double sigmoid(double x) {
        return values(Probabilities.sigmoid(tensor(x)))[0];
    }

    private static double[] round(int decimals, double... x) {
        return values(Probabilities.round(tensor(x), decimals));
    }

    private static Tensor tensor(double... x) {
        return new Tensor.Doubles(Shape.of(1, x.length), x);
    }

    private static double[] values(Tensor tensor) {
        return ((Tensor.Doubles) tensor).values();
    }
}
