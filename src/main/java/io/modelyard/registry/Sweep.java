package io.modelyard.registry;

import io.modelyard.model.ServingFailure;
import io.modelyard.store.StoreException;

/**
 * Tidies up in the store, a little at a time. Every replica does it every {@code modelyard.registry.purge-interval}, none
 * waits for another, so two at the same work must do no harm, and one that dies is followed by the next.
 */
public interface Sweep {
    /** What it does, as the end of a sentence: "files of deleted versions". */
    String what();

    /**
     * Does some of the work. Not called by two threads at once.
     *
     * @throws StoreException if the store fails or refuses; the next call tries again
     * @throws ServingFailure.Unavailable likewise
     */
    void sweep();
}
