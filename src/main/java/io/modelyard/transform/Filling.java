package io.modelyard.transform;

/** Puts numbers in the place of missing values, which are NaN; where the number is NaN they stay. */
final class Filling extends Places {
    private final double[] fill;

    Filling(String pointer, double[] fill, int axis) {
        super(pointer, fill.length, axis);
        this.fill = fill;
    }

    @Override
    void along(float[] values, int from) {
        for (int i = 0; i < fill.length; i++) {
            float value = values[from + i];
            values[from + i] = Float.isNaN(value) ? (float) fill[i] : value;
        }
    }

    @Override
    void along(double[] values, int from) {
        for (int i = 0; i < fill.length; i++) {
            double value = values[from + i];
            values[from + i] = Double.isNaN(value) ? fill[i] : value;
        }
    }

    @Override
    void all(float[] values, int from, int to, int place) {
        float number = (float) fill[place];
        for (int i = from; i < to; i++) {
            values[i] = Float.isNaN(values[i]) ? number : values[i];
        }
    }

    @Override
    void all(double[] values, int from, int to, int place) {
        double number = fill[place];
        for (int i = from; i < to; i++) {
            values[i] = Double.isNaN(values[i]) ? number : values[i];
        }
    }
}
