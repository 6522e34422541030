package io.modelyard.serving;

/**
 * The life of a servable on this replica: REGISTERED, DOWNLOADING, LOADING, WARMING, READY, DRAINING, UNLOADED; a load that
 * cannot succeed ends in FAILED instead. Each says what may be relied on while it lasts.
 */
public enum ServableState {
    /** Published, and never asked for here. It takes neither memory nor, perhaps, disk; the next request loads it. */
    REGISTERED,
    /** Its files are being fetched and verified, once for all who wait. It takes no memory. */
    DOWNLOADING,
    /**
     * Its files are there and stay there. It waits for room in memory, has it reserved, or its runtime reads the files. The
     * models in memory and it are together within the limit.
     */
    LOADING,
    /** Loaded and as its manifest describes it; its examples are being run. No request has seen it yet. */
    WARMING,
    /** Answers at once, and gave the right answers to its examples. It stays in memory as long as anybody uses it. */
    READY,
    /** Answers what it was asked before, and nothing new: a new request loads the model anew. It still takes its memory. */
    DRAINING,
    /**
     * Was in memory, and its memory was given back; why is told. It stays out, even if it is active, until a request or a
     * load asks for it.
     */
    UNLOADED,
    /**
     * Could not be loaded, for a reason that is told, and takes no memory. Requests fail at once with that reason until the
     * time of the next try, which comes later after every failure.
     */
    FAILED
}
