package io.modelyard.tensor;

/**
 * Values of one {@link DataType} in row-major order, and their shape. The arrays are not copied: whoever makes a tensor
 * hands its array over and writes to it no more, so a tensor may be read by any thread.
 */
public sealed interface Tensor {
    Shape shape();

    DataType dataType();

    /** The array of values: {@code float[]}, {@code double[]}, … as the variant says. */
    Object array();

    /** Number of values. */
    int length();

    record Floats(Shape shape, float[] values) implements Tensor {
        public Floats {
            check(shape, values.length);
        }

        @Override
        public DataType dataType() {
            return DataType.FLOAT32;
        }

        @Override
        public Object array() {
            return values;
        }

        @Override
        public int length() {
            return values.length;
        }
    }

    record Doubles(Shape shape, double[] values) implements Tensor {
        public Doubles {
            check(shape, values.length);
        }

        @Override
        public DataType dataType() {
            return DataType.FLOAT64;
        }

        @Override
        public Object array() {
            return values;
        }

        @Override
        public int length() {
            return values.length;
        }
    }

    /** {@code int8}, or {@code uint8} where a byte stands for its unsigned value. */
    record Bytes(Shape shape, byte[] values, DataType dataType) implements Tensor {
        public Bytes {
            check(shape, values.length);
            if (dataType != DataType.INT8 && dataType != DataType.UINT8) {
                throw new IllegalArgumentException("bytes hold int8 or uint8, not " + dataType.jsonName());
            }
        }

        @Override
        public Object array() {
            return values;
        }

        @Override
        public int length() {
            return values.length;
        }
    }

    record Shorts(Shape shape, short[] values) implements Tensor {
        public Shorts {
            check(shape, values.length);
        }

        @Override
        public DataType dataType() {
            return DataType.INT16;
        }

        @Override
        public Object array() {
            return values;
        }

        @Override
        public int length() {
            return values.length;
        }
    }

    record Ints(Shape shape, int[] values) implements Tensor {
        public Ints {
            check(shape, values.length);
        }

        @Override
        public DataType dataType() {
            return DataType.INT32;
        }

        @Override
        public Object array() {
            return values;
        }

        @Override
        public int length() {
            return values.length;
        }
    }

    record Longs(Shape shape, long[] values) implements Tensor {
        public Longs {
            check(shape, values.length);
        }

        @Override
        public DataType dataType() {
            return DataType.INT64;
        }

        @Override
        public Object array() {
            return values;
        }

        @Override
        public int length() {
            return values.length;
        }
    }

    record Booleans(Shape shape, boolean[] values) implements Tensor {
        public Booleans {
            check(shape, values.length);
        }

        @Override
        public DataType dataType() {
            return DataType.BOOL;
        }

        @Override
        public Object array() {
            return values;
        }

        @Override
        public int length() {
            return values.length;
        }
    }

    record Strings(Shape shape, String[] values) implements Tensor {
        public Strings {
            check(shape, values.length);
        }

        @Override
        public DataType dataType() {
            return DataType.STRING;
        }

        @Override
        public Object array() {
            return values;
        }

        @Override
        public int length() {
            return values.length;
        }
    }

    /**
     * A tensor over {@code array}, whose class must be the one of {@code dataType}.
     *
     * @throws IllegalArgumentException if the shape and the length of the array do not agree
     * @throws ClassCastException if the array is of another class
     */
    static Tensor of(DataType dataType, Shape shape, Object array) {
        return switch (dataType) {
            case FLOAT32 -> new Floats(shape, (float[]) array);
            case FLOAT64 -> new Doubles(shape, (double[]) array);
            case INT8, UINT8 -> new Bytes(shape, (byte[]) array, dataType);
            case INT16 -> new Shorts(shape, (short[]) array);
            case INT32 -> new Ints(shape, (int[]) array);
            case INT64 -> new Longs(shape, (long[]) array);
            case BOOL -> new Booleans(shape, (boolean[]) array);
            case STRING -> new Strings(shape, (String[]) array);
        };
    }

    /** A new array of the class that holds values of {@code dataType}. */
    static Object newArray(DataType dataType, int length) {
        return switch (dataType) {
            case FLOAT32 -> new float[length];
            case FLOAT64 -> new double[length];
            case INT8, UINT8 -> new byte[length];
            case INT16 -> new short[length];
            case INT32 -> new int[length];
            case INT64 -> new long[length];
            case BOOL -> new boolean[length];
            case STRING -> new String[length];
        };
    }

    private static void check(Shape shape, int length) {
        if (shape.elements() != length) {
            throw new IllegalArgumentException("a tensor of shape " + shape + " has no " + length + " values");
        }
    }
}
