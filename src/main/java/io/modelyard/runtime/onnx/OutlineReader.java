package io.modelyard.runtime.onnx;

import io.modelyard.runtime.onnx.OnnxOutline.ExternalTensor;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Skims a model file once for its {@link OnnxOutline}. Every place where a tensor may stand is looked at (graphs inside
 * of nodes, functions and training graphs too), so no file that the model refers to goes unseen.
 */
final class OutlineReader {
    private final Map<String, Long> opsets = new HashMap<>();
    private final List<ExternalTensor> external = new ArrayList<>();
    private final Map<String, List<String>> classes = new HashMap<>();
    private final Set<String> shapeless = new HashSet<>();
    private final Set<String> outputs = new HashSet<>();
    private boolean missingKnown;
    private boolean graphSeen;
    private long irVersion;

    private OutlineReader() {}

    /** @throws MalformedProtobufException if the bytes are no ONNX model */
    static OnnxOutline read(MemorySegment file) {
        OutlineReader reader = new OutlineReader();
        reader.model(new WireMessage(file));
        if (!reader.graphSeen) {
            throw new MalformedProtobufException("it holds no graph");
        }
        reader.classes.keySet().retainAll(reader.outputs);
        return new OnnxOutline(reader.irVersion, reader.opsets, reader.external, reader.classes, reader.shapeless,
                reader.missingKnown);
    }

    private void model(WireMessage model) {
        while (model.next()) {
            switch (model.tag()) {
                case OnnxFields.Model.IR_VERSION -> irVersion = model.varint();
                case OnnxFields.Model.OPSET_IMPORT -> opset(model.message());
                case OnnxFields.Model.GRAPH -> {
                    graphSeen = true;
                    graph(model.message(), true);
                }
                case OnnxFields.Model.TRAINING_INFO -> training(model.message());
                case OnnxFields.Model.FUNCTIONS -> function(model.message());
                default -> {
                }
            }
        }
    }

    private void opset(WireMessage opset) {
        String domain = "";
        long version = 0;
        while (opset.next()) {
            switch (opset.tag()) {
                case OnnxFields.OpsetId.DOMAIN -> domain = opset.text();
                case OnnxFields.OpsetId.VERSION -> version = opset.varint();
                default -> {
                }
            }
        }
        // The standard domain has a long name too.
        opsets.merge(domain.equals("ai.onnx") ? "" : domain, version, Long::max);
    }

    private void training(WireMessage training) {
        while (training.next()) {
            switch (training.tag()) {
                case OnnxFields.TrainingInfo.INITIALIZATION, OnnxFields.TrainingInfo.ALGORITHM ->
                    graph(training.message(), false);
                default -> {
                }
            }
        }
    }

    private void function(WireMessage function) {
        while (function.next()) {
            switch (function.tag()) {
                case OnnxFields.Function.NODE -> node(function.message(), false);
                case OnnxFields.Function.ATTRIBUTE -> attribute(function.message());
                default -> {
                }
            }
        }
    }

    private void graph(WireMessage graph, boolean main) {
        while (graph.next()) {
            switch (graph.tag()) {
                case OnnxFields.Graph.NODE -> node(graph.message(), main);
                case OnnxFields.Graph.INITIALIZER -> tensor(graph.message());
                case OnnxFields.Graph.SPARSE_INITIALIZER -> sparseTensor(graph.message());
                case OnnxFields.Graph.INPUT -> {
                    if (main) {
                        value(graph.message());
                    }
                }
                case OnnxFields.Graph.OUTPUT -> {
                    if (main) {
                        outputs.add(value(graph.message()));
                    }
                }
                default -> {
                }
            }
        }
    }

    private String value(WireMessage value) {
        String name = "";
        boolean shapeMissing = false;
        while (value.next()) {
            switch (value.tag()) {
                case OnnxFields.Value.NAME -> name = value.text();
                case OnnxFields.Value.TYPE -> shapeMissing = isTensorWithoutShape(value.message());
                default -> {
                }
            }
        }
        if (shapeMissing) {
            shapeless.add(name);
        }
        return name;
    }

