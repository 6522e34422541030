package io.modelyard.predict;

import io.modelyard.model.Model;
import jakarta.inject.Singleton;

/** How busy predictions keep this replica, each number as it is when it is asked for. Safe for use by many threads. */
@Singleton
public final class PredictionLoad {
    private final Passages passages;
    private final PredictionThreads threads;

    PredictionLoad(Passages passages, PredictionThreads threads) {
        this.passages = passages;
        this.threads = threads;
    }

    /** Requests under way, those included that wait. */
    public int inFlight() {
        return passages.size();
    }

    /** Requests that may be under way. */
    public int maxInFlight() {
        return passages.limit();
    }

    /** Requests for one model that are under way, those included that wait for it to be loaded. */
    public int inFlight(Model model) {
        return threads.inFlight(model);
    }

    /** Pieces of work that wait for a thread. */
    public int queueDepth() {
        return threads.queueDepth();
    }

    public int threads() {
        return threads.size();
    }

    /** Threads that compute. */
    public int busyThreads() {
        return threads.busy();
    }
}
