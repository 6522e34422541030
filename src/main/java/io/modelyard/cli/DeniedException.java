package io.modelyard.cli;

/** A server refuses the key; the message says what would help. */
final class DeniedException extends RuntimeException {
    DeniedException(String message) {
        super(message, null, false, false);
    }
}
