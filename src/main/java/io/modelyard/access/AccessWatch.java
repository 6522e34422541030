package io.modelyard.access;

/** Is told who is turned away. Called on the request's thread, so it must not block. */
public interface AccessWatch {
    /**
     * A key asked for more than it may.
     *
     * @param what {@code requests} or {@code rows}
     */
    void limited(String keyId, String what);

    /** Somebody presented what is not a valid key. */
    void failedAttempt();
}
