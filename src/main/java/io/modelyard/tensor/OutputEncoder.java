package io.modelyard.tensor;

import com.fasterxml.jackson.core.JsonGenerator;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Writes the outputs of a model as JSON, one element per row: a number where the model gives one value, an array where it
 * gives a vector, also one that is of any length and now has one value; an object {@code {label, confidence,
 * probabilities}} where the output has labels, or {@code {label}} where its value is a class, by number or by name; an
 * object by output name where there are several outputs. What was decided about an output is told with it:
 * {@link ToldOutput}. A NaN or an infinity is written as {@code null} and counted; so is a label where all probabilities
 * are NaN. For one thread.
 */
public final class OutputEncoder {
    private final JsonGenerator json;
    private final ValueWriter values;

    public OutputEncoder(JsonGenerator json) {
        this.json = json;
        this.values = new ValueWriter(json);
    }

    /** How many values of outputs were written as {@code null} because JSON has no NaN and no infinity. */
    public int notFinite() {
        return values.notFinite();
    }

    /**
     * Writes the array of all rows.
     *
     * @param outputs at least one
     */
    public void writeRows(List<ToldOutput> outputs, int rows) throws IOException {
        json.writeStartArray();
        for (int row = 0; row < rows; row++) {
            writeRow(outputs, row);
        }
        json.writeEndArray();
    }

    private void writeRow(List<ToldOutput> outputs, int row) throws IOException {
        if (outputs.size() == 1) {
            writeOutput(outputs.getFirst(), row);
            return;
        }
        json.writeStartObject();
        for (ToldOutput output : outputs) {
            json.writeFieldName(output.spec().name());
            writeOutput(output, row);
        }
        json.writeEndObject();
    }

    private void writeOutput(ToldOutput output, int row) throws IOException {
        TensorSpec spec = output.spec();
        Tensor tensor = output.values();
        int length = Math.toIntExact(tensor.shape().row().elements());
        int from = row * length;
        if (!spec.labels().isEmpty() && writeLabelled(output, row, from, length)) {
            return;
        }
        if (output.top() != null) {
            writeTop(List.of(), tensor, from, placesOfTop(output.top(), row, tensor));
        } else if (isOneValue(spec.shape(), tensor.shape())) {
            writeChosenOrValue(output, from);
        } else {
            writeNested(output, 1, from);
        }
    }

    /** Whether each row of an output is one value, by what the model says rather than by how long this answer is. */
    private static boolean isOneValue(Shape told, Shape shape) {
        boolean free = told.rank() == 2 && told.dim(1) == Shape.ANY;
        return shape.rank() == 1 || (shape.rank() == 2 && shape.dim(1) == 1 && !free);
    }

    /** Writes an object with the label, where the labels fit the values; otherwise nothing. */
    private boolean writeLabelled(ToldOutput told, int row, int from, int length) throws IOException {
        List<String> names = told.spec().labels();
        Tensor output = told.values();
        boolean floating = output.dataType().isFloating();
        if (floating && length == names.size()) {
            double[] all = new double[length];
            for (int i = 0; i < length; i++) {
                all[i] = ValueWriter.floatingValue(output, from + i);
                values.count(all[i]);
            }
            writeProbabilities(told, row, all);
            return true;
        }
        if (floating && length == 1 && names.size() == 2) {
            double p = ValueWriter.floatingValue(output, from);
            values.count(p);
            // A double is long enough that rounding twice gives what one float operation gives.
            writeProbabilities(told, row, new double[]{1 - p, p});
            return true;
        }
        if (length == 1) {
            int place = classOf(output, from, names);
            if (place >= 0) {
                json.writeStartObject();
                json.writeStringField("label", names.get(place));
                json.writeEndObject();
                return true;
            }
        }
        return false;
    }

