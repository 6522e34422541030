package io.modelyard.tensor;

import java.util.List;

/** Takes tensors apart into rows, and puts rows together. */
public final class Rows {
    private Rows() {}

    /** The {@code count} rows of {@code tensor} from row {@code from} on, as a tensor of its own. */
    public static Tensor slice(Tensor tensor, int from, int count) {
        Shape row = tensor.shape().row();
        int length = Math.toIntExact(row.elements());
        Object values = Tensor.newArray(tensor.dataType(), count * length);
        System.arraycopy(tensor.array(), from * length, values, 0, count * length);
        return Tensor.of(tensor.dataType(), row.times(count), values);
    }

    /** The same values in another shape of as many elements. */
    public static Tensor reshape(Tensor tensor, Shape shape) {
        return Tensor.of(tensor.dataType(), shape, tensor.array());
    }

    /**
     * One tensor whose rows are the given tensors, behind a new first axis.
     *
     * @param tensors at least one, all of one dtype
     * @throws IllegalArgumentException if they differ in shape
     */
    public static Tensor stack(List<Tensor> tensors) {
        Tensor first = tensors.getFirst();
        int length = first.length();
        Object values = Tensor.newArray(first.dataType(), tensors.size() * length);
        for (int i = 0; i < tensors.size(); i++) {
            Tensor tensor = tensors.get(i);
            if (!tensor.shape().equals(first.shape())) {
                throw new IllegalArgumentException("rows of the shapes " + first.shape() + " and " + tensor.shape()
                        + " make no tensor");
            }
            System.arraycopy(tensor.array(), 0, values, i * length, length);
        }
        return Tensor.of(first.dataType(), first.shape().times(tensors.size()), values);
    }

    /**
     * One tensor with the rows of all, one after the other.
     *
     * @param tensors at least one, all of one dtype
     * @throws IllegalArgumentException if their rows differ in shape
     */
    public static Tensor concat(List<Tensor> tensors) {
        Tensor first = tensors.getFirst();
        Shape row = first.shape().row();
        int length = 0;
        int rows = 0;
        for (Tensor tensor : tensors) {
            if (!tensor.shape().row().equals(row)) {
                throw new IllegalArgumentException(
                        "rows of the shapes " + row + " and " + tensor.shape().row() + " make no tensor");
            }
            length += tensor.length();
            rows += Math.toIntExact(tensor.shape().dim(0));
        }
        Object values = Tensor.newArray(first.dataType(), length);
        int from = 0;
        for (Tensor tensor : tensors) {
            System.arraycopy(tensor.array(), 0, values, from, tensor.length());
            from += tensor.length();
        }
        return Tensor.of(first.dataType(), row.times(rows), values);
    }
}
