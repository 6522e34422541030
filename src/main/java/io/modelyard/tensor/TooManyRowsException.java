package io.modelyard.tensor;

/** A request with more rows than allowed. */
public final class TooManyRowsException extends RuntimeException {
    public TooManyRowsException(int limit) {
        super("a request may have at most " + limit + " rows; send the rest in further requests", null, false, false);
    }
}
