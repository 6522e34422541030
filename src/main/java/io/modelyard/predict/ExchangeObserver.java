package io.modelyard.predict;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Is told of every exchange, failed ones too, right before its answer goes out. Called on request threads: it must not
 * block and must not throw.
 */
public interface ExchangeObserver {
    void observed(Exchange exchange);

    /**
     * Tells of the exchange as {@link #observed} does, and says what its answer waits for: the row that is committed
     * first, for example. Called instead of {@code observed}, never beside it.
     *
     * @return completes when the answer may go out, within a bounded time and never with an exception
     */
    default CompletionStage<Void> answerAfter(Exchange exchange) {
        observed(exchange);
        return CompletableFuture.completedStage(null);
    }
}
