package io.modelyard.runtime.onnx;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Rewrites a classifier so that it answers with the tensor of its probabilities rather than with one map per row. A
 * ZipMap node copies the columns of its input into maps and changes no value; with an Identity node in its place, of the
 * same name, the same bits come out as one array: no map, key or boxed number is made for every row and class.
 * All else stays as it stands in the file.
 */
final class ZipMapRemoval {
    /** The version of the standard operators to be named where a model names none; Identity is the same in all. */
    private static final int STANDARD_OPSET = 13;
    private static final int FLOAT = 1;

    private final Set<String> outputs;

    private ZipMapRemoval(Set<String> outputs) {
        this.outputs = outputs;
    }

    /**
     * @param outline of {@code file}, where something is in {@link OnnxOutline#classes()}
     * @return the model without these ZipMap nodes, in memory of {@code memory}
     */
    static MemorySegment apply(MemorySegment file, OnnxOutline outline, SegmentAllocator memory) {
        ZipMapRemoval removal = new ZipMapRemoval(outline.classes().keySet());
        List<MemorySegment> pieces = removal.model(new WireMessage(file));
        if (!outline.opsets().containsKey("")) {
            pieces.add(piece(new WireWriter().message(OnnxFields.Model.OPSET_IMPORT,
                    new WireWriter().integer(OnnxFields.OpsetId.VERSION, STANDARD_OPSET))));
        }
        MemorySegment whole = memory.allocate(length(pieces));
        long position = 0;
        for (MemorySegment piece : pieces) {
            MemorySegment.copy(piece, 0, whole, position, piece.byteSize());
            position += piece.byteSize();
        }
        return whole;
    }

    private List<MemorySegment> model(WireMessage model) {
        List<MemorySegment> pieces = new ArrayList<>();
        while (model.next()) {
            if (model.tag() == OnnxFields.Model.GRAPH) {
                List<MemorySegment> graph = graph(model.message());
                pieces.add(piece(new WireWriter().header(OnnxFields.Model.GRAPH, length(graph))));
                pieces.addAll(graph);
            } else {
                pieces.add(model.field());
            }
        }
        return pieces;
    }

    private List<MemorySegment> graph(WireMessage graph) {
        List<MemorySegment> pieces = new ArrayList<>();
        while (graph.next()) {
            pieces.add(switch (graph.tag()) {
                case OnnxFields.Graph.NODE -> node(graph);
                case OnnxFields.Graph.OUTPUT -> output(graph);
                default -> graph.field();
            });
        }
        return pieces;
    }

    private MemorySegment node(WireMessage graph) {
        WireMessage node = graph.message();
        String operator = "";
        String input = "";
        String output = "";
        while (node.next()) {
            switch (node.tag()) {
                case OnnxFields.Node.OPERATOR -> operator = node.text();
                case OnnxFields.Node.INPUT -> input = node.text();
                case OnnxFields.Node.OUTPUT -> output = node.text();
                default -> {
                }
            }
        }
        if (!operator.equals("ZipMap") || !outputs.contains(output)) {
            return graph.field();
        }
        return piece(new WireWriter().message(OnnxFields.Graph.NODE, new WireWriter()
                .text(OnnxFields.Node.INPUT, input)
                .text(OnnxFields.Node.OUTPUT, output)
                .text(OnnxFields.Node.OPERATOR, "Identity")));
    }

    private MemorySegment output(WireMessage graph) {
        WireMessage value = graph.message();
        String name = "";
        while (value.next()) {
            if (value.tag() == OnnxFields.Value.NAME) {
                name = value.text();
            }
        }
        if (!outputs.contains(name)) {
            return graph.field();
        }
        WireWriter tensor = new WireWriter().integer(OnnxFields.TensorType.ELEMENT, FLOAT);
        return piece(new WireWriter().message(OnnxFields.Graph.OUTPUT, new WireWriter()
                .text(OnnxFields.Value.NAME, name)
                .message(OnnxFields.Value.TYPE, new WireWriter().message(OnnxFields.Type.TENSOR, tensor))));
    }

    private static MemorySegment piece(WireWriter writer) {
        return MemorySegment.ofArray(writer.toByteArray());
    }

    private static long length(List<MemorySegment> pieces) {
        return pieces.stream().mapToLong(MemorySegment::byteSize).sum();
    }
}
