package io.modelyard.runtime.tensorflow;

import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A graph with its library of functions, as a program: its nodes, and which of them run for what. Immutable. */
final class GraphProgram {
    /**
     * A node and where it stands.
     *
     * @param function the function of the library that it is part of, or null in the graph itself
     */
    record Place(@Nullable FunctionDef function, NodeDef node) {
        @Override
        public String toString() {
            return "node '" + node.getName() + "'"
                    + (function == null ? "" : " of function '" + function.getSignature().getName() + "'");
        }
    }

    private final Map<String, NodeDef> nodes = new HashMap<>();
    private final Map<String, FunctionDef> functions = new HashMap<>();
    private final Map<String, Map<String, NodeDef>> nodesOfFunctions = new HashMap<>();
    private final List<Place> places = new ArrayList<>();

    GraphProgram(GraphDef graph) {
        for (NodeDef node : graph.getNodeList()) {
            nodes.put(node.getName(), node);
            places.add(new Place(null, node));
        }
        for (FunctionDef function : graph.getLibrary().getFunctionList()) {
            functions.put(function.getSignature().getName(), function);
            Map<String, NodeDef> inFunction = nodesOfFunctions.computeIfAbsent(function.getSignature().getName(),
                    name -> new HashMap<>());
            for (NodeDef node : function.getNodeDefList()) {
                inFunction.put(node.getName(), node);
                places.add(new Place(function, node));
            }
        }
    }

    /** Every node of the graph and of its functions. */
    List<Place> places() {
        return places;
    }

    /** The node of the graph itself that this name of a tensor, of a node or of a control input means. */
    @Nullable
    NodeDef node(String reference) {
        return nodes.get(nodeName(reference));
    }

    /** The node of a function that a reference means; null where it means an argument, or nothing. */
    @Nullable
    NodeDef node(FunctionDef function, String reference) {
        return nodesOfFunctions.getOrDefault(function.getSignature().getName(), Map.of()).get(nodeName(reference));
    }

    /** The function of the library that is called so. */
    @Nullable
    FunctionDef function(String name) {
        return functions.get(name);
    }

    /**
     * The nodes that run when the named tensors or nodes of the graph are asked for: all that these depend on, and whole
     * functions where one of their nodes calls them.
     */
    List<Place> runsFor(Collection<String> references) {
        List<Place> reached = new ArrayList<>();
        Set<String> seenNodes = new HashSet<>();
        Set<String> seenFunctions = new HashSet<>();
        Deque<String> open = new ArrayDeque<>();
        references.forEach(reference -> open.add(nodeName(reference)));
        Deque<String> called = new ArrayDeque<>();
        while (!open.isEmpty()) {
            NodeDef node = nodes.get(open.remove());
            if (node != null && seenNodes.add(node.getName())) {
                reached.add(new Place(null, node));
                node.getInputList().forEach(input -> open.add(nodeName(input)));
                called.addAll(calls(node));
            }
        }
        while (!called.isEmpty()) {
            FunctionDef function = functions.get(called.remove());
            if (function != null && seenFunctions.add(function.getSignature().getName())) {
                for (NodeDef node : function.getNodeDefList()) {
                    reached.add(new Place(function, node));
                    called.addAll(calls(node));
                }
            }
        }
        return reached;
    }

    /** The functions that a node may call: the one that its operation is, and those its attributes name. */
    static List<String> calls(NodeDef node) {
        List<String> names = new ArrayList<>();
        names.add(node.getOp());
        Deque<AttrValue> open = new ArrayDeque<>(node.getAttrMap().values());
        while (!open.isEmpty()) {
            AttrValue value = open.remove();
            List<NameAttrList> functions = new ArrayList<>(value.getList().getFuncList());
            if (value.hasFunc()) {
                functions.add(value.getFunc());
            }
            for (NameAttrList function : functions) {
                names.add(function.getName());
                open.addAll(function.getAttrMap().values());
            }
        }
        return names;
    }

    /** {@code node} of {@code node}, {@code node:1}, {@code node:out:0} and {@code ^node}. */
    static String nodeName(String reference) {
        int start = reference.startsWith("^") ? 1 : 0;
        int colon = reference.indexOf(':');
        return reference.substring(start, colon < 0 ? reference.length() : colon);
    }
}
