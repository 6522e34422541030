package io.modelyard.tensor;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** One run of an {@link InputDecoder}: decides which form the inputs have, and fills a tensor per input. */
final class InputDecoding {
    private static final int MOST_NAMES_TOLD = 40;

    private final RowLayout layout;
    private final JsonReader reader;
    private final int maxRows;
    private final Problems problems;
    private final TensorBuilder[] builders;
    private final Spelling spelling = new Spelling();
    private int rows;

    /** The number of the last row, from 1, in which a column or an input stood. */
    private int @Nullable [] columnSeen;
    private final int[] inputSeen;

    InputDecoding(Signature signature, RowLayout layout, List<Acceptance> acceptances, JsonReader reader,
            String pointer,
            int maxRows) {
        this.layout = layout;
        this.reader = reader;
        this.maxRows = maxRows;
        this.problems = new Problems(pointer);
        int inputs = layout.inputs().size();
        this.inputSeen = new int[inputs];
        this.builders = new TensorBuilder[inputs];
        for (int i = 0; i < inputs; i++) {
            builders[i] = new TensorBuilder(layout.input(i), layout.rowShape(i), signature.missingAllowed(),
                    acceptances.get(i), reader, problems);
        }
    }

    InputRows decode() {
        switch (reader.peek()) {
            case '[' -> array();
            case '{' -> object();
            default -> {
                reader.skip();
                problems.add("expected rows as an array, one row as an object, or an object of tensors by name");
            }
        }
        if (problems.isEmpty() && rows == 0) {
            problems.add("there are no rows");
        }
        problems.throwIfAny();
        List<Tensor> tensors = new ArrayList<>(builders.length);
        for (TensorBuilder builder : builders) {
            tensors.add(builder.toTensor(rows));
        }
        return new InputRows(List.copyOf(tensors), rows);
    }

    // ---- The forms ----

    /** Rows, or one row as an array. */
    private void array() {
        if (isOneRow()) {
            beginRow();
            arrayRow();
            return;
        }
        problems.path().push(0);
        for (boolean more = reader.openArray(); more; more = reader.nextInArray()) {
            problems.path().index(rows);
            beginRow();
            switch (reader.peek()) {
                case '[' -> arrayRow();
                case '{' -> objectRow();
                default -> bareRow();
            }
        }
        problems.path().pop();
    }

    /** Whether an array at the top is a row itself: it is as deep as the arrays of a row are. */
    private boolean isOneRow() {
        int depth = reader.peekDepth();
        int rowDepth = layout.inputs().size() == 1 ? layout.rowShape(0).rank() : 1;
        if (depth != rowDepth) {
            return false;
        }
        JsonReader ahead = reader.ahead();
        return ahead.openArray() && ahead.peek() != '{';
    }

    /** One row by names, or whole tensors by name: the first name that is known tells. */
    private void object() {
        if (isTensors()) {
            tensors();
        } else {
            beginRow();
            objectRow();
        }
    }

    private boolean isTensors() {
        JsonReader ahead = reader.ahead();
        for (boolean more = ahead.openObject(); more; more = ahead.nextInObject()) {
            int input = ahead.name(layout.inputNames(), 0);
            if (input >= 0) {
                return ahead.peekDepth() > layout.rowShape(input).rank();
            }
            if (ahead.name(layout.columns(), 0) >= 0) {
                return false;
            }
            ahead.name();
            ahead.skip();
        }
        return false;
    }

    private void tensors() {
        BitSet seen = new BitSet();
        int[] rowsOf = new int[builders.length];
        for (boolean more = reader.openObject(); more; more = reader.nextInObject()) {
            int input = reader.name(layout.inputNames(), seen.length());
            if (input < 0) {
                unknown(reader.name());
                continue;
            }
            problems.path().push(layout.input(input).name());
            if (seen.get(input)) {
                twice("this input");
            } else {
                rowsOf[input] = tensor(builders[input]);
            }
            seen.set(input);
            problems.path().pop();
        }
        for (int i = 0; i < builders.length; i++) {
            if (!seen.get(i)) {
                problems.addAt(layout.input(i).name(), "this input is missing");
            } else if (rowsOf[i] != rowsOf[0] && seen.get(0)) {
                problems.addAt(layout.input(i).name(),
                        "this input has " + rowsOf[i] + (rowsOf[i] == 1 ? " row, but " : " rows, but ")
                                + layout.input(0).name() + " has " + rowsOf[0]);
            }
        }
        rows = rowsOf[0];
    }

    /** One whole tensor, its first axis the rows; returns how many. */
    private int tensor(TensorBuilder builder) {
        if (reader.peek() != '[') {
            reader.skip();
            problems.add("expected an array of rows");
            return 0;
        }
        int count = 0;
        problems.path().push(0);
        for (boolean more = reader.openArray(); more; more = reader.nextInArray()) {
            if (count == maxRows) {
                throw new TooManyRowsException(maxRows);
            }
            problems.path().index(count);
            builder.readRow(count++);
        }
        problems.path().pop();
        return count;
    }

