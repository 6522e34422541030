package io.modelyard.tensor;

import org.jspecify.annotations.Nullable;

/** The tensor of one input while its rows are read. For one thread. */
final class TensorBuilder {
    private final JsonReader reader;
    private final Problems problems;
    private final Shape rowShape;
    private final ValueBuffer values;
    /** What one row holds; axes of any length get theirs from the first row that is sound. */
    private final long[] dims;
    /** How many values a row has; -1 while that is not known. */
    private long rowLength;

    TensorBuilder(TensorSpec input, Shape rowShape, boolean missingAllowed, Acceptance acceptance, JsonReader reader,
            Problems problems) {
        this.reader = reader;
        this.problems = problems;
        this.rowShape = rowShape;
        this.dims = rowShape.toArray();
        this.rowLength = rowShape.isKnown() ? RowLayout.length(rowShape) : -1;
        this.values = new ValueBuffer(input.dtype(), missingAllowed, acceptance, reader, (int) Math.max(rowLength, 0));
    }

    /** All rows, which must have been read without a problem. */
    Tensor toTensor(int rows) {
        return values.toTensor(Shape.of(dims).times(rows));
    }

    /**
     * Reads one value of row number {@code row}, where the length of rows is known.
     *
     * @return what is wrong with the value, which then is passed; null where it was stored
     */
    @Nullable
    String readValue(int row, int offset) {
        return values.read(row * rowLength + offset);
    }

    /** Reads row number {@code row}, nested as its shape says. */
    void readRow(int row) {
        boolean settles = rowLength < 0;
        long stop = nested(0, settles ? 0 : row * rowLength);
        if (settles && stop >= 0) {
            rowLength = stop;
        }
    }

    /** Reads nested arrays from axis {@code axis} on; returns the place behind the last value, -1 after a problem. */
    private long nested(int axis, long at) {
        if (axis == dims.length) {
            String wrong = values.read(at);
            if (wrong != null) {
                problems.add(wrong);
            }
            return at + 1;
        }
        if (reader.peek() != '[') {
            reader.skip();
            problems.add("expected an array" + (dims[axis] >= 0 ? " of " + dims[axis] : ""));
            return -1;
        }
        if (axis == dims.length - 1) {
            return innermost(axis, at);
        }
        long next = at;
        int count = 0;
        problems.path().push(0);
        for (boolean more = reader.openArray(); more; more = reader.nextInArray()) {
            problems.path().index(count);
            if (next < 0 || (dims[axis] >= 0 && count >= dims[axis])) {
                reader.skip();
            } else {
                // The first element of an axis settles the lengths of the axes within.
                next = nested(axis + 1, next);
            }
            count++;
        }
        problems.path().pop();
        return hasLength(axis, count) ? next : -1;
    }

    private long innermost(int axis, long at) {
        long most = dims[axis] < 0 ? Integer.MAX_VALUE : dims[axis];
        int count = 0;
        for (boolean more = reader.openArray(); more; more = reader.nextInArray()) {
            if (count < most) {
                String wrong = values.read(at + count);
                if (wrong != null) {
                    problems.addAt(count, wrong);
                }
            } else {
                reader.skip();
            }
            count++;
        }
        return hasLength(axis, count) ? at + count : -1;
    }

    /** Whether an array along an axis may have {@code count} elements; the first one settles that of a free axis. */
    private boolean hasLength(int axis, int count) {
        if (dims[axis] < 0 && count > 0) {
            dims[axis] = count;
        }
        if (dims[axis] == count) {
            return true;
        }
        if (dims[axis] < 0) {
            problems.add("this array is empty");
        } else if (rowShape.rank() == 1 && rowShape.isKnown()) {
            problems.add(wrongWidth(count, dims[axis]));
        } else {
            problems.add(
                    "this array has " + count + (count == 1 ? " element" : " elements") + ", expected " + dims[axis]
                            + (rowShape.dim(axis) == Shape.ANY ? " like the first: all must have one shape" : ""));
        }
        return false;
    }

    static String wrongWidth(int found, long width) {
        return "this row has " + found + (found == 1 ? " value" : " values") + ", the model takes " + width
                + (width == 1 && found > 1 ? "; many rows are written [[…], […]]" : "");
    }
}
