package io.modelyard.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * The decoded inputs of a request.
 *
 * @param tensors one for each input of the signature, in its order; the first axis of each counts the rows, also where
 *        the model itself knows no such axis
 */
public record InputRows(List<Tensor> tensors, int rows) {
    /**
     * The rows of all, one after the other.
     *
     * @param all at least one; the rows of each input of one shape
     */
    public static InputRows concat(List<InputRows> all) {
        List<Tensor> joined = new ArrayList<>();
        for (int i = 0; i < all.getFirst().tensors().size(); i++) {
            int input = i;
            joined.add(Rows.concat(all.stream().map(rows -> rows.tensors().get(input)).toList()));
        }
        return new InputRows(List.copyOf(joined), all.stream().mapToInt(InputRows::rows).sum());
    }

    /** What one row holds of each input. */
    public List<Shape> rowShapes() {
        return tensors.stream().map(tensor -> tensor.shape().row()).toList();
    }
}
