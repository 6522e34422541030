package io.modelyard.runtime;

import org.jspecify.annotations.Nullable;

/** The library refused or failed to compute; the message is the library's, made readable. */
public final class InferenceException extends RuntimeException {
    public InferenceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
