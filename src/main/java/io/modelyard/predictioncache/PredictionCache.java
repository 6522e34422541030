package io.modelyard.predictioncache;

import io.modelyard.predict.AnswerSource;
import io.modelyard.tensor.Tensor;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * A place where outputs are kept under the key of what they were computed from. It may forget at any time and never gives
 * anything but what was stored under the key, bit for bit. Safe for use by many threads; nothing here blocks or throws.
 */
public interface PredictionCache {
    /** What an answer that comes from it says of itself. */
    AnswerSource source();

    /**
     * What is kept under the key. Completes soon, whatever happened to the tier, and never fails.
     *
     * @param after where it goes on if it does not know at once: a tier's own threads do no work for a request
     */
    CompletionStage<Lookup> find(CacheKey key, Executor after);

    /**
     * Keeps outputs, if it can.
     *
     * @param outputs nobody writes to them from now on
     * @param ttl how long they may be given out; above zero
     */
    void store(CacheKey key, List<Tensor> outputs, Duration ttl);

    /**
     * A time, in nanoseconds, within which a look-up is never done: to ask for what is computed sooner is not worth a try. 0 where
     * there is none.
     */
    long leastNanos();

    /** Whether it would be asked now. */
    boolean isAvailable();

    /** What there is now, by name: {@code entries} or {@code bytes}, for example. */
    Map<String, Long> levels();

    /** What happened since the start, by name. */
    Map<String, Long> counts();
}
