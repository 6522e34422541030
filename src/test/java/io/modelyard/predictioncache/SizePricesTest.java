package io.modelyard.predictioncache;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.predictioncache.SizePrices.Asked;
import io.modelyard.tensor.InputRows;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** What is asked of a model whose times are as a test says. */
class SizePricesTest {
    private static final long MICRO = 1_000;
    private static final int REQUESTS = 40_000;

    private final MemoryPredictionCache tier = new MemoryPredictionCache(1_000, System::nanoTime);
    private final SizePrices prices = new SizePrices(tier, null);
    private final InputSample sample = new InputSample();
    private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(3);

    private static InputRows row(int input) {
        return new InputRows(List.of(new Tensor.Ints(Shape.of(1, 1), new int[]{input})), 1);
    }

    /** Asks for so many different inputs; how many look-ups were made in the second half. */
    private int lookups(int different, long compute, long lookup) {
        boolean[] kept = new boolean[different];
        int lookups = 0;
        for (int request = 0; request < REQUESTS; request++) {
            int input = random.nextInt(different);
            Asked asked = prices.asked(row(input), sample);
            boolean found = false;
            if (asked.near()) {
                lookups += request >= REQUESTS / 2 ? 1 : 0;
                found = kept[input];
                prices.near().lookedUp(lookup, found);
            }
            if (!found) {
                prices.computed(compute);
                if (asked.near()) {
                    kept[input] = true;
                    prices.near().stored(lookup);
                }
            }
        }
        return lookups;
    }

    @Test
    void inputsThatRepeatAreLookedUpAlways() {
        assertThat(lookups(100, 3 * MICRO, MICRO)).isEqualTo(REQUESTS / 2);
    }

    @Test
    void inputsThatNeverRepeatCostAHundredth() {
        int lookups = lookups(Integer.MAX_VALUE >> 6, 3 * MICRO, MICRO);
        assertThat((double) lookups * 2 * MICRO / (REQUESTS / 2 * 3.0 * MICRO)).isBetween(0.003, 0.015);
    }

    @Test
    void whenInputsBeginToRepeatItIsNoticed() {
        assertThat(lookups(Integer.MAX_VALUE >> 6, 3 * MICRO, MICRO)).isLessThan(REQUESTS / 40);
        assertThat(lookups(50, 3 * MICRO, MICRO)).isGreaterThan(REQUESTS / 4);
    }

    @Test
    void aSlowModelIsLookedUpAlsoWhereHardlyAnythingRepeats() {
        assertThat(lookups(Integer.MAX_VALUE >> 6, 5_000 * MICRO, MICRO)).isEqualTo(REQUESTS / 2);
    }

    @Test
    void theFirstLookUpMayTakeVeryLong() {
        prices.hashed(40_000 * MICRO);
        prices.near().lookedUp(40_000 * MICRO, false);
        prices.near().stored(40_000 * MICRO);
        prices.computed(3 * MICRO);
        assertThat(lookups(100, 3 * MICRO, MICRO)).isEqualTo(REQUESTS / 2);
    }

    @Test
    void aThreadThatHadToWaitOnceChangesNothing() {
        RunningMean mean = new RunningMean();
        for (int i = 0; i < 100; i++) {
            mean.add(3_000);
        }
        mean.add(20_000_000);
        assertThat(mean.or(0)).isLessThan(4_000);
        for (int i = 0; i < 60; i++) {
            mean.add(300_000);
        }
        assertThat(mean.or(0)).as("what became slower is noticed").isGreaterThan(200_000);
    }
}
