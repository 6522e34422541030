package io.modelyard.transform;

/**
 * {@code (x / scale − mean) / std}, computed in float64 and rounded once to the dtype of the input. A float32 input so comes
 * out as the float32 nearest to what the numbers of the manifest say.
 */
final class Normalization extends Places {
    private final double[] scale;
    private final double[] mean;
    private final double[] std;

    /** @param scale as many as {@code mean} and {@code std}; neither these nor those of {@code std} are 0 */
    Normalization(String pointer, double[] scale, double[] mean, double[] std, int axis) {
        super(pointer, scale.length, axis);
        this.scale = scale;
        this.mean = mean;
        this.std = std;
    }

    @Override
    void along(float[] values, int from) {
        for (int i = 0; i < scale.length; i++) {
            values[from + i] = (float) ((values[from + i] / scale[i] - mean[i]) / std[i]);
        }
    }

    @Override
    void along(double[] values, int from) {
        for (int i = 0; i < scale.length; i++) {
            values[from + i] = (values[from + i] / scale[i] - mean[i]) / std[i];
        }
    }

    @Override
    void all(float[] values, int from, int to, int place) {
        double divisor = scale[place];
        double shift = mean[place];
        double spread = std[place];
        for (int i = from; i < to; i++) {
            values[i] = (float) ((values[i] / divisor - shift) / spread);
        }
    }

    @Override
    void all(double[] values, int from, int to, int place) {
        double divisor = scale[place];
        double shift = mean[place];
        double spread = std[place];
        for (int i = from; i < to; i++) {
            values[i] = (values[i] / divisor - shift) / spread;
        }
    }
}
