package io.modelyard.predictioncache;

import io.modelyard.predict.Predictor.Answered;
import io.modelyard.predict.Predictor.Inference;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One computation on its way, and all who wait for it. It belongs to all of them: the first may leave, and it goes on while
 * anybody is left. Each keeps its own lease until it is over. Safe for use by many threads.
 */
final class Flight {
    private final List<Passenger> passengers = new ArrayList<>();
    private boolean landed;

    record Passenger(Inference inference, CompletableFuture<Answered> answer) {}

    /** @param first whose lease and whose rows it flies with */
    Flight(Inference first) {
        passengers.add(new Passenger(first, new CompletableFuture<>()));
    }

    Inference first() {
        return passenger().inference();
    }

    /** The answer for the first. */
    CompletionStage<Answered> answer() {
        return passenger().answer();
    }

    private synchronized Passenger passenger() {
        return passengers.getFirst();
    }

    /** Empty where it is too late. */
    synchronized Optional<CompletionStage<Answered>> board(Inference inference) {
        if (landed) {
            return Optional.empty();
        }
        Passenger passenger = new Passenger(inference, new CompletableFuture<>());
        passengers.add(passenger);
        return Optional.of(passenger.answer());
    }

    /** Whether anybody still waits. */
    synchronized boolean isWanted() {
        return passengers.stream().anyMatch(passenger -> passenger.inference().isWanted().getAsBoolean());
    }

    /** From now on nobody boards; those who are there. */
    synchronized List<Passenger> land() {
        landed = true;
        return List.copyOf(passengers);
    }
}
