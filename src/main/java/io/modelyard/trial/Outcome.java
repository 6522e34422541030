package io.modelyard.trial;

import com.fasterxml.jackson.databind.JsonNode;

/** How a child process ended. */
sealed interface Outcome {
    /**
     * It did its errand.
     *
     * @param memory bytes by which its resident memory grew at most, from when the runtime's library was loaded
     */
    record Done(JsonNode answer, long memory) implements Outcome {}

    /** It found that the files cannot be served. */
    record Refused(String reason) implements Outcome {}

    /** The model ended it. Another try would end the same way. */
    record Killed(String reason) implements Outcome {}

    /** The model wants more memory than there is for it, now. */
    record OutOfMemory(String reason) implements Outcome {}

    /** It says nothing of the model: it took too long, could not be started, or was ended from outside. */
    record Undecided(String reason) implements Outcome {}
}
