package io.modelyard.artifact;

import org.jspecify.annotations.Nullable;

/** The files of a version are not what its manifest says, or cannot be kept here. The message says which and why. */
public final class ArtifactException extends Exception {
    public ArtifactException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The message, which is never absent. */
    public String reason() {
        String message = getMessage();
        return message == null ? toString() : message;
    }
}
