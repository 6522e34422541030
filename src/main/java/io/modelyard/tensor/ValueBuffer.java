package io.modelyard.tensor;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * A growing array of one dtype's values, filled from JSON. It is never longer than the text could fill: a request that
 * has only few values of a wide row takes little memory, whatever place they stand at. For one thread.
 */
final class ValueBuffer {
    private final DataType dtype;
    private final boolean missingAllowed;
    private final Acceptance acceptance;
    private final boolean hasWords;
    /** How many columns a row has; places beyond them are those of the next row. */
    private final int columns;
    private final JsonReader reader;
    private final int textLength;
    /** No text has more values: each takes a byte, and a comma or bracket. */
    private final int most;
    private Object array;
    private int capacity;

    /**
     * @param acceptance by columns of a row
     * @param reader stands before the inputs
     * @param columns how many values a row has, at least one; so many there probably are
     */
    ValueBuffer(DataType dtype, boolean missingAllowed, Acceptance acceptance, JsonReader reader, int columns) {
        this.dtype = dtype;
        this.missingAllowed = missingAllowed && dtype.isFloating();
        this.acceptance = acceptance;
        this.hasWords = acceptance.hasWords();
        this.columns = Math.max(columns, 1);
        this.reader = reader;
        this.textLength = reader.remaining();
        this.most = textLength / 2 + 1;
        this.capacity = Math.min(columns, most);
        this.array = Tensor.newArray(dtype, capacity);
    }

    /** A tensor of the values at the first places, all of which must have been read. */
    Tensor toTensor(Shape shape) {
        int size = Math.toIntExact(shape.elements());
        return Tensor.of(dtype, shape, size == capacity ? array : copy(size));
    }

    /**
     * Reads the next value into place {@code at}. A place that is beyond what the text can fill is passed: some place
     * before it must stay empty, which whoever counts the values will notice.
     *
     * @return what is wrong with the value, which then is passed; null where it was stored
     */
    @Nullable
    String read(long at) {
        if (at >= capacity) {
            if (at >= most) {
                reader.skip();
                return null;
            }
            grow((int) at + 1);
        }
        int place = (int) at;
        int next = reader.peek();
        if (hasWords) {
            Vocabulary vocabulary = acceptance.vocabulary(place % columns);
            if (vocabulary != null && next != 'n') {
                return next == '"' ? readWord(place, vocabulary) : passed(next, place);
            }
        }
        if (next == '-' || (next >= '0' && next <= '9')) {
            return readNumber(place);
        }
        if (next == '"' && dtype == DataType.STRING) {
            ((String[]) array)[place] = reader.string();
            return null;
        }
        if ((next == 't' || next == 'f') && dtype == DataType.BOOL) {
            ((boolean[]) array)[place] = reader.bool();
            return null;
        }
        if (next == 'n' && takesMissing(place)) {
            reader.nullValue();
            storeMissing(place);
            return null;
        }
        return passed(next, place);
    }

    private boolean takesMissing(int at) {
        return missingAllowed || (dtype.isFloating() && acceptance.takesMissing(at % columns));
    }

    private @Nullable String readWord(int at, Vocabulary vocabulary) {
        int from = reader.position();
        int word = reader.word(vocabulary.table());
        if (word < 0 && !vocabulary.isOpen()) {
            return "there is no category " + reader.textSince(from) + "; there are " + vocabulary.told();
        }
        switch (dtype) {
            case FLOAT32 -> ((float[]) array)[at] = word;
            case FLOAT64 -> ((double[]) array)[at] = word;
            case INT8, INT16, INT32, INT64, UINT8, BOOL, STRING -> storeInteger(at, word);
        }
        return null;
    }

    private @Nullable String readNumber(int at) {
        JsonNumber number = reader.scanNumber();
        return switch (dtype) {
            case FLOAT32 -> {
                float value = number.toFloat();
                ((float[]) array)[at] = value;
                yield Float.isInfinite(value) ? outOfRange() : null;
            }
            case FLOAT64 -> {
                double value = number.toDouble();
                ((double[]) array)[at] = value;
                yield Double.isInfinite(value) ? outOfRange() : null;
            }
            case INT8, INT16, INT32, INT64, UINT8 -> {
                if (!number.isInteger()) {
                    yield expected(at) + ", found a fraction";
                }
                if (!number.fitsLong() || number.toLong() < dtype.minimum() || number.toLong() > dtype.maximum()) {
                    yield outOfRange();
                }
                storeInteger(at, number.toLong());
                yield null;
            }
            case BOOL, STRING -> expected(at) + ", found a number";
        };
    }

    private String passed(int next, int at) {
        String found = switch (next) {
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> "a number";
            case '"' -> "a string";
            case 't', 'f' -> "a boolean";
            case 'n' -> "null";
            case '[' -> "an array";
            case '{' -> "an object";
            default -> "something else";
        };
        reader.skip();
        return expected(at) + ", found " + found
                + (next == 'n' && dtype.isFloating() ? "; this model knows no missing values" : "");
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

    private String expected(int at) {
        Vocabulary vocabulary = acceptance.vocabulary(at % columns);
        if (vocabulary != null) {
            return "expected one of the categories " + vocabulary.told();
        }
        return switch (dtype) {
            case FLOAT32, FLOAT64 -> takesMissing(at) ? "expected a number or null" : "expected a number";
            case INT8, INT16, INT32, INT64, UINT8 -> "expected an integer";
            case BOOL -> "expected true or false";
            case STRING -> "expected a string";
        };
    }

    /** Makes room for {@code size} values, and for those that the rest of the text has if it goes on as it began. */
    private void grow(int size) {
        int consumed = Math.max(1, textLength - reader.remaining());
        long expected = (long) size * textLength / consumed;
        capacity = Math.clamp(Math.max(expected + expected / 16, capacity + capacity / 2L), size, most);
        array = copy(capacity);
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
