package io.modelyard.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

import java.util.List;
import java.util.TreeMap;

final class LatencyScaleTest {
    @Property(seed = "1")
    void aBucketIsTrueToOnePercent(@ForAll @LongRange(min = 1_000, max = 600_000_000_000L) long nanos) {
        double millis = nanos / 1e6;
        assertThat(LatencyScale.millis(LatencyScale.bucket(nanos))).isCloseTo(millis, within(millis * 0.0101));
    }

    @Property(seed = "2")
    void aQuantileIsThatOfTheDurationsToOnePercent(
            @ForAll @Size(min = 1, max = 200) List<@LongRange(min = 1_000, max = 60_000_000_000L) Long> durations) {
        TreeMap<Integer, Long> counts = new TreeMap<>();
        durations.forEach(nanos -> counts.merge(LatencyScale.bucket(nanos), 1L, Long::sum));
        List<Long> sorted = durations.stream().sorted().toList();
        for (double share : new double[]{0.5, 0.95, 0.99, 1}) {
            double exact = sorted.get((int) Math.ceil(share * sorted.size()) - 1) / 1e6;
            assertThat(LatencyScale.quantile(counts, share)).isCloseTo(exact, within(exact * 0.0101));
        }
    }
}
