package io.modelyard.transform;

import io.modelyard.tensor.Tensor;

import java.util.function.DoubleUnaryOperator;

/**
 * Functions of outputs, computed in float64 and rounded once to the dtype of the output. Outputs may be kept by others, so
 * each makes a new array.
 */
final class Probabilities {
    private Probabilities() {}

    /**
     * {@code exp(x − max) / Σ exp(x − max)} over each stretch of {@code width} values. The greatest is taken off first, so that
     * no exponential overflows. A NaN or +∞ among them makes all of them NaN.
     */
    static Tensor softmax(Tensor logits, int width) {
        double[] row = new double[width];
        return switch (logits) {
            case Tensor.Floats floats -> {
                float[] from = floats.values();
                float[] to = new float[from.length];
                for (int start = 0; start < from.length; start += width) {
                    for (int i = 0; i < width; i++) {
                        row[i] = from[start + i];
                    }
                    double sum = exponentials(row);
                    for (int i = 0; i < width; i++) {
                        to[start + i] = (float) (row[i] / sum);
                    }
                }
                yield new Tensor.Floats(floats.shape(), to);
            }
            case Tensor.Doubles doubles -> {
                double[] from = doubles.values();
                double[] to = new double[from.length];
                for (int start = 0; start < from.length; start += width) {
                    System.arraycopy(from, start, row, 0, width);
                    double sum = exponentials(row);
                    for (int i = 0; i < width; i++) {
                        to[start + i] = row[i] / sum;
                    }
                }
                yield new Tensor.Doubles(doubles.shape(), to);
            }
            default -> throw new IllegalArgumentException(logits.dataType().jsonName());
        };
    }

    /** In place; their sum. */
    private static double exponentials(double[] values) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            greatest = Math.max(greatest, value);
        }
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.exp(values[i] - greatest);
            sum += values[i];
        }
        return sum;
    }

    /** {@code 1 / (1 + exp(−x))}, which no x makes overflow into anything but 0 and 1. */
    static Tensor sigmoid(Tensor logits) {
        return each(logits, x -> 1 / (1 + Math.exp(-x)));
    }

    /**
     * To the nearest multiple of {@code 10^-decimals}, ties to the even one: {@code rint(x · 10^d) / 10^d}, as NumPy rounds.
     * What is too large to have decimals stays.
     */
    static Tensor round(Tensor values, int decimals) {
        double factor = Math.pow(10, decimals);
        return each(values, x -> {
            double scaled = x * factor;
            return Math.abs(scaled) < 0x1p52 ? Math.rint(scaled) / factor : x;
        });
    }

    private static Tensor each(Tensor values, DoubleUnaryOperator function) {
        return switch (values) {
            case Tensor.Floats floats -> {
                float[] from = floats.values();
                float[] to = new float[from.length];
                for (int i = 0; i < from.length; i++) {
                    to[i] = (float) function.applyAsDouble(from[i]);
                }
                yield new Tensor.Floats(floats.shape(), to);
            }
            case Tensor.Doubles doubles -> {
                double[] from = doubles.values();
                double[] to = new double[from.length];
                for (int i = 0; i < from.length; i++) {
                    to[i] = function.applyAsDouble(from[i]);
                }
                yield new Tensor.Doubles(doubles.shape(), to);
            }
            default -> throw new IllegalArgumentException(values.dataType().jsonName());
        };
    }
}
