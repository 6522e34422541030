package io.modelyard.runtime;

import io.modelyard.tensor.Feature;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.TensorSpec;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds what a manifest says of inputs and outputs against what the model itself says, and makes one signature of both.
 *
 * @param signature inputs in the model's order; the manifest's outputs first, then the model's others, on request
 * @param modelNames name of an output in this signature → its name in the model
 */
record SignatureMatch(Signature signature, Map<String, String> modelNames) {

    /**
     * @param named whether the model names its tensors; where it does not, they are matched by place
     * @throws InvalidModelException if the two contradict each other
     */
    static SignatureMatch of(List<TensorSpec> declaredInputs, List<TensorSpec> declaredOutputs, Signature model,
            boolean named) throws InvalidModelException {
        List<TensorSpec> inputs = matchInputs(declaredInputs, model, named);
        Map<String, String> modelNames = new LinkedHashMap<>();
        List<TensorSpec> outputs = new ArrayList<>();
        for (int place = 0; place < declaredOutputs.size(); place++) {
            TensorSpec declared = declaredOutputs.get(place);
            TensorSpec own = ownOutput(model, declared, place, named);
            outputs.add(matchOutput(declared, own, named));
            modelNames.put(declared.name(), own.name());
        }
        for (TensorSpec own : model.outputs()) {
            if (!modelNames.containsValue(own.name())) {
                outputs.add(declaredOutputs.isEmpty() ? own : own.asOnRequest());
                modelNames.put(own.name(), own.name());
            }
        }
        return new SignatureMatch(new Signature(inputs, outputs, model.missingAllowed()), Map.copyOf(modelNames));
    }

    private static List<TensorSpec> matchInputs(List<TensorSpec> declared, Signature model, boolean named)
            throws InvalidModelException {
        if (declared.isEmpty()) {
            return model.inputs();
        }
        if (declared.size() != model.inputs().size()) {
            throw contradiction("has " + declared.size() + " inputs, the model " + model.inputs().size() + ": "
                    + names(model.inputs()));
        }
        List<TensorSpec> inputs = new ArrayList<>();
        for (int place = 0; place < declared.size(); place++) {
            TensorSpec own = model.inputs().get(place);
            TensorSpec said = named ? byName(declared, own.name()) : declared.get(place);
            if (said == null) {
                throw contradiction("names no input '" + own.name() + "', which the model has");
            }
            demandDtype("input", said, own);
            Shape shape = narrower("input", said, own);
            inputs.add(new TensorSpec(said.name(), own.dtype(), shape, features(said, own, shape), List.of(), false));
        }
        return inputs;
    }

    private static List<Feature> features(TensorSpec said, TensorSpec own, Shape shape) throws InvalidModelException {
        if (said.features().isEmpty()) {
            return own.features();
        }
        long width = shape.rank() == 0 ? 1 : shape.dim(shape.rank() - 1);
        if (width >= 0 && shape.rank() > 1 && said.features().size() != width) {
            throw contradiction("names " + said.features().size() + " features of input '" + said.name()
                    + "', whose shape is " + shape);
        }
        for (int i = 0; i < own.features().size(); i++) {
            String name = own.features().get(i).name();
            if (!said.features().get(i).name().equals(name)) {
                throw contradiction("calls feature " + i + " of input '" + said.name() + "' '"
                        + said.features().get(i).name() + "', the model calls it '" + name + "'");
            }
        }
        return said.features();
    }

    private static TensorSpec ownOutput(Signature model, TensorSpec declared, int place, boolean named)
            throws InvalidModelException {
        Optional<TensorSpec> sameName = model.output(declared.name());
        if (sameName.isPresent()) {
            return sameName.get();
        }
        if (!named && place == 0) {
            return model.outputs().getFirst();
        }
        throw contradiction("names an output '" + declared.name() + "'; the model has " + names(model.outputs()));
    }

    private static TensorSpec matchOutput(TensorSpec said, TensorSpec own, boolean named) throws InvalidModelException {
        demandDtype("output", said, own);
        Shape shape = !named && isOneColumn(said.shape()) && isOneColumn(own.shape())
                ? own.shape()
                : narrower("output", said, own);
        List<String> labels = said.labels().isEmpty() ? own.labels() : said.labels();
        long width = shape.rank() < 2 ? 1 : shape.dim(shape.rank() - 1);
        if (own.dtype().isFloating() && width > 1 && !labels.isEmpty() && labels.size() != width) {
            throw contradiction("has " + labels.size() + " labels for output '" + said.name() + "' of " + width
                    + " values a row");
        }
        return new TensorSpec(said.name(), own.dtype(), shape, List.of(), labels, said.onRequest());
    }

    /** [-1] and [-1, 1] say the same of a model that names neither. */
    private static boolean isOneColumn(Shape shape) {
        return shape.rank() == 1 || (shape.rank() == 2 && shape.dim(1) == 1);
    }

    private static void demandDtype(String what, TensorSpec said, TensorSpec own) throws InvalidModelException {
        if (said.dtype() != own.dtype()) {
            throw contradiction("says that " + what + " '" + said.name() + "' is " + said.dtype().jsonName()
                    + ", the model says " + own.dtype().jsonName());
        }
    }

    private static Shape narrower(String what, TensorSpec said, TensorSpec own) throws InvalidModelException {
        long[] dims = own.shape().toArray();
        boolean fits = said.shape().rank() == dims.length;
        for (int axis = 0; fits && axis < dims.length; axis++) {
            if (dims[axis] == Shape.ANY) {
                dims[axis] = said.shape().dim(axis);
            } else if (said.shape().dim(axis) != Shape.ANY && said.shape().dim(axis) != dims[axis]) {
                fits = false;
            }
        }
        if (!fits) {
            throw contradiction("gives " + what + " '" + said.name() + "' the shape " + said.shape()
                    + ", the model says " + own.shape());
        }
        return Shape.of(dims);
    }

    private static @Nullable TensorSpec byName(List<TensorSpec> specs, String name) {
        return specs.stream().filter(spec -> spec.name().equals(name)).findFirst().orElse(null);
    }

    private static String names(List<TensorSpec> specs) {
        return String.join(", ", specs.stream().map(TensorSpec::name).toList());
    }

    private static InvalidModelException contradiction(String detail) {
        return new InvalidModelException("the manifest contradicts the model: it " + detail);
    }
}
