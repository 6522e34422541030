package io.modelyard.metrics;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** What a {@link Tally} had counted at one moment, or the difference or sum of such. Never changes. */
final class Counts {
    private final Layout layout;
    private final long[] numbers;
    private final Map<String, Long> outcomes;

    Counts(Layout layout, long[] numbers, Map<String, Long> outcomes) {
        this.layout = layout;
        this.numbers = numbers.clone();
        this.outcomes = Map.copyOf(outcomes);
    }

    static Counts none(Layout layout) {
        return new Counts(layout, new long[layout.size()], Map.of());
    }

    Counts plus(Counts other) {
        return combine(other, 1);
    }

    Counts minus(Counts other) {
        return combine(other, -1);
    }

    private Counts combine(Counts other, int sign) {
        long[] combined = numbers.clone();
        for (int i = 0; i < combined.length; i++) {
            combined[i] += sign * other.numbers[i];
        }
        Map<String, Long> both = new HashMap<>(outcomes);
        other.outcomes.forEach((outcome, count) -> both.merge(outcome, sign * count, Long::sum));
        return new Counts(layout, combined, both);
    }

    /** Requests by how they ended; by name. */
    Map<String, Long> outcomes() {
        return new TreeMap<>(outcomes);
    }

    long requests(String outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    long requests() {
        return outcomes.values().stream().mapToLong(Long::longValue).sum();
    }

    long single(int number) {
        return numbers[layout.single(number)];
    }

    /** How many values came into each bucket of a histogram. */
    long[] buckets(int histogram) {
        int from = layout.histogram(histogram);
        long[] buckets = new long[layout.histograms().get(histogram).buckets()];
        System.arraycopy(numbers, from, buckets, 0, buckets.length);
        return buckets;
    }

    /** Of the values of a histogram. */
    long sum(int histogram) {
        return numbers[layout.histogram(histogram) + layout.histograms().get(histogram).buckets()];
    }
}
