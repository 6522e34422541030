package io.modelyard.serving;

import io.modelyard.model.Model;

import java.time.Duration;

/** Is told how loads end. Called on the threads that load: it must not block. */
public interface LoadWatch {
    /** The model is READY. */
    void ready(Model model, Times times);

    /**
     * The model could not be loaded.
     *
     * @param forRoom whether nothing was wrong but that there was no room for it
     */
    void failed(Model model, boolean forRoom, Duration took);

    /**
     * How long a load took, one part after the other.
     *
     * @param files until they were there, and had been tried by a child process
     * @param room until there was room in memory, and a thread to load it
     * @param read until its runtime had it
     * @param warmUp until its examples had run
     */
    record Times(Duration files, Duration room, Duration read, Duration warmUp) {
        public Duration total() {
            return files.plus(room).plus(read).plus(warmUp);
        }
    }
}
