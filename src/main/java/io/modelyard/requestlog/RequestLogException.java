package io.modelyard.requestlog;

import org.jspecify.annotations.Nullable;

/** The request log could not be written or read. */
public final class RequestLogException extends RuntimeException {
    private final boolean refused;

    /** @param refused whether the rows themselves were refused, so that the same rows will not be taken later either */
    RequestLogException(String message, boolean refused, @Nullable Throwable cause) {
        super(message, cause);
        this.refused = refused;
    }

    boolean refused() {
        return refused;
    }
}
