package io.modelyard.store;

import java.util.Locale;

/**
 * Is told what a store was asked and how that went: of every HTTP request, repeated ones too, where the store is reached
 * by HTTP; else of every call of {@link ObjectStore}. Called on the thread that asks, so it must be quick and must not
 * throw.
 */
@FunctionalInterface
public interface StoreObserver {
    /** Listens to nothing. */
    StoreObserver NONE = request -> {};

    void observed(Request request);

    /**
     * @param operation one of a few fixed words, {@code get} for example
     * @param nanos what was spent waiting for the store, reading the content included
     * @param bytesOut size of the content that was sent
     * @param bytesIn size of the content that was read
     */
    record Request(String operation, Outcome outcome, long nanos, long bytesOut, long bytesIn) {}

    /** How a request ended. */
    enum Outcome {
        OK, NOT_MODIFIED, NOT_FOUND,
        /** What was to be created is there, or is another than was asked for. */
        CONFLICT, DENIED,
        /** The store asks to slow down. */
        THROTTLED, TIMEOUT,
        /** The store failed, or could not be reached, or the connection broke. */
        ERROR;

        /** The word for metrics. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
