package io.modelyard.predictioncache;

import io.modelyard.model.Model;
import io.modelyard.predict.AnswerSource;
import io.modelyard.predict.Freshness;
import io.modelyard.predict.Predictor;
import io.modelyard.predictioncache.SizePrices.Asked;
import io.modelyard.tensor.Tensor;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * Looks for an answer that was computed before: in this process first, then where replicas share them. What is missing is
 * computed once for all who ask at the same time. Failures are told to all of them and not kept. Safe for use by many threads.
 */
public final class CachedPredictor implements Predictor {
    private final Predictor each;
    private final PredictionCaches caches;
    private final PredictionCache near;
    private final @Nullable PredictionCache far;
    private final BiConsumer<Model, Runnable> resume;
    private final ConcurrentHashMap<CacheKey, Flight> flights = new ConcurrentHashMap<>();

    /**
     * @param each computes
     * @param resume goes on with a model's request on a thread that computes
     */
    public CachedPredictor(Predictor each, PredictionCaches caches, BiConsumer<Model, Runnable> resume) {
        this.each = each;
        this.caches = caches;
        this.near = caches.near();
        this.far = caches.far().orElse(null);
        this.resume = resume;
    }

    /** One request that asks, and what it asks. */
    private record Question(Inference inference, CachedModel model, SizePrices prices, Asked asked, CacheKey key) {}

