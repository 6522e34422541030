package io.modelyard.runtime.tensorflow;

import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.tensorflow.BoundSignature.Port;
import io.modelyard.runtime.tensorflow.NativeSession.Endpoint;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.TensorSpec;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto.Dim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Looks the tensors that signatures name up in the loaded graph. */
final class SignatureBinder {
    private final NativeSession session;
    private final LoadOptions options;

    SignatureBinder(NativeSession session, LoadOptions options) {
        this.session = session;
        this.options = options;
    }

    /** In what the signature and the graph contradict each other, if they do: a half sentence. */
    Optional<String> contradiction(SignatureDef signature) {
        for (Map.Entry<String, TensorInfo> input : new TreeMap<>(signature.getInputsMap()).entrySet()) {
            Optional<String> wrong = contradiction("input '" + input.getKey() + "'", input.getValue());
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        for (Map.Entry<String, TensorInfo> output : new TreeMap<>(signature.getOutputsMap()).entrySet()) {
            Optional<String> wrong = contradiction("output '" + output.getKey() + "'", output.getValue());
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    /**
     * Binds a signature.
     *
     * @param warnings gets what is odd about it
     * @throws InvalidModelException with a half sentence that says why it cannot be served
     */
    BoundSignature bind(SignatureDef signature, List<String> warnings) throws InvalidModelException {
        Optional<String> contradiction = contradiction(signature);
        if (contradiction.isPresent()) {
            throw new InvalidModelException(contradiction.get());
        }
        if (signature.getInputsCount() == 0 || signature.getOutputsCount() == 0) {
            throw new InvalidModelException("it has no " + (signature.getInputsCount() == 0 ? "inputs" : "outputs"));
        }
        refuseUnknownNames(signature);
        List<Port> inputs = new ArrayList<>();
        for (Map.Entry<String, TensorInfo> input : new TreeMap<>(signature.getInputsMap()).entrySet()) {
            inputs.add(port("input", input.getKey(), input.getValue(), warnings));
        }
        for (int i = 0; i < inputs.size(); i++) {
            for (Port other : inputs.subList(i + 1, inputs.size())) {
                if (inputs.get(i).isSameTensorAs(other)) {
                    throw new InvalidModelException("its inputs '" + inputs.get(i).spec().name() + "' and '"
                            + other.spec().name() + "' are the same tensor of the graph");
                }
            }
        }
        List<Port> outputs = new ArrayList<>();
        for (Map.Entry<String, TensorInfo> output : new TreeMap<>(signature.getOutputsMap()).entrySet()) {
            outputs.add(port("output", output.getKey(), output.getValue(), warnings));
        }
        return new BoundSignature(inputs, outputs);
    }

    private Optional<String> contradiction(String what, TensorInfo info) {
        if (!isDense(info)) {
            return Optional.empty();
        }
        Optional<Endpoint> endpoint = session.endpoint(info.getName());
        if (endpoint.isEmpty()) {
            return Optional.of(what + " is tensor '" + info.getName() + "', which the graph does not have");
        }
        org.tensorflow.proto.DataType inGraph = endpoint.get().type();
        if (base(info) != inGraph) {
            return Optional.of(what + " is " + name(base(info)) + " in the signature and " + name(inGraph)
                    + " in the graph");
        }
        Optional<Shape> declared = declaredShape(info);
        Optional<Shape> actual = endpoint.get().shape();
        if (declared.isPresent() && actual.isPresent() && !overlap(declared.get(), actual.get())) {
            return Optional.of(what + " has shape " + declared.get() + " in the signature and " + actual.get()
                    + " in the graph");
        }
        return Optional.empty();
    }

    private Port port(String role, String name, TensorInfo info, List<String> warnings) throws InvalidModelException {
        String what = role + " '" + name + "'";
        if (!isDense(info)) {
            throw new InvalidModelException(what + " is a sparse or composite tensor, and only dense ones are served");
        }
        Endpoint endpoint = session.endpoint(info.getName()).orElseThrow();
        DataType type = NativeTensors.dataType(endpoint.type())
                .orElseThrow(() -> new InvalidModelException(what + " is "
                        + name(endpoint.type())
                        + ", which cannot stand in a request: cast it to float32 or int64 in the model"));
        boolean base64 = options.base64().contains(name);
        if (base64 && type != DataType.STRING) {
            throw new InvalidModelException("runtime_options.base64 names " + what + ", which is " + type.jsonName()
                    + " and no string");
        }
        Optional<Shape> known = declaredShape(info).or(endpoint::shape);
        Shape wanted = options.shapes().get(name);
        if (wanted != null) {
            if (known.isPresent() && !known.get().equals(wanted) && !isWithin(known.get(), wanted)) {
                throw new InvalidModelException("runtime_options.shapes says " + wanted + " for " + what
                        + ", and the model says " + known.get());
            }
            known = Optional.of(wanted);
        } else if (known.isEmpty() && role.equals("input") && type == DataType.STRING) {
            // As TensorFlow Serving feeds them: a vector of texts, or of serialized tf.Example messages.
            known = Optional.of(Shape.of(Shape.ANY));
            warnings.add(what + " has no shape in the model: it is served as a list of strings, [-1]");
        }
        Shape shape = known.orElseThrow(() -> new InvalidModelException(what + " has no known number of axes: say its "
                + "shape with runtime_options, for example {\"shapes\": {\"" + name + "\": [-1, 4]}}"));
        return new Port(TensorSpec.of(name, type, shape), endpoint, base64);
    }

    private void refuseUnknownNames(SignatureDef signature) throws InvalidModelException {
        Set<String> names = new HashSet<>(signature.getInputsMap().keySet());
        names.addAll(signature.getOutputsMap().keySet());
        Set<String> asked = new HashSet<>(options.shapes().keySet());
        asked.addAll(options.base64());
        asked.removeAll(names);
        if (!asked.isEmpty()) {
            throw new InvalidModelException("runtime_options name " + asked + ", and it has only " + names);
        }
    }

    /** Empty where the signature leaves the number of axes open. */
    private static Optional<Shape> declaredShape(TensorInfo info) {
        if (!info.hasTensorShape() || info.getTensorShape().getUnknownRank()) {
            return Optional.empty();
        }
        return Optional.of(Shape.of(info.getTensorShape().getDimList().stream().mapToLong(Dim::getSize)
                .map(size -> Math.max(Shape.ANY, size)).toArray()));
    }

    private static boolean isDense(TensorInfo info) {
        return !info.hasCooSparse() && !info.hasCompositeTensor();
    }

    /** Whether some tensor fits both. */
    private static boolean overlap(Shape one, Shape other) {
        if (one.rank() != other.rank()) {
            return false;
        }
        for (int axis = 0; axis < one.rank(); axis++) {
            if (one.dim(axis) != Shape.ANY && other.dim(axis) != Shape.ANY && one.dim(axis) != other.dim(axis)) {
                return false;
            }
        }
        return true;
    }

    /** Whether every tensor that fits {@code narrow} fits {@code wide}. */
    private static boolean isWithin(Shape wide, Shape narrow) {
        if (wide.rank() != narrow.rank()) {
            return false;
        }
        for (int axis = 0; axis < wide.rank(); axis++) {
            if (wide.dim(axis) != Shape.ANY && wide.dim(axis) != narrow.dim(axis)) {
                return false;
            }
        }
        return true;
    }

    private static org.tensorflow.proto.DataType base(TensorInfo info) {
        String name = info.getDtype().name();
        return name.endsWith("_REF")
                ? org.tensorflow.proto.DataType.valueOf(name.substring(0, name.length() - "_REF".length()))
                : info.getDtype();
    }

    private static String name(org.tensorflow.proto.DataType type) {
        return NativeTensors.dataType(type).map(DataType::jsonName)
                .orElseGet(() -> type.name().replace("DT_", "").toLowerCase(Locale.ROOT));
    }
}
