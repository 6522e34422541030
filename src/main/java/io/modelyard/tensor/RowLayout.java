package io.modelyard.tensor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * How one row of a request maps to the inputs of a signature. Where every input holds a known number of values in at most
 * one axis, a row may be written as a flat array of them, its columns. Immutable.
 */
final class RowLayout {
    private final List<TensorSpec> inputs;
    private final NameTable inputNames;
    private final List<Shape> rowShapes;
    private final boolean flat;
    private final List<String> columnNames;
    private final NameTable columns;
    /** For each named column its input, and for each input its first named column. */
    private final int[] columnInputs;
    private final int[] firstColumns;

    private RowLayout(List<TensorSpec> inputs, List<Shape> rowShapes) {
        this.inputs = inputs;
        this.inputNames = new NameTable(inputs.stream().map(TensorSpec::name).toList());
        this.rowShapes = rowShapes;
        this.flat = rowShapes.stream().allMatch(shape -> shape.rank() <= 1 && shape.isKnown());
        this.columnNames = flat ? namesOfColumns() : List.of();
        this.columns = new NameTable(columnNames);
        this.columnInputs = new int[columnNames.size()];
        this.firstColumns = new int[inputs.size()];
        if (hasNamedColumns()) {
            int place = 0;
            for (int input = 0; input < inputs.size(); input++) {
                firstColumns[input] = place;
                for (int offset = 0; offset < length(rowShapes.get(input)); offset++) {
                    columnInputs[place++] = input;
                }
            }
        }
    }

    static RowLayout of(Signature signature) {
        return new RowLayout(signature.inputs(),
                signature.inputs().stream().map(input -> rowShape(signature, input)).toList());
    }

    /**
     * What one row holds of an input: all but the first axis where that counts rows, or is always 1; else all of it, for a
     * model that takes one row a call.
     */
    private static Shape rowShape(Signature signature, TensorSpec input) {
        boolean countsRows = signature.inputs().stream().allMatch(TensorSpec::isBatched);
        boolean isOne = input.shape().rank() > 1 && input.shape().dim(0) == 1;
        return countsRows || isOne ? input.shape().row() : input.shape();
    }

    /** How many values a row of a known shape has; no text has more than the greatest int, so that stands for more. */
    static int length(Shape rowShape) {
        long length = 1;
        for (int axis = 0; axis < rowShape.rank(); axis++) {
            length = Math.min(length, Integer.MAX_VALUE) * Math.min(rowShape.dim(axis), Integer.MAX_VALUE);
        }
        return (int) Math.min(length, Integer.MAX_VALUE);
    }

    /** The names of all columns; none where one has no name, or two have the same. */
    private List<String> namesOfColumns() {
        List<String> names = new ArrayList<>();
        for (int input = 0; input < inputs.size(); input++) {
            TensorSpec spec = inputs.get(input);
            int length = length(rowShapes.get(input));
            if (length <= spec.features().size()) {
                spec.features().stream().limit(length).map(Feature::name).forEach(names::add);
            } else if (length == 1) {
                names.add(spec.name());
            } else {
                return List.of();
            }
        }
        return new HashSet<>(names).size() == names.size() ? List.copyOf(names) : List.of();
    }

    List<TensorSpec> inputs() {
        return inputs;
    }

    TensorSpec input(int input) {
        return inputs.get(input);
    }

    /** The places of inputs. */
    NameTable inputNames() {
        return inputNames;
    }

    /** For each input the shape of what one row holds of it. */
    List<Shape> rowShapes() {
        return rowShapes;
    }

    Shape rowShape(int input) {
        return rowShapes.get(input);
    }

    /** Whether a row may be written as a flat array of all its values. */
    boolean isFlat() {
        return flat;
    }

    /** How many values a flat row has of an input. */
    int width(int input) {
        return length(rowShapes.get(input));
    }

    /** How many values a flat row has. */
    long width() {
        return rowShapes.stream().mapToLong(RowLayout::length).sum();
    }

    /** Whether each row is one bare value. */
    boolean isBare() {
        return inputs.size() == 1 && rowShapes.getFirst().rank() == 0;
    }

    /** Whether rows may be written as objects by column name. */
    boolean hasNamedColumns() {
        return !columnNames.isEmpty();
    }

    List<String> columnNames() {
        return columnNames;
    }

    /** The places of named columns. */
    NameTable columns() {
        return columns;
    }

    /** The input that a named column belongs to. */
    int inputOf(int column) {
        return columnInputs[column];
    }

    /** The place of a named column in its input's row. */
    int offsetOf(int column) {
        return column - firstColumns[columnInputs[column]];
    }

    /** The first named column of an input; the others follow. */
    int firstColumn(int input) {
        return firstColumns[input];
    }

    /** Whether a named column is called as its input is, whose only value it is. */
    boolean isWholeInput(int column) {
        int input = columnInputs[column];
        return width(input) == 1 && columnNames.get(column).equals(inputs.get(input).name());
    }
}
