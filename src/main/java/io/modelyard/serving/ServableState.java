package io.modelyard.serving;

/** The life of a servable on this replica. */
public enum ServableState {
    /** Published, and not in memory: the next request loads it. */
    REGISTERED,
    /** Its files are being fetched and verified. */
    DOWNLOADING,
    /** Its runtime reads the files. */
    LOADING,
    /** Loaded; its examples are being run. */
    WARMING,
    /** Answers at once, and gave the right answers to its examples. */
    READY,
    /** Answers what it was asked before, and nothing new. */
    DRAINING,
    /** Its memory was given back. */
    UNLOADED,
    /** Could not be loaded, for a reason that is told; tried again after a while. */
    FAILED
}
