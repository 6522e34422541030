package io.modelyard.cli;

/** An argument that makes no sense; the message says which and what would. */
final class BadArgumentException extends RuntimeException {
    BadArgumentException(String message) {
        super(message, null, false, false);
    }
}
