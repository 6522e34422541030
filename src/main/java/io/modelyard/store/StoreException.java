package io.modelyard.store;

import org.jspecify.annotations.Nullable;

/** The store could not be reached, or refused. The message names the store, the key and the operation. */
public final class StoreException extends RuntimeException {
    private final boolean denied;

    public StoreException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    /** @param denied whether the store refused because of who asked */
    public StoreException(String message, @Nullable Throwable cause, boolean denied) {
        super(message, cause);
        this.denied = denied;
    }

    /** Whether it was refused because of who asked: trying again does not help, other rights do. */
    public boolean isDenied() {
        return denied;
    }
}
