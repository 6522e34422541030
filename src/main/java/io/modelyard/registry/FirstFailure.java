package io.modelyard.registry;

import io.modelyard.model.ServingFailure;
import io.modelyard.store.StoreException;
import org.jspecify.annotations.Nullable;

/** Goes on with the other parts of some work when one fails for reasons of the store. For one thread. */
public final class FirstFailure {
    private @Nullable RuntimeException first;

    public void collect(Runnable part) {
        try {
            part.run();
        } catch (StoreException | ServingFailure e) {
            if (first == null) {
                first = e;
            }
        }
    }

    /** Throws the first failure, if there was one. */
    public void rethrow() {
        if (first != null) {
            throw first;
        }
    }
}
