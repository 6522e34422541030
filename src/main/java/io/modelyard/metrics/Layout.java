package io.modelyard.metrics;

import java.util.List;

/**
 * What a {@link Tally} counts besides requests, and where it stands among its numbers.
 *
 * @param histograms their scales
 * @param singles how many single numbers there are
 */
record Layout(List<Scale> histograms, int singles) {
    Layout {
        histograms = List.copyOf(histograms);
    }

    int size() {
        return single(singles);
    }

    /** Where the buckets of a histogram begin; after them comes the sum of its values. */
    int histogram(int number) {
        int from = 0;
        for (int i = 0; i < number; i++) {
            from += histograms.get(i).buckets() + 1;
        }
        return from;
    }

    int single(int number) {
        return histogram(histograms.size()) + number;
    }
}
