package io.modelyard.predictioncache;

import io.modelyard.predict.AnswerSource;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Where a model's answers came from, since the start. Safe for use by many threads. */
final class CacheCounts {
    private final Map<AnswerSource, LongAdder> answers = new EnumMap<>(AnswerSource.class);
    private final LongAdder shared = new LongAdder();

    CacheCounts() {
        for (AnswerSource source : AnswerSource.values()) {
            answers.put(source, new LongAdder());
        }
    }

    void count(AnswerSource source) {
        adder(source).increment();
    }

    /** An answer that was computed for another request at the same time. */
    void countShared() {
        shared.increment();
    }

    long of(AnswerSource source) {
        return adder(source).sum();
    }

    long shared() {
        return shared.sum();
    }

    private LongAdder adder(AnswerSource source) {
        LongAdder adder = answers.get(source);
        if (adder == null) {
            throw new IllegalStateException("there is one for each");
        }
        return adder;
    }
}
