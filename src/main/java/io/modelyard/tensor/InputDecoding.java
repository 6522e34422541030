package io.modelyard.tensor;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** One run of an {@link InputDecoder}: decides which form the inputs have, and fills a buffer per input. */
final class InputDecoding {
    private static final int MOST_PROBLEMS = 10;

    private final RowLayout layout;
    private final JsonReader reader;
    private final int maxRows;
    private final JsonPath path;
    private final List<InputProblem> problems = new ArrayList<>();

    private final ValueBuffer[] buffers;
    /** What one row holds of each input; axes of any length get theirs from the first row. */
    private final long[][] rowDims;
    private final int[] rowLengths;
    private int rows;

    InputDecoding(Signature signature, RowLayout layout, JsonReader reader, String pointer, int maxRows) {
        this.layout = layout;
        this.reader = reader;
        this.maxRows = maxRows;
        this.path = new JsonPath(pointer);
        int inputs = layout.inputs().size();
        this.buffers = new ValueBuffer[inputs];
        this.rowDims = new long[inputs][];
        this.rowLengths = new int[inputs];
        for (int i = 0; i < inputs; i++) {
            Shape shape = layout.rowShapes().get(i);
            rowDims[i] = shape.toArray();
            rowLengths[i] = shape.isKnown() ? Math.toIntExact(shape.elements()) : -1;
            buffers[i] = new ValueBuffer(layout.inputs().get(i).dtype(), signature.missingAllowed(),
                    Math.max(rowLengths[i], 0));
        }
    }

