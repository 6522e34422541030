package io.modelyard.transform;

import io.modelyard.tensor.InvalidInputException;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;

/**
 * Something that is done to every value of a floating-point tensor, with numbers that are the same for all values or differ
 * along one axis. The loops of subclasses run over contiguous stretches, so that the compiler can make vectors of them.
 */
abstract class Places implements Kernel {
    private final String pointer;
    private final int places;
    private final int axis;

    /**
     * @param pointer JSON pointer to the numbers, for errors
     * @param places how many numbers there are; 1 for all values
     * @param axis along which they stand, 0 the one of rows; negative counts from the last
     */
    Places(String pointer, int places, int axis) {
        this.pointer = pointer;
        this.places = places;
        this.axis = axis;
    }

    @Override
    public final void apply(Tensor tensor) {
        int inner = places == 1 ? tensor.length() : inner(tensor.shape());
        switch (tensor) {
            case Tensor.Floats floats -> walk(floats.values(), inner);
            case Tensor.Doubles doubles -> walk(doubles.values(), inner);
            default -> {
                // Other dtypes are left as they are.
            }
        }
    }

    private void walk(float[] values, int inner) {
        if (inner == 1) {
            for (int from = 0; from < values.length; from += places) {
                along(values, from);
            }
            return;
        }
        int place = 0;
        for (int from = 0; from < values.length; from += inner) {
            all(values, from, from + inner, place);
            place = place + 1 == places ? 0 : place + 1;
        }
    }

    private void walk(double[] values, int inner) {
        if (inner == 1) {
            for (int from = 0; from < values.length; from += places) {
                along(values, from);
            }
            return;
        }
        int place = 0;
        for (int from = 0; from < values.length; from += inner) {
            all(values, from, from + inner, place);
            place = place + 1 == places ? 0 : place + 1;
        }
    }

    /** How many values behind each other have the same number. */
    private int inner(Shape shape) {
        int at = axis < 0 ? shape.rank() + axis : axis;
        long length = at > 0 && at < shape.rank() ? shape.dim(at) : 1;
        if (length != places) {
            throw new InvalidInputException(pointer, "there are " + places + " values, and the axis they stand for has "
                    + length + " places in an input of shape " + shape);
        }
        long inner = 1;
        for (int i = at + 1; i < shape.rank(); i++) {
            inner *= shape.dim(i);
        }
        return Math.toIntExact(inner);
    }

    /** The values from {@code from} on, one for each place. */
    abstract void along(float[] values, int from);

    abstract void along(double[] values, int from);

    /** The values from {@code from} up to {@code to}, all of one place. */
    abstract void all(float[] values, int from, int to, int place);

    abstract void all(double[] values, int from, int to, int place);
}
