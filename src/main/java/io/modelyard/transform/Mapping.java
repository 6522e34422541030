package io.modelyard.transform;

import io.modelyard.tensor.Tensor;

import java.util.Map;

/**
 * Puts the numbers of categories in the place of their words, which the decoder has read as places in the column's vocabulary,
 * unknown ones as −1. Missing values stay.
 */
final class Mapping implements Kernel {
    private final int width;
    private final int[] columns;
    private final Categories[] categories;

    /**
     * @param width how many columns a row of the input has
     * @param byColumn the columns that hold words
     */
    Mapping(int width, Map<Integer, Categories> byColumn) {
        this.width = width;
        this.columns = byColumn.keySet().stream().mapToInt(Integer::intValue).toArray();
        this.categories = byColumn.values().toArray(Categories[]::new);
    }

    @Override
    public void apply(Tensor tensor) {
        for (int i = 0; i < columns.length; i++) {
            switch (tensor) {
                case Tensor.Floats floats -> map(floats.values(), columns[i], categories[i]);
                case Tensor.Doubles doubles -> map(doubles.values(), columns[i], categories[i]);
                case Tensor.Ints ints -> map(ints.values(), columns[i], categories[i]);
                case Tensor.Longs longs -> map(longs.values(), columns[i], categories[i]);
                default -> throw new IllegalStateException(tensor.dataType().jsonName());
            }
        }
    }

    private void map(float[] values, int column, Categories to) {
        double[] numbers = to.numbers();
        for (int i = column; i < values.length; i += width) {
            float word = values[i];
            if (!Float.isNaN(word)) {
                values[i] = (float) (word < 0 ? to.unknown() : numbers[(int) word]);
            }
        }
    }

    private void map(double[] values, int column, Categories to) {
        double[] numbers = to.numbers();
        for (int i = column; i < values.length; i += width) {
            double word = values[i];
            if (!Double.isNaN(word)) {
                values[i] = word < 0 ? to.unknown() : numbers[(int) word];
            }
        }
    }

    private void map(int[] values, int column, Categories to) {
        double[] numbers = to.numbers();
        for (int i = column; i < values.length; i += width) {
            values[i] = (int) (values[i] < 0 ? to.unknown() : numbers[values[i]]);
        }
    }

    private void map(long[] values, int column, Categories to) {
        double[] numbers = to.numbers();
        for (int i = column; i < values.length; i += width) {
            values[i] = (long) (values[i] < 0 ? to.unknown() : numbers[(int) values[i]]);
        }
    }
}