    private void writeProbabilities(ToldOutput told, int row, double[] probabilities) throws IOException {
        List<String> names = told.spec().labels();
        DataType dtype = told.values().dataType();
        int best = greatest(probabilities);
        int label = told.decided() == null ? best : told.decided()[row];
        json.writeStartObject();
        json.writeStringField("label", label < 0 ? null : names.get(label));
        json.writeFieldName("confidence");
        int sure = label < 0 ? best : label;
        values.writeFloating(sure < 0 ? Double.NaN : probabilities[sure], dtype);
        if (told.chosen() != null) {
            json.writeArrayFieldStart("labels");
            for (int i = 0; i < probabilities.length; i++) {
                if (told.chosen()[row * probabilities.length + i]) {
                    json.writeString(names.get(i));
                }
            }
            json.writeEndArray();
        }
        boolean all = true;
        if (told.top() != null) {
            int[] places = placesOfTop(told.top(), row, told.values());
            json.writeFieldName("top_k");
            writeTop(names, told.values(), row * probabilities.length, places);
            all = places.length == probabilities.length;
        }
        // Some of the probabilities in the order of the labels would be taken for others.
        if (all) {
            json.writeFieldName("probabilities");
            json.writeStartArray();
            for (double value : probabilities) {
                values.writeFloating(value, dtype);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    /** -1 where all are NaN; the first of equals. */
    private static int greatest(double[] values) {
        int best = -1;
        for (int i = 0; i < values.length; i++) {
            if (best < 0 ? !Double.isNaN(values[i]) : values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }

    private static int[] placesOfTop(int[] top, int row, Tensor output) {
        int most = top.length / Math.toIntExact(output.shape().dim(0));
        return Arrays.copyOfRange(top, row * most, (row + 1) * most);
    }

    /** By label where there are names, by place in the output where there are none. */
    private void writeTop(List<String> names, Tensor output, int from, int[] places) throws IOException {
        json.writeStartArray();
        for (int place : places) {
            json.writeStartObject();
            if (names.isEmpty()) {
                json.writeNumberField("index", place);
                values.count(ValueWriter.floatingValue(output, from + place));
            } else {
                json.writeStringField("label", names.get(place));
            }
            json.writeFieldName("probability");
            values.writeFloating(ValueWriter.floatingValue(output, from + place), output.dataType());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void writeNested(ToldOutput output, int axis, int from) throws IOException {
        Shape shape = output.values().shape();
        if (axis == shape.rank()) {
            writeChosenOrValue(output, from);
            return;
        }
        int stride = 1;
        for (int inner = axis + 1; inner < shape.rank(); inner++) {
            stride *= (int) shape.dim(inner);
        }
        json.writeStartArray();
        for (int i = 0; i < shape.dim(axis); i++) {
            writeNested(output, axis + 1, from + i * stride);
        }
        json.writeEndArray();
    }

    /** Of a NaN nobody can say whether it was chosen. */
    private void writeChosenOrValue(ToldOutput output, int at) throws IOException {
        if (output.chosen() != null && !Double.isNaN(ValueWriter.floatingValue(output.values(), at))) {
            json.writeBoolean(output.chosen()[at]);
        } else {
            values.write(output.values(), at);
        }
    }

    /** The class that one value is, by number or by name; -1 where it is none. */
    private static int classOf(Tensor output, int at, List<String> names) {
        if (output instanceof Tensor.Strings strings) {
            return names.indexOf(strings.values()[at]);
        }
        double place = switch (output) {
            case Tensor.Floats floats -> floats.values()[at];
            case Tensor.Doubles doubles -> doubles.values()[at];
            case Tensor.Bytes bytes -> ValueWriter.integer(bytes, at);
            case Tensor.Shorts shorts -> shorts.values()[at];
            case Tensor.Ints ints -> ints.values()[at];
            case Tensor.Longs longs -> longs.values()[at];
            case Tensor.Booleans booleans -> booleans.values()[at] ? 1 : 0;
            case Tensor.Strings _ -> -1;
        };
        return place >= 0 && place < names.size() && place == Math.rint(place) ? (int) place : -1;
    }
}
