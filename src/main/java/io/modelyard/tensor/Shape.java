package io.modelyard.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The lengths of a tensor's axes. In a signature an axis may be {@link #ANY} long; the shape of a tensor itself
 * has none of those. Immutable.
 */
public final class Shape {
    /** An axis whose length only the data tells; written -1. */
    public static final long ANY = -1;

    private final long[] dims;

    private Shape(long[] dims) {
        this.dims = dims;
    }

    /** @throws IllegalArgumentException if a length is below -1 */
    public static Shape of(long... dims) {
        for (long dim : dims) {
            if (dim < ANY) {
                throw new IllegalArgumentException("a shape has lengths of 0 or more, or -1 for any, not " + dim);
            }
        }
        return new Shape(dims.clone());
    }

    public static Shape of(List<Long> dims) {
        return of(dims.stream().mapToLong(Long::longValue).toArray());
    }

    public int rank() {
        return dims.length;
    }

    public long dim(int axis) {
        return dims[axis];
    }

    public long[] toArray() {
        return dims.clone();
    }

    /** Whether no axis is {@link #ANY}. */
    public boolean isKnown() {
        return LongStream.of(dims).noneMatch(dim -> dim == ANY);
    }

    /**
     * How many elements a tensor of this shape has; 1 for a scalar.
     *
     * @throws IllegalStateException if an axis is {@link #ANY}
     * @throws ArithmeticException if there are more than a long can count
     */
    public long elements() {
        long product = 1;
        for (long dim : dims) {
            if (dim == ANY) {
                throw new IllegalStateException("the shape " + this + " does not say how many elements it has");
            }
            product = Math.multiplyExact(product, dim);
        }
        return product;
    }

    /** This shape without its first axis. */
    public Shape row() {
        return new Shape(Arrays.copyOfRange(dims, 1, dims.length));
    }

    /** This shape behind a new first axis. */
    public Shape times(long rows) {
        long[] more = new long[dims.length + 1];
        more[0] = rows;
        System.arraycopy(dims, 0, more, 1, dims.length);
        return new Shape(more);
    }

    /** Whether a tensor of the concrete shape {@code other} fits: same rank, same lengths but where this is ANY. */
    public boolean accepts(Shape other) {
        if (other.dims.length != dims.length) {
            return false;
        }
        for (int axis = 0; axis < dims.length; axis++) {
            if (dims[axis] != ANY && dims[axis] != other.dims[axis]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /** As in JSON, {@code [-1, 4]}. */
    @Override
    public String toString() {
        return Arrays.toString(dims);
    }
}
