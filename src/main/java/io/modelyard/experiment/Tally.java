package io.modelyard.experiment;

import io.modelyard.model.Experiment;
import io.modelyard.model.Model;
import io.modelyard.predict.Exchange;
import io.modelyard.predict.ExchangeObserver;
import jakarta.inject.Singleton;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what becomes of requests that were given to an arm, until somebody takes the counts. Thread-safe; never blocks. */
@Singleton
final class Tally implements ExchangeObserver {
    /** Outcomes that are no bucket of {@link LatencyScale}. */
    static final int ERROR = -1;
    static final int REJECTED = -2;

    private static final int TOO_MANY_REQUESTS = 429;

    private final ConcurrentHashMap<Key, Amount> counts = new ConcurrentHashMap<>();

    /** @param outcome a bucket of {@link LatencyScale}, or one of the others */
    record Key(String experiment, String arm, String version, int outcome) {}

    /** @param nanos all together */
    record Amount(long requests, long rows, long nanos) {
        Amount plus(Amount other) {
            return new Amount(requests + other.requests, rows + other.rows, nanos + other.nanos);
        }
    }

    record Count(Key key, Amount amount) {}

    @Override
    public void observed(Exchange exchange) {
        Experiment.Assignment arm = exchange.assignment();
        Model model = exchange.model();
        if (arm != null && model != null) {
            boolean isAnswered = exchange.status() < 400;
            add(new Count(new Key(arm.experiment(), arm.arm(), model.id().version(), outcome(exchange)),
                    isAnswered ? new Amount(1, exchange.rows(), exchange.timing().total()) : new Amount(1, 0, 0)));
        }
    }

    private static int outcome(Exchange exchange) {
        if (exchange.status() < 400) {
            return LatencyScale.bucket(exchange.timing().total());
        }
        return exchange.status() >= 500 || exchange.status() == TOO_MANY_REQUESTS ? ERROR : REJECTED;
    }

    /** Also gives back what could not be used. */
    void add(Count count) {
        counts.merge(count.key(), count.amount(), Amount::plus);
    }

    /** What was counted since the last time, and not again. */
    List<Count> take() {
        List<Count> taken = new ArrayList<>();
        for (Key key : counts.keySet()) {
            Amount amount = counts.remove(key);
            if (amount != null) {
                taken.add(new Count(key, amount));
            }
        }
        return taken;
    }
}
