package io.modelyard.transform;

import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;

/** What is decided about the rows of a floating-point output; the values stay as they are. For one call. */
final class Decisions {
    private final Tensor output;
    private final int rows;
    private final int width;

    /** @param width how many values a row has */
    Decisions(Tensor output, int width) {
        this.output = output;
        this.width = width;
        this.rows = width == 0 ? 0 : output.length() / width;
    }

    /** For each row of two classes 1 where the probability of the second reaches the threshold, else 0; −1 for NaN. */
    int[] ofTwo(double threshold) {
        int[] decided = new int[rows];
        for (int row = 0; row < rows; row++) {
            double second = at(row * width + width - 1);
            decided[row] = Double.isNaN(second) ? -1 : second >= threshold ? 1 : 0;
        }
        return decided;
    }

    /** For each row of one value p, which means [1−p, p], the place of the greater, the first of equals; −1 for NaN. */
    int[] likelierOfTwo() {
        int[] decided = new int[rows];
        for (int row = 0; row < rows; row++) {
            double second = at(row);
            decided[row] = Double.isNaN(second) ? -1 : second > 1 - second ? 1 : 0;
        }
        return decided;
    }

    /** For each row the place of its greatest value, the first of equals, where that reaches the threshold, else −1. */
    int[] ofMany(double threshold) {
        int[] decided = new int[rows];
        for (int row = 0; row < rows; row++) {
            int best = -1;
            for (int i = row * width; i < (row + 1) * width; i++) {
                if (best < 0 ? !Double.isNaN(at(i)) : at(i) > at(best)) {
                    best = i;
                }
            }
            decided[row] = best >= 0 && at(best) >= threshold ? best - row * width : -1;
        }
        return decided;
    }

    /** For each value whether it reaches the threshold; NaN does not. */
    boolean[] ofEach(double threshold) {
        boolean[] chosen = new boolean[output.length()];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = at(i) >= threshold;
        }
        return chosen;
    }

    /**
     * For each row the places of its {@code most} greatest values, the greatest first; of equals the first comes first, and NaN
     * last of all. Each value is put in its place among those found so far, by binary search.
     */
    int[] top(int most) {
        int kept = Math.min(most, width);
        int[] top = new int[rows * kept];
        for (int row = 0; row < rows; row++) {
            int first = row * kept;
            int found = 0;
            for (int place = 0; place < width; place++) {
                double value = at(row * width + place);
                if (found == kept && !isBetter(value, at(row * width + top[first + kept - 1]))) {
                    continue;
                }
                int low = 0;
                int high = found;
                while (low < high) {
                    int middle = (low + high) >>> 1;
                    if (isBetter(value, at(row * width + top[first + middle]))) {
                        high = middle;
                    } else {
                        low = middle + 1;
                    }
                }
                int behind = (found == kept ? kept - 1 : found) - low;
                System.arraycopy(top, first + low, top, first + low + 1, behind);
                top[first + low] = place;
                found = Math.min(found + 1, kept);
            }
        }
        return top;
    }

    private static boolean isBetter(double value, double than) {
        return value > than || (Double.isNaN(than) && !Double.isNaN(value));
    }

    /** [1−p, p] for each value p. */
    static Tensor bothOfTwo(Tensor output) {
        Shape shape = Shape.of(output.length(), 2);
        return switch (output) {
            case Tensor.Floats floats -> {
                float[] both = new float[2 * floats.values().length];
                for (int i = 0; i < floats.values().length; i++) {
                    both[2 * i] = (float) (1 - (double) floats.values()[i]);
                    both[2 * i + 1] = floats.values()[i];
                }
                yield new Tensor.Floats(shape, both);
            }
            case Tensor.Doubles doubles -> {
                double[] both = new double[2 * doubles.values().length];
                for (int i = 0; i < doubles.values().length; i++) {
                    both[2 * i] = 1 - doubles.values()[i];
                    both[2 * i + 1] = doubles.values()[i];
                }
                yield new Tensor.Doubles(shape, both);
            }
            default -> throw new IllegalArgumentException(output.dataType().jsonName());
        };
    }

    private double at(int i) {
        return output instanceof Tensor.Floats floats ? floats.values()[i] : ((Tensor.Doubles) output).values()[i];
    }
}
