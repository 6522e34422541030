package io.modelyard.runtime.tensorflow;

import io.modelyard.runtime.tensorflow.GraphProgram.Place;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef.ArgDef;

import java.util.HashSet;
import java.util.Set;

/**
 * Whether a tensor can only be one of a few that are known: the file names that the loader itself puts into a graph.
 * Followed are the ways that exporters use: copies, a variable that holds the name, the argument of a function. Anything
 * else counts as unknown.
 */
final class TensorOrigin {
    private static final Set<String> CALLS = Set.of("PartitionedCall", "StatefulPartitionedCall");
    private static final Set<String> HARMLESS_TO_VARIABLES = Set.of("ReadVariableOp", "VarIsInitializedOp",
            "DestroyResourceOp", "DisableCopyOnRead");

    private static final AttrValue NO_ATTRIBUTE = AttrValue.getDefaultInstance();

    private final GraphProgram program;
    private final Set<String> known;
    private final Set<String> open = new HashSet<>();

    /** @param known names of tensors of the graph, {@code node:0} */
    TensorOrigin(GraphProgram program, Set<String> known) {
        this.program = program;
        this.known = known;
    }

    /** Whether the input of that number of a node is one of the known tensors. */
    boolean isKnown(Place place, int input) {
        return input < place.node().getInputCount() && isKnown(place.function(), place.node().getInput(input));
    }

    private boolean isKnown(@Nullable FunctionDef function, String reference) {
        String key = (function == null ? "" : function.getSignature().getName()) + " " + reference;
        if (!open.add(key)) {
            return false;
        }
        try {
            return function == null ? isKnownInGraph(reference) : isKnownInFunction(function, reference);
        } finally {
            open.remove(key);
        }
    }

    private boolean isKnownInGraph(String reference) {
        if (known.contains(tensorName(reference))) {
            return true;
        }
        NodeDef node = program.node(reference);
        if (node == null) {
            return false;
        }
        return switch (node.getOp()) {
            case "Identity" -> isKnown(new Place(null, node), 0);
            case "ReadVariableOp" -> node.getInputCount() > 0 && holdsKnown(node.getInput(0));
            default -> false;
        };
    }

    private boolean isKnownInFunction(FunctionDef function, String reference) {
        NodeDef node = program.node(function, reference);
        if (node != null) {
            return node.getOp().equals("Identity") && isKnown(new Place(function, node), 0);
        }
        int argument = argument(function, reference);
        return argument >= 0 && isKnownAtEveryCall(function.getSignature().getName(), argument);
    }

    private boolean isKnownAtEveryCall(String function, int argument) {
        boolean called = false;
        for (Place place : program.places()) {
            NodeDef node = place.node();
            boolean isCall = node.getOp().equals(function) || callee(node).equals(function);
            if (isCall) {
                called = true;
                if (!isKnown(place, argument)) {
                    return false;
                }
            } else if (GraphProgram.calls(node).contains(function)) {
                return false;
            }
        }
        return called;
    }

    /** The function that a plain call calls, with its own arguments as they are; empty for any other node. */
    private static String callee(NodeDef node) {
        return CALLS.contains(node.getOp()) ? node.getAttrOrDefault("f", NO_ATTRIBUTE).getFunc().getName() : "";
    }

    /** Whether nothing but known tensors is ever written into a variable of the graph. */
    private boolean holdsKnown(String handle) {
        NodeDef variable = program.node(handle);
        if (variable == null || !variable.getOp().equals("VarHandleOp") || hasAlias(variable)) {
            return false;
        }
        for (Place place : program.places()) {
            if (place.function() != null) {
                continue;
            }
            NodeDef user = place.node();
            for (int input = 0; input < user.getInputCount(); input++) {
                if (!tensorName(user.getInput(input)).equals(variable.getName() + ":0")) {
                    continue;
                }
                boolean assigns = user.getOp().equals("AssignVariableOp") && input == 0;
                if (assigns ? !isKnown(place, 1) : !HARMLESS_TO_VARIABLES.contains(user.getOp())) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether another node could mean the same variable. */
    private boolean hasAlias(NodeDef variable) {
        return program.places().stream()
                .filter(place -> place.function() != null || !place.node().getName().equals(variable.getName()))
                .map(Place::node)
                .anyMatch(other -> other.getOp().equals("VarHandleOp")
                        && sharedName(other).equals(sharedName(variable)));
    }

    private static String sharedName(NodeDef variable) {
        String name = variable.getAttrOrDefault("shared_name", NO_ATTRIBUTE).getS().toStringUtf8();
        return name.isEmpty() ? variable.getName() : name;
    }

    private static int argument(FunctionDef function, String reference) {
        int index = 0;
        for (ArgDef argument : function.getSignature().getInputArgList()) {
            if (!argument.getNumberAttr().isEmpty() || !argument.getTypeListAttr().isEmpty()) {
                return -1;
            }
            if (argument.getName().equals(reference)) {
                return index;
            }
            index++;
        }
        return -1;
    }

    private static String tensorName(String reference) {
        return reference.startsWith("^") || reference.contains(":") ? reference : reference + ":0";
    }
}
