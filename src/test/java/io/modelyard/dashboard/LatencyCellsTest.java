package io.modelyard.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

final class LatencyCellsTest {
    @Test
    void nothingHasNoQuantile() {
        assertThat(LatencyCells.quantile(new long[LatencyCells.COUNT], 0.5)).isNaN();
    }

    @Test
    void quantilesAreOffByLessThanATenth() {
        long[] cells = new long[LatencyCells.COUNT];
        for (int i = 1; i <= 10_000; i++) {
            cells[LatencyCells.of(i * 10_000L)]++;
        }
        assertThat(LatencyCells.quantile(cells, 0.5)).isCloseTo(50, Percentage.withPercentage(10));
        assertThat(LatencyCells.quantile(cells, 0.95)).isCloseTo(95, Percentage.withPercentage(10));
        assertThat(LatencyCells.quantile(cells, 0.99)).isCloseTo(99, Percentage.withPercentage(10));
    }

    @Test
    void oneLatencyLiesInItsCell() {
        for (long nanos = 1_100; nanos < 60_000_000_000L; nanos = nanos * 17 / 10) {
            long[] cells = new long[LatencyCells.COUNT];
            cells[LatencyCells.of(nanos)]++;
            assertThat(LatencyCells.quantile(cells, 1)).isCloseTo(nanos / 1e6, within(nanos / 1e6 * 0.25));
        }
    }

    @Test
    void whatIsBeyondTheCellsIsInTheFirstOrTheLast() {
        assertThat(LatencyCells.of(0)).isZero();
        assertThat(LatencyCells.of(Long.MAX_VALUE)).isEqualTo(LatencyCells.COUNT - 1);
    }
}
