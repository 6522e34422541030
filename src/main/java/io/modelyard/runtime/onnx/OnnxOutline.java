package io.modelyard.runtime.onnx;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a model file says that the library does not tell.
 *
 * @param irVersion version of the file format
 * @param opsets domain of operators → the version of it that the model uses; the standard domain is {@code ""}
 * @param external tensors whose values lie in other files
 * @param classes output of the model that a ZipMap node makes → the names of the classes, in the order of the columns
 *        that go into that node
 * @param shapeless inputs and outputs that are tensors of which not even the rank is said
 * @param missingKnown whether a node of the model does something particular with a NaN that goes in
 */
record OnnxOutline(long irVersion, Map<String, Long> opsets, List<ExternalTensor> external,
        Map<String, List<String>> classes, Set<String> shapeless, boolean missingKnown) {

    /**
     * A tensor whose values lie in another file.
     *
     * @param location as it stands in the model: relative to the model's file, but nothing has checked that
     */
    record ExternalTensor(String name, String location) {}

    OnnxOutline {
        opsets = Map.copyOf(opsets);
        external = List.copyOf(external);
        classes = Map.copyOf(classes);
        shapeless = Set.copyOf(shapeless);
    }

    /** The operators in use, {@code ai.onnx 17, ai.onnx.ml 3} for example. */
    String operators() {
        return new TreeMap<>(opsets).entrySet().stream()
                .map(opset -> (opset.getKey().isEmpty() ? "ai.onnx" : opset.getKey()) + " " + opset.getValue())
                .collect(Collectors.joining(", "));
    }
}
