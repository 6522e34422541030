package io.modelyard.predict;

import io.modelyard.model.ServingFailure;

import java.util.concurrent.atomic.AtomicInteger;

/** How many rows predictions may have that came in one request. Safe for use by many threads. */
@FunctionalInterface
interface RowAllowance {
    /** Of a prediction that came alone: its own limit is enough. */
    RowAllowance ALONE = _ -> {};

    /** @throws ServingFailure.BatchTooLarge if so many are not left; then none is taken */
    void take(int rows);

    /** @param most rows that all predictions may have together */
    static RowAllowance shared(int most) {
        AtomicInteger taken = new AtomicInteger();
        return rows -> {
            int before = taken.getAndUpdate(now -> rows <= most - now ? now + rows : now);
            if (rows > most - before) {
                throw new ServingFailure.BatchTooLarge("the items of one request may have " + most
                        + " rows together, and " + before + " came before the " + rows
                        + " of this one; send it in another request");
            }
        };
    }
}
