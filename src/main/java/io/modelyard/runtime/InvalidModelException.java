package io.modelyard.runtime;

import org.jspecify.annotations.Nullable;

/** Files that cannot be served as a model. The message says what is wrong, in which file, and what to do. */
public final class InvalidModelException extends Exception {
    public InvalidModelException(String message) {
        this(message, null);
    }

    public InvalidModelException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The message, which is never absent. */
    public String reason() {
        String message = getMessage();
        return message == null ? toString() : message;
    }
}
