package io.modelyard.access;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Where replicas tell each other when keys were used last. Does not block. */
public interface SharedLastUses {
    /**
     * Tells what is known here, and hears what the others know.
     *
     * @param known by key
     * @return fails where nobody can be reached
     */
    CompletionStage<Map<String, Instant>> exchange(Map<String, Instant> known);
}
