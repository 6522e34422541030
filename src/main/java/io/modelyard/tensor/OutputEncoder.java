package io.modelyard.tensor;

import com.fasterxml.jackson.core.JsonGenerator;

import java.io.IOException;
import java.util.List;

/**
 * Writes the outputs of a model as JSON, one element per row: a number where the model gives one value, an array where it
 * gives a vector, also one that is of any length and now has one value; an object {@code {label, confidence,
 * probabilities}} where the output has labels, or {@code {label}} where its value is a class, by number or by name; an
 * object by output name where there are several outputs. A NaN or an infinity is written as {@code null} and counted; so
 * is a label where all probabilities are NaN. For one thread.
 */
public final class OutputEncoder {
    private final JsonGenerator json;
    private final boolean labels;
    private int notFinite;

    /** @param labels whether outputs that have labels are written with them */
    public OutputEncoder(JsonGenerator json, boolean labels) {
        this.json = json;
        this.labels = labels;
    }

    /** How many values of outputs were written as {@code null} because JSON has no NaN and no infinity. */
    public int notFinite() {
        return notFinite;
    }

    /**
     * Writes the array of all rows.
     *
     * @param specs of the outputs, at least one
     * @param outputs one for each spec; the first axis of each counts the rows
     */
    public void writeRows(List<TensorSpec> specs, List<Tensor> outputs, int rows) throws IOException {
        json.writeStartArray();
        for (int row = 0; row < rows; row++) {
            writeRow(specs, outputs, row);
        }
        json.writeEndArray();
    }

    private void writeRow(List<TensorSpec> specs, List<Tensor> outputs, int row) throws IOException {
        if (specs.size() == 1) {
            writeOutput(specs.getFirst(), outputs.getFirst(), row);
            return;
        }
        json.writeStartObject();
        for (int i = 0; i < specs.size(); i++) {
            json.writeFieldName(specs.get(i).name());
            writeOutput(specs.get(i), outputs.get(i), row);
        }
        json.writeEndObject();
    }

    private void writeOutput(TensorSpec spec, Tensor output, int row) throws IOException {
        int length = Math.toIntExact(output.shape().row().elements());
        int from = row * length;
        if (labels && !spec.labels().isEmpty() && writeLabelled(spec.labels(), output, from, length)) {
            return;
        }
        if (isOneValue(spec.shape(), output.shape())) {
            writeValue(output, from);
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
    private boolean writeLabelled(List<String> names, Tensor output, int from, int length) throws IOException {
        boolean floating = output.dataType().isFloating();
        if (floating && length == names.size()) {
            double[] values = new double[length];
            for (int i = 0; i < length; i++) {
                values[i] = floatingValue(output, from + i);
                count(values[i]);
            }
            writeProbabilities(names, values, output.dataType());
            return true;
        }
        if (floating && length == 1 && names.size() == 2) {
            double p = floatingValue(output, from);
            count(p);
            // A double is long enough that rounding twice gives what one float operation gives.
            writeProbabilities(names, new double[]{1 - p, p}, output.dataType());
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

    private void writeProbabilities(List<String> names, double[] values, DataType dtype) throws IOException {
        int best = -1;
        for (int i = 0; i < values.length; i++) {
            // A NaN is never the best, and the first of equals is.
            if (best < 0 ? !Double.isNaN(values[i]) : values[i] > values[best]) {
                best = i;
            }
        }
        json.writeStartObject();
        json.writeStringField("label", best < 0 ? null : names.get(best));
        json.writeFieldName("confidence");
        writeFloating(best < 0 ? Double.NaN : values[best], dtype);
        json.writeFieldName("probabilities");
        json.writeStartArray();
        for (double value : values) {
            writeFloating(value, dtype);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeNested(Tensor output, int axis, int from) throws IOException {
        Shape shape = output.shape();
        if (axis == shape.rank()) {
            writeValue(output, from);
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

    private void writeValue(Tensor output, int at) throws IOException {
        switch (output) {
            case Tensor.Floats floats -> {
                count(floats.values()[at]);
                writeFloating(floats.values()[at], DataType.FLOAT32);
            }
            case Tensor.Doubles doubles -> {
                count(doubles.values()[at]);
                writeFloating(doubles.values()[at], DataType.FLOAT64);
            }
            case Tensor.Bytes bytes -> json.writeNumber(integer(bytes, at));
            case Tensor.Shorts shorts -> json.writeNumber(shorts.values()[at]);
            case Tensor.Ints ints -> json.writeNumber(ints.values()[at]);
            case Tensor.Longs longs -> json.writeNumber(longs.values()[at]);
            case Tensor.Booleans booleans -> json.writeBoolean(booleans.values()[at]);
            case Tensor.Strings strings -> json.writeString(strings.values()[at]);
        }
    }

    private void count(double value) {
        if (!Double.isFinite(value)) {
            notFinite++;
        }
    }

    /** As few digits as tell the value from all others of its type. */
    private void writeFloating(double value, DataType dtype) throws IOException {
        if (!Double.isFinite(value)) {
            json.writeNull();
        } else if (dtype == DataType.FLOAT32) {
            json.writeNumber((float) value);
        } else {
            json.writeNumber(value);
        }
    }

    private static int integer(Tensor.Bytes bytes, int at) {
        byte value = bytes.values()[at];
        return bytes.dataType() == DataType.UINT8 ? Byte.toUnsignedInt(value) : value;
    }

    private static double floatingValue(Tensor tensor, int at) {
        return tensor instanceof Tensor.Floats floats ? floats.values()[at] : ((Tensor.Doubles) tensor).values()[at];
    }

    /** The class that one value is, by number or by name; -1 where it is none. */
    private static int classOf(Tensor output, int at, List<String> names) {
        if (output instanceof Tensor.Strings strings) {
            return names.indexOf(strings.values()[at]);
        }
        double place = switch (output) {
            case Tensor.Floats floats -> floats.values()[at];
            case Tensor.Doubles doubles -> doubles.values()[at];
            case Tensor.Bytes bytes -> integer(bytes, at);
            case Tensor.Shorts shorts -> shorts.values()[at];
            case Tensor.Ints ints -> ints.values()[at];
            case Tensor.Longs longs -> longs.values()[at];
            case Tensor.Booleans booleans -> booleans.values()[at] ? 1 : 0;
            case Tensor.Strings _ -> -1;
        };
        return place >= 0 && place < names.size() && place == Math.rint(place) ? (int) place : -1;
    }
}
