package io.modelyard.trial;

import java.time.Duration;

/** Is told how trials of models that were not tried before end. Called on the threads that load: it must not block. */
@FunctionalInterface
public interface TrialWatch {
    void tried(String runtime, End end, Duration took);

    /** What became of a trial. */
    enum End {
        /** The model works. */
        PASSED,
        /** It ended its process. */
        KILLED,
        /** It cannot be served. */
        REFUSED,
        /** It needs more memory than there is. */
        OUT_OF_MEMORY,
        /** It did not come to an end. */
        UNDECIDED
    }
}