    @Override
    public CompletionStage<Answered> predict(Inference inference) {
        try {
            return answer(inference);
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletionStage<Answered> answer(Inference inference) {
        CachedModel model = caches.cached(inference.lease().model());
        if (!model.isKept() || inference.freshness() == Freshness.UNKEPT) {
            return counted(each.predict(inference), model);
        }
        SizePrices prices = model.prices(inference.rows());
        Asked asked = model.asked(inference.rows(), prices);
        if (!asked.any()) {
            return counted(computed(inference, prices), model);
        }
        long start = System.nanoTime();
        Question question = new Question(inference, model, prices, asked,
                model.keys().of(inference.outputs(), inference.rows()));
        prices.hashed(System.nanoTime() - start);
        if (inference.freshness() == Freshness.COMPUTED) {
            return counted(computed(inference, prices).whenComplete((answered, failure) -> {
                if (answered != null) {
                    storeNear(question, answered.outputs(), model.ttl());
                    storeFar(question, answered.outputs());
                }
            }), model);
        }
        return counted(findNear(question).<CompletionStage<Answered>>map(CompletableFuture::completedFuture)
                .orElseGet(() -> flyOrBoard(question)), model);
    }

    /** In this process, if it is asked. */
    private Optional<Answered> findNear(Question question) {
        if (!question.asked().near()) {
            return Optional.empty();
        }
        long start = System.nanoTime();
        // It always knows at once.
        Lookup found = near.find(question.key(), Runnable::run).toCompletableFuture().join();
        question.prices().near().lookedUp(System.nanoTime() - start, found instanceof Lookup.Hit);
        return found instanceof Lookup.Hit hit
                ? Optional.of(new Answered(hit.outputs(), near.source(), 0))
                : Optional.empty();
    }

    private CompletionStage<Answered> flyOrBoard(Question question) {
        while (true) {
            Flight mine = new Flight(question.inference());
            Flight there = flights.putIfAbsent(question.key(), mine);
            if (there == null) {
                fly(question, mine);
                return mine.answer();
            }
            Optional<CompletionStage<Answered>> shared = there.board(question.inference());
            if (shared.isPresent()) {
                question.model().counts().countShared();
                return shared.get();
            }
            // It has just landed.
            flights.remove(question.key(), there);
        }
    }

    private void fly(Question question, Flight flight) {
        try {
            // Another one may have landed between the look and the start.
            Lookup landed = question.asked().near()
                    ? near.find(question.key(), Runnable::run).toCompletableFuture().join()
                    : new Lookup.Miss();
            if (landed instanceof Lookup.Hit hit) {
                land(question, flight, new Answered(hit.outputs(), near.source(), 0), null);
            } else if (question.asked().far() && far != null) {
                askFar(question, flight, far);
            } else {
                compute(question, flight);
            }
        } catch (RuntimeException | Error e) {
            // Nobody waits for ever, whatever went wrong.
            land(question, flight, null, e);
        }
    }

    private void askFar(Question question, Flight flight, PredictionCache shared) {
        Model model = question.inference().lease().model();
        Arrival arrival = new Arrival(work -> resume.accept(model, work));
        long start = System.nanoTime();
        shared.find(question.key(), arrival).whenComplete((found, failure) -> {
            try {
                long nanos = System.nanoTime() - start - arrival.waitedNanos();
                switch (found) {
                    case Lookup.Hit hit -> {
                        question.prices().far().lookedUp(nanos, true);
                        question.prices().foundFar();
                        // Not longer than it would have been there, nor than a clock that is wrong elsewhere says.
                        storeNear(question, hit.outputs(),
                                hit.left().compareTo(question.model().ttl()) < 0 ? hit.left() : question.model().ttl());
                        land(question, flight, new Answered(hit.outputs(), shared.source(), 0), null);
                    }
                    case Lookup.Miss _,Lookup.Late _ -> {
                        question.prices().far().lookedUp(nanos, false);
                        compute(question, flight);
                    }
                    case Lookup.Away _ -> compute(question, flight);
                    case null -> compute(question, flight);
                }
            } catch (RuntimeException | Error e) {
                land(question, flight, null, e);
            }
        });
    }

    private void compute(Question question, Flight flight) {
        if (!flight.isWanted()) {
            land(question, flight, null, new CancellationException("nobody waits for it"));
            return;
        }
        Inference first = flight.first();
        computed(new Inference(first.lease(), first.rows(), first.outputs(), flight::isWanted, first.freshness()),
                question.prices()).whenComplete((answered, failure) -> {
                    if (answered == null) {
                        land(question, flight, null, failure);
                    } else {
                        storeNear(question, answered.outputs(), question.model().ttl());
                        land(question, flight, answered.from(AnswerSource.MISS), null);
                        storeFar(question, answered.outputs());
                    }
                });
    }

    /** Tells all who wait. The first is told on this thread, the others take their turns: each has an answer to write. */
    private void land(Question question, Flight flight, @Nullable Answered answered, @Nullable Throwable failure) {
        flights.remove(question.key(), flight);
        List<Flight.Passenger> passengers = flight.land();
        for (Flight.Passenger passenger : passengers.subList(1, passengers.size())) {
            resume.accept(passenger.inference().lease().model(), () -> tell(passenger,
                    answered == null ? null : new Answered(answered.outputs(), answered.source(), 0), failure));
        }
        tell(passengers.getFirst(), answered, failure);
    }

    private void tell(Flight.Passenger passenger, @Nullable Answered answered, @Nullable Throwable failure) {
        if (answered != null) {
            passenger.answer().complete(answered);
            return;
        }
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        if (cause instanceof CancellationException && passenger.inference().isWanted().getAsBoolean()) {
            // It was given up because nobody wanted it, a moment before this one came.
            predict(passenger.inference()).whenComplete((again, failed) -> {
                if (again != null) {
                    passenger.answer().complete(again);
                } else {
                    passenger.answer().completeExceptionally(failed);
                }
            });
        } else {
            passenger.answer().completeExceptionally(
                    cause == null ? new IllegalStateException("neither answer nor failure") : cause);
        }
    }

    private CompletionStage<Answered> computed(Inference inference, SizePrices prices) {
        long start = System.nanoTime();
        return each.predict(inference).whenComplete((answered, failure) -> {
            if (answered != null) {
                prices.computed(System.nanoTime() - start - answered.heldNanos());
            }
        });
    }

    private void storeNear(Question question, List<Tensor> outputs, Duration ttl) {
        if (question.asked().near() && ttl.isPositive()) {
            long start = System.nanoTime();
            near.store(question.key(), outputs, ttl);
            question.prices().near().stored(System.nanoTime() - start);
        }
    }

    private void storeFar(Question question, List<Tensor> outputs) {
        if (question.asked().far() && far != null) {
            long start = System.nanoTime();
            far.store(question.key(), outputs, question.model().ttl());
            question.prices().far().stored(System.nanoTime() - start);
        }
    }

    private static CompletionStage<Answered> counted(CompletionStage<Answered> answer, CachedModel model) {
        return answer.whenComplete((answered, failure) -> {
            if (answered != null) {
                model.counts().count(answered.source());
            }
        });
    }
}
