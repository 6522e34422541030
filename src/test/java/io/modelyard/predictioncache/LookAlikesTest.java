package io.modelyard.predictioncache;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.model.Model;
import io.modelyard.predict.AnswerSource;
import io.modelyard.predict.Freshness;
import io.modelyard.predict.Predictor;
import io.modelyard.predict.Predictor.Answered;
import io.modelyard.predict.Predictor.Inference;
import io.modelyard.serving.TestLease;
import io.modelyard.tensor.Tensor;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Pairs of questions that look alike: the second is the first with another shape, dtype, model, library, order of outputs, NaN,
 * zero or cut between tensors, or it is the same. The answer is always its own, and it is kept where it is the same.
 */
class LookAlikesTest {
    private static final int PAIRS = Integer.getInteger("modelyard.test.cache-pairs", 20_000);
    private static final long SEED = Long.getLong("modelyard.test.seed", 20261121L);

    private final MemoryPredictionCache near = new MemoryPredictionCache(64_000_000, System::nanoTime);
    private final AtomicReference<Question> asked = new AtomicReference<>();
    private final Predictor model = inference -> CompletableFuture.completedFuture(asked.get().answer());
    /** Of one store, with another version of a library each. */
    private final List<CachedPredictor> replicas = List.of(replica("fake 1"), replica("fake 2"));

    private CachedPredictor replica(String library) {
        PredictionCacheConfiguration configuration = new PredictionCacheConfiguration("5m",
                CachePolicy.ALWAYS, 64_000_000);
        return new CachedPredictor(model, new PredictionCaches(configuration, near, null, runtime -> library),
                (of, work) -> work.run());
    }

    private Answered ask(Question question) {
        asked.set(question);
        Model of = TestLease.model(question.digest(), null);
        return replicas.get(question.evaluator())
                .predict(new Inference(TestLease.of(of), question.rows(), question.outputs(), () -> true,
                        Freshness.ANY))
                .toCompletableFuture().join();
    }

    @Test
    void nobodyGetsTheAnswerToAnotherQuestion() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
        int same = 0;
        int found = 0;
        int cached = 0;
        for (int pair = 0; pair < PAIRS; pair++) {
            Question first = Question.random(random);
            Question second = first.like(random);
            Answered one = ask(first);
            Answered other = ask(second);
            cached += one.source().isCached() ? 1 : 0;
            demand(first, one);
            demand(second, other);
            if (first.told().equals(second.told())) {
                same++;
                found += other.source() == AnswerSource.MEMORY ? 1 : 0;
            }
        }
        // A full cache may not take what is new.
        boolean full = !Long.valueOf(0).equals(near.counts().get("evictions"));
        assertThat(found).as("answers that were there for the same question again")
                .isBetween(full ? same / 2 : same, same);
        assertThat(same).as("pairs of the same question").isBetween(PAIRS / 20, PAIRS / 2);
        assertThat(cached).as("firsts that were asked in an earlier pair").isPositive();
    }

    private static void demand(Question question, Answered answered) {
        Answered truth = question.answer();
        if (answered.outputs().size() != truth.outputs().size()) {
            throw new AssertionError("other outputs for " + question.told());
        }
        for (int i = 0; i < truth.outputs().size(); i++) {
            String said = ((Tensor.Strings) answered.outputs().get(i)).values()[0];
            String expected = ((Tensor.Strings) truth.outputs().get(i)).values()[0];
            if (!said.equals(expected)) {
                throw new AssertionError("asked " + expected + "\nand got " + said);
            }
        }
    }
}
