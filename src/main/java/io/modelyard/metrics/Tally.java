package io.modelyard.metrics;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts, from 0 and never down. Many threads write at once without waiting for each other, and none of them allocates anything
 * once a number was there. What is read while they write is of no exact moment, but of one for each number.
 */
class Tally {
    /** Of a request that was answered. */
    static final String OK = "ok";

    private final Layout layout;
    /** Null where nothing was counted yet: of most histograms a model needs few buckets. */
    private final AtomicReferenceArray<@Nullable LongAdder> numbers;
    private final LongAdder answered = new LongAdder();
    private final ConcurrentHashMap<String, LongAdder> failed = new ConcurrentHashMap<>();
    /** Where each histogram begins. */
    private final int[] histograms;
    private final int singles;

    Tally(Layout layout) {
        this.layout = layout;
        this.numbers = new AtomicReferenceArray<>(layout.size());
        this.histograms = new int[layout.histograms().size()];
        for (int i = 0; i < histograms.length; i++) {
            histograms[i] = layout.histogram(i);
        }
        this.singles = layout.single(0);
    }

    final void answered() {
        answered.increment();
    }

    /** @param outcome one of few words, none of them a caller's */
    final void failed(String outcome) {
        LongAdder known = failed.get(outcome);
        if (known == null) {
            known = failed.computeIfAbsent(outcome, _ -> new LongAdder());
        }
        known.increment();
    }

    final void record(int histogram, long value) {
        Scale scale = layout.histograms().get(histogram);
        int from = histograms[histogram];
        number(from + scale.bucket(value)).increment();
        number(from + scale.buckets()).add(value);
    }

    final void add(int single, long count) {
        number(singles + single).add(count);
    }

    private LongAdder number(int place) {
        LongAdder known = numbers.get(place);
        if (known != null) {
            return known;
        }
        LongAdder first = new LongAdder();
        LongAdder other = numbers.compareAndExchange(place, null, first);
        return other == null ? first : other;
    }

    final long requests() {
        long requests = answered.sum();
        for (LongAdder each : failed.values()) {
            requests += each.sum();
        }
        return requests;
    }

    final Counts read() {
        Map<String, Long> outcomes = new HashMap<>();
        outcomes.put(OK, answered.sum());
        failed.forEach((outcome, count) -> outcomes.put(outcome, count.sum()));
        long[] sums = new long[numbers.length()];
        for (int i = 0; i < sums.length; i++) {
            LongAdder number = numbers.get(i);
            sums[i] = number == null ? 0 : number.sum();
        }
        return new Counts(layout, sums, outcomes);
    }
}
