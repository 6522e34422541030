package io.modelyard.tensor;

import com.fasterxml.jackson.core.JsonGenerator;

import java.io.IOException;

/** Writes single values of tensors, and counts those that JSON does not know. For one thread. */
final class ValueWriter {
    private final JsonGenerator json;
    private int notFinite;

    ValueWriter(JsonGenerator json) {
        this.json = json;
    }

    /** How many values were counted that are NaN or infinite. */
    int notFinite() {
        return notFinite;
    }

    void write(Tensor output, int at) throws IOException {
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

    void count(double value) {
        if (!Double.isFinite(value)) {
            notFinite++;
        }
    }

    /** As few digits as tell the value from all others of its type. */
    void writeFloating(double value, DataType dtype) throws IOException {
        if (!Double.isFinite(value)) {
            json.writeNull();
        } else if (dtype == DataType.FLOAT32) {
            json.writeNumber((float) value);
        } else {
            json.writeNumber(value);
        }
    }

    static int integer(Tensor.Bytes bytes, int at) {
        byte value = bytes.values()[at];
        return bytes.dataType() == DataType.UINT8 ? Byte.toUnsignedInt(value) : value;
    }

    static double floatingValue(Tensor tensor, int at) {
        return tensor instanceof Tensor.Floats floats ? floats.values()[at] : ((Tensor.Doubles) tensor).values()[at];
    }
}
