package io.modelyard.transform;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.tensor.InputDecoder;
import io.modelyard.tensor.InvalidInputException;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.TensorSpec;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the numbers of a step stand for in the inputs of one model: one number is for all values, an array for the features in
 * their order, an object for features by name. Where a row is no flat list of features, an array is for the places of one
 * axis, the channels. Immutable.
 */
final class Columns {
    private final InputDecoder decoder;
    private final List<TensorSpec> inputs;
    private final int axis;

    /** @param axis of channels; 0 counts the rows, −1 is the last */
    Columns(InputDecoder decoder, int axis) {
        this.decoder = decoder;
        this.inputs = decoder.signature().inputs();
        this.axis = axis;
    }

    boolean isFlat() {
        return decoder.isFlat();
    }

    int axis() {
        return isFlat() ? -1 : axis;
    }

    /** How many features all inputs have together; only where a row is flat. */
    private int width() {
        int width = 0;
        for (int input = 0; input < inputs.size(); input++) {
            width += decoder.width(input);
        }
        return width;
    }

    private int firstOf(int input) {
        int first = 0;
        for (int i = 0; i < input; i++) {
            first += decoder.width(i);
        }
        return first;
    }

    /** The input that a column of a flat row belongs to. */
    TensorSpec inputOf(int column) {
        int input = 0;
        while (column >= firstOf(input) + decoder.width(input)) {
            input++;
        }
        return inputs.get(input);
    }

    /**
     * For each input one number, or one for each of its features or channels.
     *
     * @param otherwise for what is not named; NaN where a null in the JSON may say so
     * @throws InvalidInputException if the JSON is anything else, or does not fit the inputs
     */
    double[][] numbers(Members of, double otherwise) {
        double[][] numbers = new double[inputs.size()][];
        JsonNode json = of.json();
        if (json.isMissingNode() || json.isNull() || json.isNumber()) {
            Arrays.fill(numbers, new double[]{json.isNumber() ? of.number() : otherwise});
        } else if (json.isArray() && json.size() == 1) {
            Arrays.fill(numbers, new double[]{number(of.element(0), otherwise)});
        } else if (isFlat()) {
            double[] all = new double[width()];
            Arrays.fill(all, otherwise);
            byColumn(of, true).forEach((column, member) -> all[column] = number(member, otherwise));
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = Arrays.copyOfRange(all, firstOf(i), firstOf(i) + decoder.width(i));
            }
        } else {
            Arrays.fill(numbers, channels(of));
        }
        return numbers;
    }

    private static double number(Members of, double otherwise) {
        return Double.isNaN(otherwise) && of.json().isNull() ? otherwise : of.number();
    }

    private double[] channels(Members of) {
        if (!of.json().isArray() || of.json().isEmpty()) {
            throw of.wrong("expected a number, or an array of numbers for the places of an axis");
        }
        double[] values = new double[of.json().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = of.element(i).number();
        }
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).dtype().isFloating()) {
                demandLength(of, i, values.length);
            }
        }
        return values;
    }

    private void demandLength(Members of, int input, int found) {
        Shape shape = decoder.rowShape(input).times(Shape.ANY);
        int at = axis < 0 ? shape.rank() + axis : axis;
        if (at < 1 || at >= shape.rank()) {
            throw of.wrong("input '" + inputs.get(input).name() + "' of shape " + shape + " has no axis " + axis
                    + "; axis 0 counts the rows, -1 is the last");
        }
        if (shape.dim(at) != Shape.ANY && shape.dim(at) != found) {
            throw of.wrong("expected one value, or " + shape.dim(at) + " for axis " + at + " of input '"
                    + inputs.get(input).name() + "' of shape " + shape + "; found " + found);
        }
    }

    /**
     * What an array by position or an object by name says of single features.
     *
     * @param floating whether only features of a floating-point dtype may be named
     * @return by column of a flat row
     */
    Map<Integer, Members> byColumn(Members of, boolean floating) {
        Map<Integer, Members> found = new LinkedHashMap<>();
        JsonNode json = of.json();
        if (json.isArray()) {
            if (json.size() != width()) {
                throw of.wrong("expected one value, or " + width() + " in the order of the features; found "
                        + json.size());
            }
            for (int column = 0; column < json.size(); column++) {
                found.put(column, of.element(column));
            }
            return found;
        }
        if (!json.isObject()) {
            throw of.wrong("expected a number, an array in the order of the features, or an object by feature name");
        }
        List<String> names = decoder.columnNames();
        if (names.isEmpty()) {
            throw of.wrong("the features of this model have no names; write an array in their order");
        }
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            Members at = of.member(member.getKey());
            int column = names.indexOf(member.getKey());
            if (column < 0) {
                throw at.wrong("there is no feature of this name"
                        + (names.size() <= 40 ? "; the model takes " + String.join(", ", names) : ""));
            }
            if (floating && !inputOf(column).dtype().isFloating()) {
                throw at.wrong("this feature is " + inputOf(column).dtype().jsonName()
                        + "; this step is for floating-point features");
            }
            found.put(column, at);
        }
        return found;
    }

    /** Those of {@code byColumn} that belong to an input, by column of it. */
    <T> Map<Integer, T> within(int input, Map<Integer, T> byColumn) {
        Map<Integer, T> own = new LinkedHashMap<>();
        int first = firstOf(input);
        byColumn.forEach((column, value) -> {
            if (column >= first && column < first + decoder.width(input)) {
                own.put(column - first, value);
            }
        });
        return own;
    }
}
