package io.modelyard.runtime.onnx;

import io.modelyard.runtime.InferenceException;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.Tensor;
import io.modelyard.tensor.TensorSpec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Learns the shapes of outputs from what comes out, where a model does not say them or cannot be believed: exporters
 * leave them out, and old ones declare the labels of any number of rows as {@code [1]}. Such a model is run on zeros, for
 * one row and for two; others are not.
 */
final class OutputShapes {
    /** Of an input in a run on zeros. */
    private static final long MOST_VALUES = 1 << 24;

    private final String file;
    private final Set<String> shapeless;
    private final List<String> warnings;

    OutputShapes(String file, Set<String> shapeless, List<String> warnings) {
        this.file = file;
        this.shapeless = shapeless;
        this.warnings = warnings;
    }

    /** @throws InvalidModelException if the rank of an output is neither said nor to be learned */
    Signature learn(OnnxModel model) throws InvalidModelException {
        Signature signature = model.signature();
        if (signature.outputs().stream().noneMatch(output -> isDoubtful(signature, output))) {
            return signature;
        }
        List<String> names = signature.outputs().stream().map(TensorSpec::name).toList();
        try {
            List<Tensor> one = model.run(zeros(signature, 1), names);
            List<Tensor> two = takesRows(signature) ? model.run(zeros(signature, 2), names) : one;
            List<TensorSpec> outputs = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                outputs.add(observed(signature, signature.outputs().get(i), one.get(i).shape(), two.get(i).shape()));
            }
            return new Signature(signature.inputs(), outputs, signature.missingAllowed());
        } catch (InferenceException e) {
            return unlearned(signature, e);
        }
    }

    private boolean isDoubtful(Signature signature, TensorSpec output) {
        return isUnsaid(output) || (takesRows(signature) && !output.isBatched());
    }

    /** Whether the number of rows that go in is free; what is said of the outputs is in doubt here. */
    private static boolean takesRows(Signature signature) {
        return !signature.inputs().isEmpty() && signature.inputs().stream().allMatch(TensorSpec::isBatched);
    }

    private boolean isUnsaid(TensorSpec output) {
        return output.shape().rank() == 0 && shapeless.contains(output.name());
    }

    private TensorSpec observed(Signature signature, TensorSpec output, Shape one, Shape two) {
        boolean unsaid = isUnsaid(output);
        boolean free = unsaid && hasInnerFreedom(signature);
        long[] dims = one.toArray();
        for (int axis = 0; axis < dims.length; axis++) {
            boolean differs = two.rank() != dims.length || two.dim(axis) != dims[axis] || free;
            boolean contradicts = !unsaid && (output.shape().rank() != dims.length
                    || output.shape().dim(axis) != dims[axis]);
            if (differs || contradicts) {
                dims[axis] = Shape.ANY;
            }
        }
        Shape shape = Shape.of(dims);
        if (!unsaid && !shape.equals(output.shape())) {
            warnings.add("the model declares its output '" + output.name() + "' as " + output.shape()
                    + ", but what comes out is " + shape);
        }
        return new TensorSpec(output.name(), output.dtype(), shape, output.features(), output.labels(),
                output.onRequest());
    }

    private Signature unlearned(Signature signature, InferenceException e) throws InvalidModelException {
        List<String> unsaid = signature.outputs().stream().filter(this::isUnsaid).map(TensorSpec::name).toList();
        if (!unsaid.isEmpty()) {
            throw new InvalidModelException(file + ": the model does not say the shape of its outputs " + unsaid
                    + ", and it could not be learned by a run on zeros (" + e.getMessage()
                    + "); export the model with the shapes of its outputs", e);
        }
        warnings.add("the shapes of the outputs could not be checked by a run on zeros: " + e.getMessage());
        return signature;
    }

    /** Whether an axis other than that of the rows is free, so that a length seen once need not be the only one. */
    private static boolean hasInnerFreedom(Signature signature) {
        return signature.inputs().stream().map(TensorSpec::shape).filter(shape -> shape.rank() > 0)
                .anyMatch(shape -> !(takesRows(signature) ? shape.row() : shape).isKnown());
    }

    private static List<Tensor> zeros(Signature signature, int rows) {
        return signature.inputs().stream().map(input -> zeros(input, rows)).toList();
    }

    private static Tensor zeros(TensorSpec input, int rows) {
        long[] dims = input.shape().toArray();
        for (int axis = 0; axis < dims.length; axis++) {
            if (dims[axis] == Shape.ANY) {
                dims[axis] = axis == 0 ? rows : 1;
            }
        }
        Shape shape = Shape.of(dims);
        if (!isSmall(shape)) {
            throw new InferenceException("input '" + input.name() + "' has the shape " + shape
                    + ", too many values for a try", null);
        }
        Object values = Tensor.newArray(input.dtype(), Math.toIntExact(shape.elements()));
        if (values instanceof String[] texts) {
            Arrays.fill(texts, "");
        }
        return Tensor.of(input.dtype(), shape, values);
    }

    private static boolean isSmall(Shape shape) {
        long product = 1;
        for (int axis = 0; axis < shape.rank() && product <= MOST_VALUES; axis++) {
            product *= Math.min(shape.dim(axis), MOST_VALUES + 1);
        }
        return product <= MOST_VALUES;
    }
}
