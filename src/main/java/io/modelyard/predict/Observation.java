package io.modelyard.predict;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import io.modelyard.http.FailureStatus;
import io.modelyard.http.RequestId;
import io.modelyard.model.ServingFailure;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gives every exchange its id, and tells the observers how it ended. */
@Singleton
final class Observation {
    private static final Logger LOG = LoggerFactory.getLogger(Observation.class);

    private final List<ExchangeObserver> observers;
    private final TimeBasedEpochGenerator ids = Generators.timeBasedEpochGenerator();
    private final Clock clock;

    Observation(List<ExchangeObserver> observers, Clock clock) {
        this.observers = List.copyOf(observers);
        this.clock = clock;
    }

    ExchangeRecord begin(PredictionCall call) {
        return new ExchangeRecord(call, ids.generate().toString(), clock.instant());
    }

    /** Completes when every observer that makes the answer wait has let it go. */
    CompletionStage<Void> end(ExchangeRecord record, @Nullable PredictionAnswer answer, @Nullable Throwable failure) {
        Exchange exchange = switch (failure) {
            case null -> record.toExchange(answer, 200, null);
            case ServingFailure known -> record.toExchange(null, FailureStatus.of(known), known.code());
            default -> record.toExchange(null, 500, "internal");
        };
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (ExchangeObserver observer : observers) {
            try {
                all = all.thenAcceptBoth(observer.answerAfter(exchange), (_, _) -> {});
            } catch (RuntimeException e) {
                // What an observer cannot do must not cost the caller the answer.
                LOG.atError().addKeyValue(RequestId.LOG_KEY, exchange.requestId()).setCause(e).log(
                        "{} failed on prediction {}", observer.getClass().getSimpleName(), exchange.predictionId());
            }
        }
        return all;
    }
}
