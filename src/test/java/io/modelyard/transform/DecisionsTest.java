package io.modelyard.transform;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

import java.util.Comparator;
import java.util.stream.IntStream;

final class DecisionsTest {
    @Test
    void theGreatestComeFirstAndOfEqualsTheFirst() {
        assertThat(of(3, 0.2f, 0.5f, 0.3f).top(2)).containsExactly(1, 2);
        assertThat(of(3, 0.5f, 0.2f, 0.5f).top(3)).containsExactly(0, 2, 1);
        assertThat(of(3, Float.NaN, 0.2f, 0.5f).top(3)).containsExactly(2, 1, 0);
        assertThat(of(2, 1, 2, 4, 3).top(1)).containsExactly(1, 0);
        assertThat(of(2, 1, 2).top(9)).containsExactly(1, 0);
    }

    @Property(seed = "2611", tries = 1000)
    void theTopIsTheHeadOfAStableSort(@ForAll @Size(min = 1, max = 30) int[] numbers,
            @ForAll @IntRange(min = 1, max = 40) int most) {
        float[] values = new float[numbers.length];
        for (int i = 0; i < values.length; i++) {
            int number = Math.floorMod(numbers[i], 10);
            values[i] = number == 9 ? Float.NaN : number;
        }
        int[] sorted = IntStream.range(0, values.length).boxed()
                .sorted(Comparator.comparingDouble(i -> Float.isNaN(values[i]) ? Double.POSITIVE_INFINITY : -values[i]))
                .limit(most)
                .mapToInt(Integer::intValue).toArray();
        assertThat(of(values.length, values).top(most)).containsExactly(sorted);
    }

    @Test
    void ofTwoTheSecondDecides() {
        assertThat(of(2, 0.7f, 0.3f, 0.69f, 0.31f, Float.NaN, Float.NaN).ofTwo(0.31f)).containsExactly(0, 1, -1);
        assertThat(of(1, 0.3f, 0.31f).ofTwo(0.31f)).containsExactly(0, 1);
    }

    @Test
    void ofOneThatMeansTwoTheGreaterDecidesAndTheFirstOfEquals() {
        assertThat(of(1, 0.5f, 0.51f, 0.49f, Float.NaN).likelierOfTwo()).containsExactly(0, 1, 0, -1);
    }

    @Test
    void ofManyTheLikeliestMustReachTheThreshold() {
        assertThat(of(3, 0.2f, 0.5f, 0.3f, 0.4f, 0.4f, 0.2f).ofMany(0.5)).containsExactly(1, -1);
        assertThat(of(3, Float.NaN, Float.NaN, Float.NaN).ofMany(0)).containsExactly(-1);
        assertThat(of(3, 0.4f, 0.4f, 0.2f).ofMany(0)).containsExactly(0);
    }

    @Test
    void eachIsChosenThatReachesTheThreshold() {
        assertThat(of(2, 0.5f, 0.49f, Float.NaN, 1).ofEach(0.5)).containsExactly(true, false, false, true);
    }

    @Test
    void oneOfTwoIsTwo() {
        Tensor both = Decisions.bothOfTwo(new Tensor.Floats(Shape.of(2), new float[]{0.25f, 1}));
        assertThat(both.shape()).isEqualTo(Shape.of(2, 2));
        assertThat(((Tensor.Floats) both).values()).containsExactly(0.75f, 0.25f, 0, 1);
    }

    private static Decisions of(int width, float... values) {
        return new Decisions(new Tensor.Floats(Shape.of(values.length / width, width), values), width);
    }
}