    // ---- One row ----

    private void beginRow() {
        if (rows == maxRows) {
            throw new TooManyRowsException(maxRows);
        }
        rows++;
    }

    /** A row as an array: the nested value of the only input, or the columns in order. */
    private void arrayRow() {
        if (builders.length == 1 && !layout.isBare()) {
            builders[0].readRow(rows - 1);
        } else if (layout.isFlat()) {
            flatRow();
        } else {
            reader.skip();
            problems.add("this model has several inputs: write a row as an object by input name: " + inputNames());
        }
    }

    private void flatRow() {
        int input = 0;
        int offset = 0;
        int count = 0;
        for (boolean more = reader.openArray(); more; more = reader.nextInArray()) {
            while (input < builders.length && offset == layout.width(input)) {
                input++;
                offset = 0;
            }
            if (input < builders.length) {
                String wrong = builders[input].readValue(rows - 1, offset++);
                if (wrong != null) {
                    problems.addAt(count, wrong);
                }
            } else {
                reader.skip();
            }
            count++;
        }
        if (count != layout.width()) {
            problems.add(TensorBuilder.wrongWidth(count, layout.width()));
        }
    }

    /** A row as a bare value, for a model that takes one value a row. */
    private void bareRow() {
        if (layout.isBare()) {
            builders[0].readRow(rows - 1);
            return;
        }
        reader.skip();
        problems.add("expected a row: an array" + (layout.isFlat() ? " of " + layout.width() : "")
                + " or an object by name");
    }

    /** A row as an object, by column name or by input name. */
    private void objectRow() {
        if (columnSeen == null) {
            columnSeen = new int[layout.columnNames().size()];
        }
        int likely = 0;
        int found = 0;
        for (boolean more = reader.openObject(); more; more = reader.nextInObject()) {
            int column = reader.name(layout.columns(), likely);
            if (column >= 0) {
                likely = column + 1;
                found += columnSeen[column] == rows ? 0 : 1;
                namedColumn(column, columnSeen);
                continue;
            }
            int input = reader.name(layout.inputNames(), 0);
            if (input >= 0) {
                namedInput(input, columnSeen);
            } else {
                unknown(reader.name());
            }
        }
        if (found < columnSeen.length || columnSeen.length == 0) {
            demandAll(columnSeen);
        }
    }

    private void namedColumn(int column, int[] seen) {
        int input = layout.inputOf(column);
        if (seen[column] == rows) {
            problems.path().push(layout.columnNames().get(column));
            twice("this feature");
            problems.path().pop();
        } else if (reader.peek() == '[' && layout.isWholeInput(column) && layout.rowShape(input).rank() == 1) {
            // {"age": [39]} for an input of shape [-1, 1]: the row of that input, as its shape writes it.
            problems.path().push(layout.columnNames().get(column));
            builders[input].readRow(rows - 1);
            problems.path().pop();
        } else {
            String wrong = builders[input].readValue(rows - 1, layout.offsetOf(column));
            if (wrong != null) {
                problems.addAt(layout.columnNames().get(column), wrong);
            }
        }
        seen[column] = rows;
    }

    private void namedInput(int input, int[] seen) {
        problems.path().push(layout.input(input).name());
        boolean twice = inputSeen[input] == rows;
        inputSeen[input] = rows;
        if (layout.hasNamedColumns()) {
            int first = layout.firstColumn(input);
            for (int column = first; column < first + layout.width(input); column++) {
                twice |= seen[column] == rows;
                seen[column] = rows;
            }
        }
        if (twice) {
            twice("this input");
        } else {
            builders[input].readRow(rows - 1);
        }
        problems.path().pop();
    }

    private void demandAll(int[] seen) {
        if (layout.hasNamedColumns()) {
            for (int column = 0; column < seen.length; column++) {
                if (seen[column] != rows) {
                    problems.addAt(layout.columnNames().get(column), "this feature is missing");
                }
            }
            return;
        }
        for (int input = 0; input < inputSeen.length; input++) {
            if (inputSeen[input] != rows) {
                problems.addAt(layout.input(input).name(), "this input is missing");
            }
        }
    }

    // ---- Problems with names ----

    private void twice(String what) {
        reader.skip();
        problems.add(what + " is there twice");
    }

    /** Passes the value of a member that has a name nobody knows. */
    private void unknown(String name) {
        reader.skip();
        boolean columns = layout.hasNamedColumns();
        List<String> known = columns ? layout.columnNames() : layout.inputs().stream().map(TensorSpec::name).toList();
        String hint = spelling.closest(name, known).map(closest -> "; did you mean '" + closest + "'?")
                .orElseGet(() -> known.size() <= MOST_NAMES_TOLD
                        ? "; the model takes " + String.join(", ", known)
                        : "");
        problems.addAt(name, "there is no " + (columns ? "feature" : "input") + " of this name" + hint);
    }

    private String inputNames() {
        return String.join(", ", layout.inputs().stream().map(TensorSpec::name).toList());
    }
}
