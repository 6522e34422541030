package io.modelyard.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.modelyard.experiment.Weights.Sample;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

import java.util.List;

final class WeightsTest {
    @Test
    void nothingIsConcludedFromLittle() {
        assertThat(Weights.of(List.of(Sample.ofShare(29, 29), Sample.ofShare(500, 1000)), 0.1)).isEmpty();
    }

    @Test
    void armsThatAreEqualShareEvenly() {
        assertThat(Weights.of(List.of(Sample.ofShare(80, 100), Sample.ofShare(80, 100)), 0)).hasValueSatisfying(
                weights -> assertThat(weights).allSatisfy(weight -> assertThat(weight).isCloseTo(0.5, within(1e-6))));
    }

    /** Two normals: P(X > Y) = Φ((mx − my) / √(sx² + sy²)); here Φ(1) = 0.841345. */
    @Test
    void theShareIsTheProbabilityOfBeingBest() {
        double error = 1 / Math.sqrt(2);
        List<Sample> samples = List.of(new Sample(100, 11, error * error * 100),
                new Sample(100, 10, error * error * 100));
        assertThat(Weights.of(samples, 0).orElseThrow().getFirst()).isCloseTo(0.841345, within(1e-5));
    }

    @Test
    void whatIsClearlyWorseKeepsTheFloor() {
        List<Double> weights = Weights.of(List.of(Sample.ofShare(900, 1000), Sample.ofShare(500, 1000)), 0.1)
                .orElseThrow();
        assertThat(weights.get(1)).isCloseTo(0.1, within(1e-9));
        assertThat(weights.get(0)).isCloseTo(0.9, within(1e-9));
    }

    @Test
    void armsWithoutAnyVarianceAreCompared() {
        List<Double> weights = Weights.of(List.of(new Sample(50, 2, 0), new Sample(50, 1, 0)), 0.05).orElseThrow();
        assertThat(weights.get(0)).isCloseTo(0.95, within(1e-9));
        assertThat(weights.get(1)).isCloseTo(0.05, within(1e-9));
    }

    @Property(seed = "1", tries = 200)
    void weightsAddUpAndKeepTheFloor(@ForAll @IntRange(max = 1000) int a, @ForAll @IntRange(max = 1000) int b,
            @ForAll @IntRange(max = 1000) int c, @ForAll @DoubleRange(max = 0.33) double floor) {
        List<Double> weights = Weights
                .of(List.of(Sample.ofShare(a, 1000), Sample.ofShare(b, 1000), Sample.ofShare(c, 1000)), floor)
                .orElseThrow();
        assertThat(weights.stream().mapToDouble(Double::doubleValue).sum()).isCloseTo(1, within(1e-9));
        assertThat(weights).allSatisfy(weight -> assertThat(weight).isGreaterThanOrEqualTo(floor - 1e-12));
    }

    @Property(seed = "2", tries = 200)
    void theBetterArmGetsMore(@ForAll @IntRange(min = 0, max = 999) int worse,
            @ForAll @IntRange(min = 1, max = 1000) int better) {
        if (worse < better) {
            List<Double> weights = Weights.of(List.of(Sample.ofShare(better, 1000), Sample.ofShare(worse, 1000)), 0.01)
                    .orElseThrow();
            assertThat(weights.get(0)).isGreaterThanOrEqualTo(weights.get(1));
        }
    }
}
