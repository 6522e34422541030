package io.modelyard.predictioncache;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.model.Model;
import io.modelyard.model.ServingFailure;
import io.modelyard.predict.AnswerSource;
import io.modelyard.predict.Freshness;
import io.modelyard.predict.Predictor;
import io.modelyard.predict.Predictor.Answered;
import io.modelyard.predict.Predictor.Inference;
import io.modelyard.serving.TestLease;
import io.modelyard.tensor.InputRows;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** Who computes, who waits, and what becomes of those who leave; all on one thread, in the order that a test says. */
class CachedPredictorTest {
    private final List<Computation> computing = new ArrayList<>();
    private final Queue<Runnable> turns = new ArrayDeque<>();
    private final Shared shared = new Shared();
    private final Model model = TestLease.model("digest", null);

    private record Computation(Inference inference, CompletableFuture<Answered> answer) {
        void finish() {
            float[] rows = ((Tensor.Floats) inference.rows().tensors().getFirst()).values();
            answer.complete(new Answered(List.of(new Tensor.Floats(Shape.of(1), new float[]{2 * rows[0]})),
                    AnswerSource.BYPASS, 0));
        }
    }

    /** A tier that answers when a test says so. */
    private static final class Shared implements PredictionCache {
        final List<CompletableFuture<Lookup>> asked = new ArrayList<>();
        final List<CacheKey> stored = new ArrayList<>();

        @Override
        public AnswerSource source() {
            return AnswerSource.REDIS;
        }

        @Override
        public CompletionStage<Lookup> find(CacheKey key, Executor after) {
            CompletableFuture<Lookup> answer = new CompletableFuture<>();
            asked.add(answer);
            return answer.thenApplyAsync(found -> found, after);
        }

        @Override
        public void store(CacheKey key, List<Tensor> outputs, Duration ttl) {
            stored.add(key);
        }

        @Override
        public long leastNanos() {
            return 20_000;
        }

        @Override
        public boolean isAvailable() {
            return true;
        }

        @Override
        public Map<String, Long> levels() {
            return Map.of();
        }

        @Override
        public Map<String, Long> counts() {
            return Map.of();
        }
    }

    private CachedPredictor predictor(CachePolicy policy, @Nullable PredictionCache far) {
        Predictor each = inference -> {
            Computation computation = new Computation(inference, new CompletableFuture<>());
            computing.add(computation);
            return computation.answer();
        };
        return new CachedPredictor(each,
                new PredictionCaches(new PredictionCacheConfiguration("5m", policy, 1_000_000),
                        new MemoryPredictionCache(1_000_000, System::nanoTime), far, runtime -> "fake 1"),
                (of, work) -> turns.add(work));
    }

    private Inference inference(float value, AtomicBoolean wanted, Freshness freshness) {
        return new Inference(TestLease.of(model),
                new InputRows(List.of(new Tensor.Floats(Shape.of(1, 1), new float[]{value})), 1), List.of("y"),
                wanted::get, freshness);
    }

    private CompletableFuture<Answered> ask(CachedPredictor predictor, float value) {
        return ask(predictor, value, new AtomicBoolean(true));
    }

    private CompletableFuture<Answered> ask(CachedPredictor predictor, float value, AtomicBoolean wanted) {
        return predictor.predict(inference(value, wanted, Freshness.ANY)).toCompletableFuture();
    }

    private void takeTurns() {
        for (Runnable turn = turns.poll(); turn != null; turn = turns.poll()) {
            turn.run();
        }
    }

    private static void demand(CompletableFuture<Answered> answer, AnswerSource source, float value) {
        assertThat(answer).isCompleted();
        assertThat(answer.join().source()).isEqualTo(source);
        assertThat(((Tensor.Floats) answer.join().outputs().getFirst()).values()).containsExactly(value);
    }

    @Test
    void thoseWhoAskMeanwhileWaitForTheSameComputation() {
        CachedPredictor predictor = predictor(CachePolicy.ALWAYS, null);
        CompletableFuture<Answered> first = ask(predictor, 7);
        CompletableFuture<Answered> second = ask(predictor, 7);
        CompletableFuture<Answered> other = ask(predictor, 8);
        assertThat(computing).hasSize(2);
        computing.get(0).finish();
        demand(first, AnswerSource.MISS, 14);
        assertThat(second).as("it has a turn of its own").isNotDone();
        takeTurns();
        demand(second, AnswerSource.MISS, 14);
        demand(ask(predictor, 7), AnswerSource.MEMORY, 14);
        assertThat(other).isNotDone();
    }

    @Test
    void aFailureIsToldToAllAndForgotten() {
        CachedPredictor predictor = predictor(CachePolicy.ALWAYS, null);
        CompletableFuture<Answered> first = ask(predictor, 7);
        CompletableFuture<Answered> second = ask(predictor, 7);
        ServingFailure failure = new ServingFailure.InferenceFailed("no", null);
        computing.getFirst().answer().completeExceptionally(failure);
        takeTurns();
        assertThat(first).isCompletedExceptionally();
        assertThat(first.exceptionNow()).isSameAs(failure);
        assertThat(second.exceptionNow()).isSameAs(failure);
        CompletableFuture<Answered> third = ask(predictor, 7);
        assertThat(computing).hasSize(2);
        computing.get(1).finish();
        demand(third, AnswerSource.MISS, 14);
    }

