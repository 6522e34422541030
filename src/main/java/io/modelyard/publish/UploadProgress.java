package io.modelyard.publish;

/** Is told how far an upload has come. Called by several threads. */
public interface UploadProgress {
    /** Tells nobody. */
    UploadProgress NONE = new UploadProgress() {};

    /**
     * An upload begins.
     *
     * @param files how many there are
     * @param bytes of all of them
     * @param thereBytes of those that an earlier try brought to the store
     */
    default void begins(int files, long bytes, long thereBytes) {}

    /** So many more bytes are in the store. */
    default void stored(long bytes) {}

    /** All files are in the store. */
    default void ends() {}
}
