package io.modelyard.http;

/** The body of a request came too slowly to be waited for. */
final class SlowBodyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SlowBodyException() {
        super("the body came too slowly", null, false, false);
    }
}
