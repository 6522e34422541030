package io.modelyard.cli;

/** A version that a server does not come to serve; the message says which, where and why. */
final class NotServedException extends RuntimeException {
    NotServedException(String message) {
        super(message, null, false, false);
    }
}
