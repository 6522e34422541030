package io.modelyard.trial;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.ModelRuntime;

import java.util.List;

/**
 * What a child process is started for. It has a public constructor without parameters, and all that it knows is in its
 * task: the child has no configuration but that of the runtimes, and no other beans.
 */
public interface Errand {
    /** The runtime that the task is for: its library is loaded before the memory is measured. */
    String runtime(JsonNode task);

    /**
     * Does it.
     *
     * @param runtimes with the options that they have in the server
     * @return the answer that the server gets
     * @throws InvalidModelException which the server throws as its own
     */
    JsonNode run(JsonNode task, List<ModelRuntime> runtimes) throws InvalidModelException;
}
