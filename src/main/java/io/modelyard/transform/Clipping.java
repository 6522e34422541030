package io.modelyard.transform;

/** {@code min(max(x, low), high)}; NaN stays. Bounds of float32 inputs are rounded to float32 first. */
final class Clipping extends Places {
    private final double[] low;
    private final double[] high;

    /** @param low as many as {@code high}, and none greater */
    Clipping(String pointer, double[] low, double[] high, int axis) {
        super(pointer, low.length, axis);
        this.low = low;
        this.high = high;
    }

    @Override
    void along(float[] values, int from) {
        for (int i = 0; i < low.length; i++) {
            values[from + i] = Math.min(Math.max(values[from + i], (float) low[i]), (float) high[i]);
        }
    }

    @Override
    void along(double[] values, int from) {
        for (int i = 0; i < low.length; i++) {
            values[from + i] = Math.min(Math.max(values[from + i], low[i]), high[i]);
        }
    }

    @Override
    void all(float[] values, int from, int to, int place) {
        float least = (float) low[place];
        float most = (float) high[place];
        for (int i = from; i < to; i++) {
            values[i] = Math.min(Math.max(values[i], least), most);
        }
    }

    @Override
    void all(double[] values, int from, int to, int place) {
        double least = low[place];
        double most = high[place];
        for (int i = from; i < to; i++) {
            values[i] = Math.min(Math.max(values[i], least), most);
        }
    }
}
