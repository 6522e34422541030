package io.modelyard.runtime;

import io.modelyard.model.Example;
import io.modelyard.model.Manifest;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.InputRows;
import io.modelyard.tensor.Rows;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.Tensor;
import io.modelyard.tensor.TensorSpec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A row to try a model with: of its examples, or where it has none, made from its signature. */
public final class WarmUpRows {
    private WarmUpRows() {}

    /**
     * One row, as the model takes it.
     *
     * @throws InferenceException if an example has no row
     */
    public static InputRows one(DescribedModel model, Manifest manifest) {
        if (manifest.examples().isEmpty()) {
            return ofSignature(model);
        }
        Example example = manifest.examples().getFirst();
        InputRows rows = ExampleCheck.rows(model, example.inputs());
        if (rows.rows() == 0) {
            return ofSignature(model);
        }
        return new InputRows(rows.tensors().stream().map(tensor -> Rows.slice(tensor, 0, 1)).toList(), 1);
    }

    /** All values are zero, false or empty; axes of any length are 1 long. A model need not like it. */
    private static InputRows ofSignature(DescribedModel model) {
        Signature signature = model.signature();
        List<Tensor> tensors = new ArrayList<>();
        for (int input = 0; input < signature.inputs().size(); input++) {
            TensorSpec spec = signature.inputs().get(input);
            long[] dims = model.decoder().rowShape(input).toArray();
            for (int axis = 0; axis < dims.length; axis++) {
                dims[axis] = dims[axis] == Shape.ANY ? 1 : dims[axis];
            }
            Shape shape = Shape.of(dims).times(1);
            Object values = Tensor.newArray(spec.dtype(), Math.toIntExact(shape.elements()));
            if (spec.dtype() == DataType.STRING) {
                Arrays.fill((String[]) values, "");
            }
            tensors.add(Tensor.of(spec.dtype(), shape, values));
        }
        return new InputRows(tensors, 1);
    }
}
