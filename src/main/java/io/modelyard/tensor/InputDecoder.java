package io.modelyard.tensor;

/**
 * Decodes the {@code inputs} of a request into tensors by a signature, from bytes straight into primitive arrays. Immutable
 * and safe for use by many threads.
 *
 * <p>{@code inputs} is one of: rows as arrays; rows as objects, by column name or by input name; one row, as an object or
 * as a flat array (for an input of one value a row, a flat array is many rows); or an object of whole tensors by input
 * name. A {@code null} is a missing value where the model knows those.
 */
public final class InputDecoder {
    private final Signature signature;
    private final RowLayout layout;

    public InputDecoder(Signature signature) {
        this.signature = signature;
        this.layout = RowLayout.of(signature);
    }

    /**
     * Reads the value that is next.
     *
     * @param pointer JSON pointer to that value, for errors
     * @throws InvalidInputException if it does not fit the signature, with the first ten places
     * @throws TooManyRowsException if it has more than {@code maxRows} rows
     * @throws JsonSyntaxException if it is not JSON
     */
    public InputRows decode(JsonReader reader, String pointer, int maxRows) {
        return new InputDecoding(signature, layout, reader, pointer, maxRows).decode();
    }

    /** What one row holds of each input, as {@link InputRows} has it behind the axis of rows. */
    public Shape rowShape(int input) {
        return layout.rowShape(input);
    }
}