    InputRows decode() {
        switch (reader.peek()) {
            case '[' -> array();
            case '{' -> object();
            default -> {
                reader.skip();
                problem("expected rows as an array, one row as an object, or an object of tensors by name");
            }
        }
        if (problems.isEmpty() && rows == 0) {
            problem("there are no rows");
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        List<Tensor> tensors = new ArrayList<>(buffers.length);
        for (int i = 0; i < buffers.length; i++) {
            tensors.add(buffers[i].toTensor(Shape.of(rowDims[i]).times(rows)));
        }
        return new InputRows(List.copyOf(tensors), rows);
    }

    // ---- The forms ----

    /** Rows, or one row as a flat array. */
    private void array() {
        if (isOneRow()) {
            beginRow();
            arrayRow();
            return;
        }
        int index = 0;
        path.push(0);
        for (boolean more = reader.openArray(); more; more = reader.nextInArray()) {
            path.index(index++);
            beginRow();
            switch (reader.peek()) {
                case '[' -> arrayRow();
                case '{' -> objectRow();
                default -> scalarRow();
            }
        }
        path.pop();
    }

    /** Whether an array at the top is a row itself: it is as deep as a row is, or flat where a row has more than one value. */
    private boolean isOneRow() {
        int depth = reader.peekDepth();
        int rank = layout.inputs().size() == 1 ? layout.rowShapes().getFirst().rank() : 1;
        if (depth > 1 || isFollowedBy('{')) {
            return depth > 1 && depth == rank;
        }
        return rank == 1 && !(layout.inputs().size() > 1 && layout.columns().size() == 1);
    }

    private boolean isFollowedBy(char c) {
        return reader.peekAfterBrackets() == c;
    }

    /** One row by names, or whole tensors by name: the first member tells. */
    private void object() {
        int depthOfFirst = reader.peekDepthOfFirstMember();
        int input = reader.peekFirstName(layout.inputNames());
        if (input >= 0 && depthOfFirst > layout.rowShapes().get(input).rank()) {
            tensors();
        } else {
            beginRow();
            objectRow();
        }
    }

    private void tensors() {
        BitSet seen = new BitSet();
        int[] rowsOf = new int[buffers.length];
        for (boolean more = reader.openObject(); more; more = reader.nextInObject()) {
            int input = reader.name(layout.inputNames(), -1);
            if (input < 0) {
                String name = reader.name();
                reader.skip();
                problemAt(name, "there is no input of this name; the inputs are " + inputNames());
                continue;
            }
            path.push(layout.inputs().get(input).name());
            if (seen.get(input)) {
                problem("this input is there twice");
            }
            seen.set(input);
            rowsOf[input] = tensor(input);
            path.pop();
        }
        for (int i = 0; i < buffers.length; i++) {
            if (!seen.get(i)) {
                problemAt(layout.inputs().get(i).name(), "this input is missing");
            } else if (rowsOf[i] != rowsOf[0] && seen.get(0)) {
                problemAt(layout.inputs().get(i).name(), "this input has " + rowsOf[i] + " rows, but "
                        + layout.inputs().getFirst().name() + " has " + rowsOf[0]);
            }
        }
        rows = rowsOf[0];
    }

    /** One whole tensor, its first axis the rows; returns how many. */
    private int tensor(int input) {
        if (reader.peek() != '[') {
            reader.skip();
            problem("expected an array of rows");
            return 0;
        }
        int count = 0;
        path.push(0);
        for (boolean more = reader.openArray(); more; more = reader.nextInArray()) {
            path.index(count);
            if (++count > maxRows) {
                throw new TooManyRowsException(maxRows);
            }
            value(input, count);
        }
        path.pop();
        return count;
    }

    // ---- One row ----

    private void beginRow() {
        if (++rows > maxRows) {
            throw new TooManyRowsException(maxRows);
        }
    }

    /** A row as an array: the columns in order, or the nested value of the only input. */
    private void arrayRow() {
        if (layout.columns().isEmpty()) {
            if (buffers.length == 1) {
                value(0, rows);
            } else {
                reader.skip();
                problem("this model has several inputs: write a row as an object by input name: " + inputNames());
            }
            return;
        }
        for (int i = 0; i < buffers.length; i++) {
            buffers[i].resize(Math.multiplyExact(rows, rowLengths[i]));
        }
        int width = layout.columns().size();
        int count = 0;
        path.push(0);
        for (boolean more = reader.openArray(); more; more = reader.nextInArray()) {
            path.index(count);
            if (count < width) {
                column(count);
            } else {
                reader.skip();
            }
            count++;
        }
        path.pop();
        if (count != width) {
            problem("this row has " + count + (count == 1 ? " value" : " values") + ", the model takes " + width
                    + (width == 1 && count > 1 ? "; many rows are written [[…], […]]" : ""));
        }
    }

    /** A row as a bare value, for a model that takes one value a row. */
    private void scalarRow() {
        if (layout.columns().size() == 1) {
            buffers[0].resize(rows);
            column(0);
            return;
        }
        reader.skip();
        problem("expected a row: an array" + (layout.columns().isEmpty() ? ""
                : " of " + layout.columns().size()
                        + " values")
                + " or an object by name");
    }

    private void column(int place) {
        RowLayout.Column column = layout.columns().get(place);
        String wrong = buffers[column.input()].read(reader,
                (rows - 1) * rowLengths[column.input()] + column.offset());
        if (wrong != null) {
            problem(wrong);
        }
    }

    /** A row as an object, by column name or by input name. */
    private void objectRow() {
        boolean[] columns = new boolean[layout.columns().size()];
        boolean[] inputs = new boolean[buffers.length];
        if (!layout.columns().isEmpty()) {
            for (int i = 0; i < buffers.length; i++) {
                buffers[i].resize(Math.multiplyExact(rows, rowLengths[i]));
            }
        }
        int likely = 0;
        for (boolean more = reader.openObject(); more; more = reader.nextInObject()) {
            int place = reader.name(layout.columnNames(), likely);
            if (place >= 0) {
                likely = place + 1;
                namedColumn(place, columns);
                continue;
            }
            int input = reader.name(layout.inputNames(), -1);
            if (input >= 0) {
                namedInput(input, inputs, columns);
                continue;
            }
            String name = reader.name();
            reader.skip();
            problemAt(name, "there is no feature of this name" + suggestion(name));
        }
        demandAll(columns, inputs);
    }

    private void namedColumn(int place, boolean[] seen) {
        path.push(layout.columnNameList().get(place));
        if (seen[place]) {
            reader.skip();
            problem("this feature is there twice");
        } else if (reader.peek() == '[' && layout.rowShapes().get(layout.columns().get(place).input()).rank() == 1
                && reader.peekDepth() == 1 && rowLengths[layout.columns().get(place).input()] == 1) {
            // {"age": [39]} for an input of shape [-1, 1]: the row of that input, as its shape writes it.
            value(layout.columns().get(place).input(), rows);
        } else {
            column(place);
        }
        seen[place] = true;
        path.pop();
    }

    private void namedInput(int input, boolean[] seen, boolean[] columns) {
        path.push(layout.inputs().get(input).name());
        if (seen[input]) {
            problem("this input is there twice");
        }
        seen[input] = true;
        value(input, rows);
        for (int i = 0; i < columns.length; i++) {
            columns[i] |= layout.columns().get(i).input() == input;
        }
        path.pop();
    }

    private void demandAll(boolean[] columns, boolean[] inputs) {
        if (layout.hasNamedColumns()) {
            for (int i = 0; i < columns.length; i++) {
                if (!columns[i]) {
                    problemAt(layout.columnNameList().get(i), "this feature is missing");
                }
            }
            return;
        }
        for (int i = 0; i < inputs.length; i++) {
            if (!inputs[i]) {
                problemAt(layout.inputs().get(i).name(), "this input is missing");
            }
        }
    }

    // ---- Values of one input ----

    /** Reads what row number {@code row} (from 1) holds of an input, nested as its shape says. */
    private void value(int input, int row) {
        ValueBuffer buffer = buffers[input];
        long[] dims = rowDims[input];
        boolean first = rowLengths[input] < 0;
        if (!first) {
            buffer.resize(Math.multiplyExact(row, rowLengths[input]));
        }
        int start = first ? 0 : (row - 1) * rowLengths[input];
        int stop = nested(buffer, dims, 0, start, first);
        if (first && stop >= 0) {
            for (int axis = 0; axis < dims.length; axis++) {
                dims[axis] = Math.max(dims[axis], 0);
            }
            rowLengths[input] = stop;
            buffer.resize(stop);
        }
    }

    /** Reads nested arrays from axis {@code axis} on; returns the place after the last value, -1 after a problem. */
    private int nested(ValueBuffer buffer, long[] dims, int axis, int at, boolean growing) {
        if (axis == dims.length) {
            if (growing) {
                buffer.resize(at + 1);
            }
            String wrong = buffer.read(reader, at);
            if (wrong != null) {
                problem(wrong);
            }
            return at + 1;
        }
        if (reader.peek() != '[') {
            reader.skip();
            problem("expected an array" + (dims[axis] >= 0 ? " of " + dims[axis] : ""));
            return -1;
        }
        long expected = dims[axis];
        long count = 0;
        int next = at;
        path.push(0);
        for (boolean more = reader.openArray(); more; more = reader.nextInArray()) {
            path.index((int) count);
            if (next < 0 || (expected >= 0 && count >= expected)) {
                reader.skip();
            } else {
                // The first element of an axis settles the lengths of the axes within.
                next = nested(buffer, dims, axis + 1, next, growing);
            }
            count++;
        }
        path.pop();
        if (expected < 0) {
            dims[axis] = count;
        } else if (count != expected) {
            problem("this array has " + count + (count == 1 ? " value" : " values") + ", expected " + expected
                    + (growing ? ": all rows must have one shape" : ""));
            return -1;
        }
        return next;
    }

    // ---- Problems ----

    private void problem(String detail) {
        problems.add(new InputProblem(path.pointer(), detail));
        if (problems.size() >= MOST_PROBLEMS) {
            throw new InvalidInputException(problems);
        }
    }

    private void problemAt(String name, String detail) {
        path.push(name);
        problem(detail);
        path.pop();
    }

    private String inputNames() {
        return String.join(", ", layout.inputs().stream().map(TensorSpec::name).toList());
    }

    private String suggestion(String name) {
        List<String> known = layout.hasNamedColumns()
                ? layout.columnNameList()
                : layout.inputs().stream().map(TensorSpec::name).toList();
        String closest = closest(name, known);
        if (closest != null) {
            return "; did you mean '" + closest + "'?";
        }
        return known.size() <= 40 ? "; the model takes " + String.join(", ", known) : "";
    }

    private static @Nullable String closest(String name, List<String> known) {
        // The name comes from outside: a long one is not worth comparing.
        if (name.length() > 64) {
            return null;
        }
        String best = null;
        int least = Math.max(2, name.length() / 4) + 1;
        for (String candidate : known) {
            int distance = editDistance(name, candidate);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best;
    }

    /** Levenshtein distance, by two rows. */
    private static int editDistance(String a, String b) {
        int[] above = new int[b.length() + 1];
        Arrays.setAll(above, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int swap = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(swap, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[b.length()];
    }
}
