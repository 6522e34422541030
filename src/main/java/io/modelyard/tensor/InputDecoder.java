package io.modelyard.tensor;

import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Decodes the {@code inputs} of a request into tensors by a signature, from bytes straight into primitive arrays. Immutable
 * and safe for use by many threads.
 *
 * <p>{@code inputs} is one of: rows as arrays; rows as objects, by column name or by input name; one row, as an object or
 * as a flat array (for an input of one value a row, a flat array is many rows); or an object of whole tensors by input
 * name. A {@code null} is a missing value where the model knows those. An input may take more than that
 * ({@link #accepting}).
 */
public final class InputDecoder {
    private final Signature signature;
    private final RowLayout layout;
    private final List<Acceptance> acceptances;

    public InputDecoder(Signature signature) {
        this(signature, RowLayout.of(signature),
                Collections.nCopies(signature.inputs().size(), Acceptance.NOTHING_MORE));
    }

    private InputDecoder(Signature signature, RowLayout layout, List<Acceptance> acceptances) {
        this.signature = signature;
        this.layout = layout;
        this.acceptances = acceptances;
    }

    /**
     * A decoder that takes more than this signature says.
     *
     * @param more one for each input
     */
    public InputDecoder accepting(List<Acceptance> more) {
        return new InputDecoder(signature, layout, List.copyOf(more));
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
        return new InputDecoding(signature, layout, acceptances, reader, pointer, maxRows).decode();
    }

    /** What one row holds of each input, as {@link InputRows} has it behind the axis of rows. */
    public Shape rowShape(int input) {
        return layout.rowShape(input);
    }

    public Signature signature() {
        return signature;
    }

    /** Whether a row may be written as a flat array of the values of all inputs, its columns. */
    public boolean isFlat() {
        return layout.isFlat();
    }

    /** The names of the columns of a flat row; empty where they have none. */
    public List<String> columnNames() {
        return layout.columnNames();
    }

    /** How many columns of a flat row belong to an input. */
    public int width(int input) {
        return layout.width(input);
    }

    /** The words that a column of a flat row takes instead of numbers. */
    public Optional<Vocabulary> vocabulary(int input, int column) {
        return Optional.ofNullable(acceptances.get(input).vocabulary(column));
    }

    RowLayout layout() {
        return layout;
    }

    Acceptance acceptance(int input) {
        return acceptances.get(input);
    }
}
