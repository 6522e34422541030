package io.modelyard.runtime.tensorflow;

import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.tensorflow.GraphProgram.Place;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.OpDef.ArgDef;
import org.tensorflow.proto.OpDef.AttrDef;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether the nodes of a graph are what their operations demand: their inputs and attributes in number and kind, and
 * that what they refer to is there. TensorFlow checks this too, but not before it has relied on it: an {@code Identity}
 * without an input ends the process.
 */
final class GraphStructure {
    private static final AttrValue NONE = AttrValue.getDefaultInstance();

    private final GraphProgram program;
    private final Map<String, OpDef> operations;

    /** @param operations those that are compiled into TensorFlow */
    GraphStructure(GraphProgram program, Map<String, OpDef> operations) {
        this.program = program;
        this.operations = operations;
    }

    void check() throws InvalidModelException {
        Map<String, Set<String>> names = new HashMap<>();
        for (Place place : program.places()) {
            String scope = place.function() == null ? "" : place.function().getSignature().getName();
            if (!names.computeIfAbsent(scope, key -> new HashSet<>()).add(place.node().getName())) {
                throw damaged(place, "there are two of it");
            }
        }
        for (Place place : program.places()) {
            OpDef operation = operation(place.node().getOp());
            // What is in no library fails later, and only if it is needed.
            if (operation != null) {
                checkAttributes(place, operation);
                checkInputs(place, operation);
            }
        }
    }

    private void checkAttributes(Place place, OpDef operation) throws InvalidModelException {
        for (AttrDef attribute : operation.getAttrList()) {
            String name = attribute.getName();
            if (!place.node().containsAttr(name)) {
                if (!attribute.hasDefaultValue()) {
                    throw damaged(place, "it has no attribute '" + name + "'");
                }
                continue;
            }
            AttrValue value = place.node().getAttrOrThrow(name);
            if (!isOfKind(value, attribute.getType(), place.function() != null)) {
                throw damaged(place, "its attribute '" + name + "' is no " + attribute.getType());
            }
            if (!isAllowed(value, attribute)) {
                throw damaged(place, "its attribute '" + name + "' has a value that the operation does not take");
            }
        }
    }

    private static boolean isOfKind(AttrValue value, String kind, boolean inFunction) {
        return switch (value.getValueCase()) {
            case TYPE -> kind.equals("type") && value.getType() != DataType.UNRECOGNIZED;
            case I -> kind.equals("int");
            case F -> kind.equals("float");
            case B -> kind.equals("bool");
            case S -> kind.equals("string");
            case SHAPE -> kind.equals("shape");
            case TENSOR -> kind.equals("tensor") && value.getTensor().getDtype() != DataType.UNRECOGNIZED;
            case FUNC -> kind.equals("func");
            case LIST -> kind.startsWith("list(") && isListOf(value.getList(), kind.substring(5, kind.length() - 1));
            // Stands for an attribute of the function.
            case PLACEHOLDER -> inFunction;
            case VALUE_NOT_SET -> false;
        };
    }

    private static boolean isListOf(AttrValue.ListValue list, String kind) {
        int elements = switch (kind) {
            case "type" -> list.getTypeCount();
            case "int" -> list.getICount();
            case "float" -> list.getFCount();
            case "bool" -> list.getBCount();
            case "string" -> list.getSCount();
            case "shape" -> list.getShapeCount();
            case "tensor" -> list.getTensorCount();
            case "func" -> list.getFuncCount();
            default -> 0;
        };
        return elements == size(list) && !list.getTypeList().contains(DataType.UNRECOGNIZED);
    }

    private static int size(AttrValue.ListValue list) {
        return list.getTypeCount() + list.getICount() + list.getFCount() + list.getBCount() + list.getSCount()
                + list.getShapeCount() + list.getTensorCount() + list.getFuncCount();
    }

