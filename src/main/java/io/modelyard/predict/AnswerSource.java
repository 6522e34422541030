package io.modelyard.predict;

import java.util.Locale;

/** Where an answer came from. */
public enum AnswerSource {
    /** From this process' prediction cache. */
    MEMORY,
    /** From the prediction cache that replicas share. */
    REDIS,
    /** Computed: no cache that was asked had it. */
    MISS,
    /** Computed, and no cache was asked; also what never came to be computed. */
    BYPASS;

    /** Whether it was computed before. */
    public boolean isCached() {
        return this == MEMORY || this == REDIS;
    }

    /** As headers and metrics call it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
