package io.modelyard.cli;

/** A server that cannot be reached, or failed; the message says which and how. */
final class UnreachableException extends RuntimeException {
    UnreachableException(String message) {
        super(message, null, false, false);
    }
}
