package io.modelyard.serving;

import io.modelyard.model.Model;

import java.time.Duration;
import java.util.Optional;

/** Tells what becomes of answers that are kept. Quick, and safe for use by many threads. */
@FunctionalInterface
public interface KeptAnswers {
    /** Empty where the model was never asked for since the start. */
    Optional<Use> of(Model model);

    /**
     * What a model's answers were, since the start.
     *
     * @param ttl how long they are kept; zero where they are not
     * @param memory how many were kept in this process
     * @param redis how many were kept where replicas share them
     * @param misses how many were computed because no cache had them; those are among them that were computed for several
     *        requests at once
     * @param shared how many of the misses were computed for another request
     * @param bypassed how many were computed without asking a cache
     */
    record Use(Duration ttl, long memory, long redis, long misses, long shared, long bypassed) {
        /** The part that was kept, of all; 0 where there were none. */
        public double hitRate() {
            long all = memory + redis + misses + bypassed;
            return all == 0 ? 0 : (double) (memory + redis) / all;
        }
    }
}