    private static boolean isTensorWithoutShape(WireMessage type) {
        boolean tensor = false;
        boolean shape = false;
        while (type.next()) {
            if (type.tag() == OnnxFields.Type.TENSOR) {
                tensor = true;
                WireMessage tensorType = type.message();
                while (tensorType.next()) {
                    shape |= tensorType.tag() == OnnxFields.TensorType.SHAPE;
                }
            }
        }
        return tensor && !shape;
    }

    private void node(WireMessage node, boolean main) {
        String operator = "";
        String firstOutput = "";
        List<String> labels = new ArrayList<>();
        while (node.next()) {
            switch (node.tag()) {
                case OnnxFields.Node.OPERATOR -> operator = node.text();
                case OnnxFields.Node.OUTPUT -> firstOutput = firstOutput.isEmpty() ? node.text() : firstOutput;
                case OnnxFields.Node.ATTRIBUTE -> {
                    switch (name(node.message())) {
                        case "classlabels_int64s" ->
                            integers(node.message(), label -> labels.add(Long.toString(label)));
                        case "classlabels_strings" -> texts(node.message(), labels);
                        case "nodes_missing_value_tracks_true" ->
                            integers(node.message(), tracks -> missingKnown |= tracks != 0);
                        default -> attribute(node.message());
                    }
                }
                default -> {
                }
            }
        }
        if (main && operator.equals("ZipMap")) {
            classes.put(firstOutput, List.copyOf(labels));
        }
        missingKnown |= operator.equals("Imputer") || operator.equals("IsNaN");
    }

    private static String name(WireMessage attribute) {
        String name = "";
        while (attribute.next()) {
            if (attribute.tag() == OnnxFields.Attribute.NAME) {
                name = attribute.text();
            }
        }
        return name;
    }

    private static void integers(WireMessage attribute, LongConsumer each) {
        while (attribute.next()) {
            switch (attribute.tag()) {
                case OnnxFields.Attribute.INTEGER -> each.accept(attribute.varint());
                case OnnxFields.Attribute.INTEGERS -> attribute.packed(each);
                default -> {
                }
            }
        }
    }

    private static void texts(WireMessage attribute, List<String> texts) {
        while (attribute.next()) {
            if (attribute.tag() == OnnxFields.Attribute.TEXT) {
                texts.add(attribute.text());
            }
        }
    }

    /** Looks for tensors and graphs in an attribute. */
    private void attribute(WireMessage attribute) {
        while (attribute.next()) {
            switch (attribute.tag()) {
                case OnnxFields.Attribute.TENSOR, OnnxFields.Attribute.TENSORS -> tensor(attribute.message());
                case OnnxFields.Attribute.SPARSE_TENSOR, OnnxFields.Attribute.SPARSE_TENSORS ->
                    sparseTensor(attribute.message());
                case OnnxFields.Attribute.GRAPH, OnnxFields.Attribute.GRAPHS -> graph(attribute.message(), false);
                default -> {
                }
            }
        }
    }

    private void sparseTensor(WireMessage sparse) {
        while (sparse.next()) {
            switch (sparse.tag()) {
                case OnnxFields.SparseTensor.VALUES, OnnxFields.SparseTensor.INDICES -> tensor(sparse.message());
                default -> {
                }
            }
        }
    }

    private void tensor(WireMessage tensor) {
        String name = "";
        List<String> locations = new ArrayList<>();
        while (tensor.next()) {
            switch (tensor.tag()) {
                case OnnxFields.TensorData.NAME -> name = tensor.text();
                case OnnxFields.TensorData.EXTERNAL -> location(tensor.message(), locations);
                default -> {
                }
            }
        }
        for (String location : locations) {
            external.add(new ExternalTensor(name, location));
        }
    }

    private static void location(WireMessage entry, List<String> locations) {
        String key = "";
        String value = "";
        while (entry.next()) {
            switch (entry.tag()) {
                case OnnxFields.Entry.KEY -> key = entry.text();
                case OnnxFields.Entry.VALUE -> value = entry.text();
                default -> {
                }
            }
        }
        if (key.equals("location")) {
            locations.add(value);
        }
    }
}
