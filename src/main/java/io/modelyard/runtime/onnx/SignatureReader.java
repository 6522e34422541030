package io.modelyard.runtime.onnx;

import ai.onnxruntime.MapInfo;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.SequenceInfo;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.ValueInfo;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.TensorSpec;

import java.util.ArrayList;
import java.util.List;

/** Says the inputs and outputs of a session in our words. */
final class SignatureReader {
    private final String file;
    private final OnnxOutline outline;

    SignatureReader(String file, OnnxOutline outline) {
        this.file = file;
        this.outline = outline;
    }

    /**
     * @return with shape {@code []} for outputs whose rank the model does not say
     * @throws InvalidModelException if there is an input or output that we have no tensor for
     */
    Signature read(OrtSession session) throws InvalidModelException, OrtException {
        List<TensorSpec> inputs = new ArrayList<>();
        for (NodeInfo input : session.getInputInfo().values()) {
            inputs.add(tensor("input", input.getName(), input.getInfo()));
        }
        List<TensorSpec> outputs = new ArrayList<>();
        for (NodeInfo output : session.getOutputInfo().values()) {
            TensorSpec spec = tensor("output", output.getName(), output.getInfo());
            List<String> classes = outline.classes().get(output.getName());
            outputs.add(classes == null ? spec : classified(spec, classes));
        }
        return new Signature(inputs, outputs, outline.missingKnown());
    }

    private TensorSpec tensor(String place, String name, ValueInfo info) throws InvalidModelException {
        if (!(info instanceof TensorInfo tensor)) {
            throw refusal(place, name, "is a " + kind(info) + ", and only tensors can be served; export the model "
                    + "with tensors for its inputs and outputs");
        }
        DataType type = OnnxTypes.dataType(tensor.onnxType)
                .orElseThrow(() -> refusal(place, name, "has the type " + OnnxTypes.name(tensor.onnxType)
                        + ", which JSON requests cannot carry; put a Cast node before or behind it, or export the model "
                        + "with float32 inputs and outputs"));
        Shape shape = Shape.of(tensor.getShape());
        if (place.equals("input") && shape.rank() == 0 && outline.shapeless().contains(name)) {
            throw refusal(place, name, "has no shape; export the model with a shape, with symbols for free axes");
        }
        return TensorSpec.of(name, type, shape);
    }

    private TensorSpec classified(TensorSpec spec, List<String> classes) throws InvalidModelException {
        int rank = spec.shape().rank();
        long width = rank == 0 ? Shape.ANY : spec.shape().dim(rank - 1);
        if (classes.isEmpty() || (width != Shape.ANY && width != classes.size())) {
            throw refusal("output", spec.name(), "is made by a ZipMap node with " + classes.size()
                    + " class labels" + (width == Shape.ANY ? "" : " over " + width + " columns"));
        }
        return TensorSpec.of(spec.name(), spec.dtype(), Shape.of(Shape.ANY, classes.size())).withLabels(classes);
    }

    private InvalidModelException refusal(String place, String name, String problem) {
        return new InvalidModelException(file + ": the " + place + " '" + name + "' " + problem);
    }

    private static String kind(ValueInfo info) {
        if (info instanceof SequenceInfo sequence) {
            return sequence.isSequenceOfMaps() ? "sequence of maps" : "sequence";
        }
        return info instanceof MapInfo ? "map" : info.getClass().getSimpleName();
    }
}
