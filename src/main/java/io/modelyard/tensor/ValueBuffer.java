package io.modelyard.tensor;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/** A growing array of one dtype's values, filled from JSON. For one thread. */
final class ValueBuffer {
    private final DataType dtype;
    private final boolean missingAllowed;
    private Object array;
    private int capacity;
    private int size;

    ValueBuffer(DataType dtype, boolean missingAllowed, int capacity) {
        this.dtype = dtype;
        this.missingAllowed = missingAllowed && dtype.isFloating();
        this.capacity = capacity;
        this.array = Tensor.newArray(dtype, capacity);
    }

    int size() {
        return size;
    }

    /** Makes room for values at {@code [0, newSize)}. */
    void resize(int newSize) {
        if (newSize > capacity) {
            capacity = Math.max(newSize, capacity + (capacity >> 1) + 16);
            array = copy(capacity);
        }
        size = newSize;
    }

    Tensor toTensor(Shape shape) {
        return Tensor.of(dtype, shape, size == capacity ? array : copy(size));
    }

    /**
     * Reads the next value into place {@code at}, which must be below {@link #size()}.
     *
     * @return what is wrong with the value, which then is passed; null where it was stored
     */
    @Nullable
    String read(JsonReader reader, int at) {
        int next = reader.peek();
        if (next == '-' || (next >= '0' && next <= '9')) {
            return readNumber(reader, at);
        }
        if (next == '"' && dtype == DataType.STRING) {
            ((String[]) array)[at] = reader.string();
            return null;
        }
        if ((next == 't' || next == 'f') && dtype == DataType.BOOL) {
            ((boolean[]) array)[at] = reader.bool();
            return null;
        }
        if (next == 'n' && missingAllowed) {
            reader.nullValue();
            storeMissing(at);
            return null;
        }
        String found = switch (next) {
            case '"' -> "a string";
            case 't', 'f' -> "a boolean";
            case 'n' -> "null";
            case '[' -> "an array";
            case '{' -> "an object";
            default -> "something else";
        };
        reader.skip();
        return expected() + ", found " + found
                + (next == 'n' && dtype.isFloating() ? "; this model knows no missing values" : "");
    }

    private @Nullable String readNumber(JsonReader reader, int at) {
        switch (dtype) {
            case FLOAT32 -> {
                float value = (float) reader.number();
                if (Float.isInfinite(value)) {
                    return "the number is out of the range of float32";
                }
                ((float[]) array)[at] = value;
            }
            case FLOAT64 -> {
                double value = reader.number();
                if (Double.isInfinite(value)) {
                    return "the number is out of the range of float64";
                }
                ((double[]) array)[at] = value;
            }
            case INT8, INT16, INT32, INT64, UINT8 -> {
                double nearest = reader.number();
                if (!reader.isIntegral() && (nearest != Math.rint(nearest) || Double.isInfinite(nearest))) {
                    return Double.isInfinite(nearest) ? outOfRange() : expected() + ", found a fraction";
                }
                // Beyond 2^53 a double stands for several integers: only digits say which one is meant.
                if (!reader.isIntegral() && Math.abs(nearest) > 1L << 53) {
                    return outOfRange();
                }
                long value = reader.isIntegral() ? reader.integer() : (long) nearest;
                if (value < dtype.minimum() || value > dtype.maximum()) {
                    return outOfRange();
                }
                storeInteger(at, value);
            }
            case BOOL, STRING -> {
                reader.skip();
                return expected() + ", found a number";
            }
        }
        return null;
    }

    private void storeInteger(int at, long value) {
        switch (dtype) {
            case INT8, UINT8 -> ((byte[]) array)[at] = (byte) value;
            case INT16 -> ((short[]) array)[at] = (short) value;
            case INT32 -> ((int[]) array)[at] = (int) value;
            case INT64 -> ((long[]) array)[at] = value;
            case FLOAT32, FLOAT64, BOOL, STRING -> throw new IllegalStateException(dtype.jsonName());
        }
    }

    private void storeMissing(int at) {
        if (dtype == DataType.FLOAT32) {
            ((float[]) array)[at] = Float.NaN;
        } else {
            ((double[]) array)[at] = Double.NaN;
        }
    }

    private String outOfRange() {
        return "the number is out of the range of " + dtype.jsonName();
    }

    private String expected() {
        return switch (dtype) {
            case FLOAT32, FLOAT64 -> missingAllowed ? "expected a number or null" : "expected a number";
            case INT8, INT16, INT32, INT64, UINT8 -> "expected an integer";
            case BOOL -> "expected true or false";
            case STRING -> "expected a string";
        };
    }

    private Object copy(int length) {
        return switch (dtype) {
            case FLOAT32 -> Arrays.copyOf((float[]) array, length);
            case FLOAT64 -> Arrays.copyOf((double[]) array, length);
            case INT8, UINT8 -> Arrays.copyOf((byte[]) array, length);
            case INT16 -> Arrays.copyOf((short[]) array, length);
            case INT32 -> Arrays.copyOf((int[]) array, length);
            case INT64 -> Arrays.copyOf((long[]) array, length);
            case BOOL -> Arrays.copyOf((boolean[]) array, length);
            case STRING -> Arrays.copyOf((String[]) array, length);
        };
    }
}
