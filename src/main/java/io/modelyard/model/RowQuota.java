package io.modelyard.model;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** How many rows somebody may have predicted. Safe for use by many threads; does not block. */
@FunctionalInterface
public interface RowQuota {
    /** The answer where there is nothing to wait for. */
    CompletionStage<Void> GRANTED = CompletableFuture.completedStage(null);

    RowQuota UNLIMITED = _ -> GRANTED;

    /**
     * Takes so many rows, all or none.
     *
     * @return completes when they may be predicted, at once where that is known here; fails with
     *         {@link ServingFailure.Overloaded} where they may not be now, and with {@link ServingFailure.BatchTooLarge} where so
     *         many can never be
     */
    CompletionStage<Void> take(int rows);
}
