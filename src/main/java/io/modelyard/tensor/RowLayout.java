package io.modelyard.tensor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How one row of a request maps to the inputs of a signature.
 *
 * @param rowShapes for each input the shape of what one row holds of it
 * @param columns the single values of a row, in order, where every input holds a known number of them in at most one
 *        axis; empty for other signatures, whose rows cannot be written as flat arrays
 * @param columnNames the places of columns that have a name
 * @param inputNames the places of inputs
 */
record RowLayout(List<TensorSpec> inputs, List<Shape> rowShapes, List<Column> columns, NameTable columnNames,
        List<String> columnNameList, NameTable inputNames) {

    /** One value of a row: the input it belongs to and the offset in that input's row. */
    record Column(int input, int offset) {}

    static RowLayout of(Signature signature) {
        List<Shape> rowShapes = new ArrayList<>();
        for (TensorSpec input : signature.inputs()) {
            rowShapes.add(rowShape(signature, input));
        }
        boolean flat = rowShapes.stream().allMatch(shape -> shape.rank() <= 1 && shape.isKnown());
        List<Column> columns = new ArrayList<>();
        List<String> names = new ArrayList<>();
        if (flat) {
            for (int i = 0; i < rowShapes.size(); i++) {
                TensorSpec input = signature.inputs().get(i);
                int width = Math.toIntExact(rowShapes.get(i).elements());
                for (int offset = 0; offset < width; offset++) {
                    columns.add(new Column(i, offset));
                    names.add(columnName(input, offset, width));
                }
            }
        }
        Set<String> distinct = new HashSet<>(names);
        boolean named = !names.isEmpty() && !names.contains("") && distinct.size() == names.size();
        List<String> columnNames = named ? names : List.of();
        return new RowLayout(signature.inputs(), List.copyOf(rowShapes), List.copyOf(columns),
                new NameTable(columnNames),
                List.copyOf(columnNames), new NameTable(signature.inputs().stream().map(TensorSpec::name).toList()));
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

    private static String columnName(TensorSpec input, int offset, int width) {
        if (offset < input.features().size()) {
            return input.features().get(offset).name();
        }
        return width == 1 ? input.name() : "";
    }

    /** Whether rows may be written as objects by column name. */
    boolean hasNamedColumns() {
        return !columnNameList.isEmpty();
    }
}
