package io.modelyard.store;

import org.jspecify.annotations.Nullable;

/** The store could not be reached, or refused. The message names the store, the key and the operation. */
public final class StoreException extends RuntimeException {
    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