    /** Whether a value is one of those that the operation names, and not below its least one. */
    private static boolean isAllowed(AttrValue value, AttrDef attribute) {
        if (attribute.getHasMinimum() && ((value.hasI() && value.getI() < attribute.getMinimum())
                || (value.hasList() && size(value.getList()) < attribute.getMinimum()))) {
            return false;
        }
        AttrValue.ListValue allowed = attribute.getAllowedValues().getList();
        return switch (value.getValueCase()) {
            case TYPE -> allowed.getTypeCount() == 0 || allowed.getTypeList().contains(value.getType());
            case S -> allowed.getSCount() == 0 || allowed.getSList().contains(value.getS());
            case LIST ->
                allowed.getTypeCount() == 0 || allowed.getTypeList().containsAll(value.getList().getTypeList());
            default -> true;
        };
    }

    private void checkInputs(Place place, OpDef operation) throws InvalidModelException {
        NodeDef node = place.node();
        long data = node.getInputList().stream().filter(input -> !input.startsWith("^")).count();
        long expected = count(node, operation, operation.getInputArgList());
        if (expected >= 0 && data != expected) {
            throw damaged(place, "it has " + data + " inputs and its operation takes " + expected);
        }
        boolean control = false;
        for (String input : node.getInputList()) {
            boolean isControl = input.startsWith("^");
            if (control && !isControl) {
                throw damaged(place, "its inputs are in disorder");
            }
            control = isControl;
            FunctionDef function = place.function();
            if (function == null ? !isTensorOfGraph(input) : !isTensorOfFunction(function, input)) {
                throw damaged(place, "its input '" + input + "' is nowhere");
            }
        }
    }

    private boolean isTensorOfGraph(String input) {
        NodeDef producer = program.node(input);
        if (producer == null) {
            return false;
        }
        OpDef operation = operation(producer.getOp());
        if (input.startsWith("^") || operation == null) {
            return true;
        }
        long outputs = count(producer, operation, operation.getOutputArgList());
        int colon = input.indexOf(':');
        return outputs < 0 || isBelow(outputs, colon < 0 ? "0" : input.substring(colon + 1));
    }

    private boolean isTensorOfFunction(FunctionDef function, String input) {
        String[] parts = (input.startsWith("^") ? input.substring(1) : input).split(":", -1);
        NodeDef producer = program.node(function, input);
        if (producer == null) {
            return parts.length == 1
                    && function.getSignature().getInputArgList().stream()
                            .anyMatch(arg -> arg.getName().equals(parts[0]));
        }
        OpDef operation = operation(producer.getOp());
        if (input.startsWith("^") || operation == null) {
            return true;
        }
        for (ArgDef output : operation.getOutputArgList()) {
            if (parts.length == 3 && output.getName().equals(parts[1])) {
                long size = count(producer, operation, List.of(output));
                return size < 0 || isBelow(size, parts[2]);
            }
        }
        return false;
    }

    /** How many tensors these inputs or outputs are, or -1 where only the caller of a function says it. */
    private static long count(NodeDef node, OpDef operation, List<ArgDef> arguments) {
        long count = 0;
        for (ArgDef argument : arguments) {
            String lengthIn = argument.getTypeListAttr().isEmpty() ? argument.getNumberAttr()
                    : argument.getTypeListAttr();
            if (lengthIn.isEmpty()) {
                count++;
                continue;
            }
            AttrValue length = node.getAttrOrDefault(lengthIn, defaultOf(operation, lengthIn));
            switch (length.getValueCase()) {
                case LIST -> count += length.getList().getTypeCount();
                case I -> count += Math.clamp(length.getI(), 0, Integer.MAX_VALUE);
                default -> {
                    return -1;
                }
            }
        }
        return count;
    }

    private static AttrValue defaultOf(OpDef operation, String attribute) {
        return operation.getAttrList().stream().filter(each -> each.getName().equals(attribute)).findFirst()
                .map(AttrDef::getDefaultValue).orElse(NONE);
    }

    private static boolean isBelow(long count, String index) {
        try {
            int number = Integer.parseInt(index);
            return number >= 0 && number < count;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private @Nullable OpDef operation(String name) {
        FunctionDef function = program.function(name);
        return function == null ? operations.get(name) : function.getSignature();
    }

    private static InvalidModelException damaged(Place place, String what) {
        return new InvalidModelException("saved_model.pb is damaged or was made wrongly: " + place + " of operation '"
                + place.node().getOp() + "': " + what);
    }
}