    @Test
    void itIsWantedWhileAnybodyWaits() {
        CachedPredictor predictor = predictor(CachePolicy.ALWAYS, null);
        AtomicBoolean wanted = new AtomicBoolean(true);
        AtomicBoolean alsoWanted = new AtomicBoolean(true);
        var _ = ask(predictor, 7, wanted);
        var _ = ask(predictor, 7, alsoWanted);
        wanted.set(false);
        assertThat(computing.getFirst().inference().isWanted().getAsBoolean()).isTrue();
        alsoWanted.set(false);
        assertThat(computing.getFirst().inference().isWanted().getAsBoolean()).isFalse();
    }

    @Test
    void whoComesWhenItWasGivenUpHasItComputedAnew() {
        CachedPredictor predictor = predictor(CachePolicy.ALWAYS, null);
        AtomicBoolean wanted = new AtomicBoolean(true);
        CompletableFuture<Answered> first = ask(predictor, 7, wanted);
        wanted.set(false);
        CompletableFuture<Answered> late = ask(predictor, 7);
        computing.getFirst().answer().completeExceptionally(new CancellationException("nobody waits for it"));
        takeTurns();
        assertThat(first).isCompletedExceptionally();
        assertThat(computing).hasSize(2);
        computing.get(1).finish();
        takeTurns();
        demand(late, AnswerSource.MISS, 14);
    }

    @Test
    void nothingIsComputedForThoseWhoLeftWhileTheSharedTierWasAsked() {
        CachedPredictor predictor = predictor(CachePolicy.ALWAYS, shared);
        AtomicBoolean wanted = new AtomicBoolean(true);
        CompletableFuture<Answered> first = ask(predictor, 7, wanted);
        wanted.set(false);
        shared.asked.getFirst().complete(new Lookup.Miss());
        takeTurns();
        assertThat(computing).isEmpty();
        assertThat(first).isCompletedExceptionally();
    }

    @Test
    void theSharedTierIsAskedOnceAndItsAnswerIsKeptHere() {
        CachedPredictor predictor = predictor(CachePolicy.ALWAYS, shared);
        CompletableFuture<Answered> first = ask(predictor, 7);
        CompletableFuture<Answered> second = ask(predictor, 7);
        assertThat(shared.asked).hasSize(1);
        List<Tensor> outputs = List.of(new Tensor.Floats(Shape.of(1), new float[]{14}));
        shared.asked.getFirst().complete(new Lookup.Hit(outputs, Duration.ofMinutes(1)));
        assertThat(first).as("it goes on when it is its turn").isNotDone();
        takeTurns();
        demand(first, AnswerSource.REDIS, 14);
        demand(second, AnswerSource.REDIS, 14);
        demand(ask(predictor, 7), AnswerSource.MEMORY, 14);
        assertThat(computing).isEmpty();
        assertThat(shared.stored).isEmpty();
    }

    @Test
    void whatTheSharedTierLacksIsComputedAndGivenToIt() {
        CachedPredictor predictor = predictor(CachePolicy.ALWAYS, shared);
        for (Lookup lookup : List.of(new Lookup.Miss(), new Lookup.Late(), new Lookup.Away())) {
            float value = shared.asked.size();
            CompletableFuture<Answered> answer = ask(predictor, value);
            shared.asked.getLast().complete(lookup);
            takeTurns();
            computing.getLast().finish();
            demand(answer, AnswerSource.MISS, 2 * value);
        }
        assertThat(shared.stored).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void anAnswerThatMustBeFreshJoinsNobodyAndIsKept() {
        CachedPredictor predictor = predictor(CachePolicy.ALWAYS, shared);
        var _ = ask(predictor, 7);
        shared.asked.getFirst().complete(new Lookup.Miss());
        takeTurns();
        CompletableFuture<Answered> fresh = predictor
                .predict(inference(7, new AtomicBoolean(true), Freshness.COMPUTED)).toCompletableFuture();
        assertThat(computing).hasSize(2);
        computing.get(1).finish();
        demand(fresh, AnswerSource.BYPASS, 14);
        demand(ask(predictor, 7), AnswerSource.MEMORY, 14);
        assertThat(shared.stored).hasSize(1);
    }

    @Test
    void aPolicyOfNeverAsksNobody() {
        CachedPredictor predictor = predictor(CachePolicy.NEVER, shared);
        for (int i = 0; i < 2; i++) {
            CompletableFuture<Answered> answer = ask(predictor, 7);
            computing.getLast().finish();
            demand(answer, AnswerSource.BYPASS, 14);
        }
        assertThat(computing).hasSize(2);
        assertThat(shared.asked).isEmpty();
    }
}
