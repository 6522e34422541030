package io.modelyard.tensor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Describes the {@code inputs} that a signature accepts as a JSON Schema (draft 2020-12), as a tree of maps and lists. */
public final class SignatureSchema {
    private SignatureSchema() {}

    /** Schema of the value of {@code inputs}. */
    public static Map<String, Object> of(Signature signature) {
        RowLayout layout = RowLayout.of(signature);
        List<Object> rowForms = new ArrayList<>();
        if (layout.hasNamedColumns()) {
            rowForms.add(columnsByName(layout, signature));
        }
        if (!layout.columns().isEmpty()) {
            rowForms.add(columnsInOrder(layout, signature));
        } else if (signature.inputs().size() == 1) {
            rowForms.add(nested(signature.inputs().getFirst(), layout.rowShapes().getFirst(), signature));
        }
        if (!layout.hasNamedColumns()) {
            rowForms.add(inputsByName(layout, signature));
        }
        Map<String, Object> rows = new LinkedHashMap<>();
        rows.put("title", "rows");
        rows.put("type", "array");
        rows.put("minItems", 1);
        rows.put("items", oneOrAny(rowForms));
        List<Object> forms = new ArrayList<>();
        forms.add(rows);
        forms.addAll(rowForms);
        forms.add(tensorsByName(layout, signature));
        return Map.of("anyOf", forms);
    }

    private static Map<String, Object> columnsByName(RowLayout layout, Signature signature) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (int place = 0; place < layout.columns().size(); place++) {
            properties.put(layout.columnNameList().get(place), column(layout, place, signature));
        }
        return object("one row by feature name", properties);
    }

    private static Map<String, Object> inputsByName(RowLayout layout, Signature signature) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (int i = 0; i < layout.inputs().size(); i++) {
            TensorSpec input = layout.inputs().get(i);
            properties.put(input.name(), nested(input, layout.rowShapes().get(i), signature));
        }
        return object("one row by input name", properties);
    }

    private static Map<String, Object> tensorsByName(RowLayout layout, Signature signature) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (int i = 0; i < layout.inputs().size(); i++) {
            TensorSpec input = layout.inputs().get(i);
            properties.put(input.name(), nested(input, layout.rowShapes().get(i).times(Shape.ANY), signature));
        }
        return object("whole tensors by input name, their first axis the rows", properties);
    }

    private static Map<String, Object> columnsInOrder(RowLayout layout, Signature signature) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("title", "one row in the order of the features");
        row.put("type", "array");
        int width = layout.columns().size();
        row.put("minItems", width);
        row.put("maxItems", width);
        boolean alike = layout.inputs().size() == 1;
        if (alike) {
            row.put("items", value(layout.inputs().getFirst(), signature));
        } else {
            List<Object> items = new ArrayList<>();
            for (int place = 0; place < width; place++) {
                items.add(column(layout, place, signature));
            }
            row.put("prefixItems", items);
        }
        return row;
    }

    private static Map<String, Object> column(RowLayout layout, int place, Signature signature) {
        RowLayout.Column column = layout.columns().get(place);
        TensorSpec input = layout.inputs().get(column.input());
        Map<String, Object> schema = new LinkedHashMap<>(value(input, signature));
        if (column.offset() < input.features().size()) {
            String described = describe(input.features().get(column.offset()));
            if (!described.isEmpty()) {
                schema.put("description", described);
            }
        }
        return schema;
    }

    /** Bounds are those of training: values beyond them are accepted, so they are told and not demanded. */
    private static String describe(Feature feature) {
        StringBuilder text = new StringBuilder(feature.unit() == null ? "" : "in " + feature.unit());
        if (feature.minimum() != null || feature.maximum() != null) {
            text.append(text.isEmpty() ? "" : "; ").append("in training from ")
                    .append(feature.minimum() == null ? "any" : feature.minimum().toString()).append(" to ")
                    .append(feature.maximum() == null ? "any" : feature.maximum().toString());
        }
        return text.toString();
    }

    private static Map<String, Object> nested(TensorSpec input, Shape shape, Signature signature) {
        if (shape.rank() == 0) {
            return value(input, signature);
        }
        Map<String, Object> array = new LinkedHashMap<>();
        array.put("type", "array");
        if (shape.dim(0) >= 0) {
            array.put("minItems", shape.dim(0));
            array.put("maxItems", shape.dim(0));
        }
        array.put("items", nested(input, shape.row(), signature));
        return array;
    }

    private static Map<String, Object> value(TensorSpec input, Signature signature) {
        Map<String, Object> value = new LinkedHashMap<>();
        String type = switch (input.dtype()) {
            case FLOAT32, FLOAT64 -> "number";
            case INT8, INT16, INT32, INT64, UINT8 -> "integer";
            case BOOL -> "boolean";
            case STRING -> "string";
        };
        value.put("type", signature.missingAllowed() && input.dtype().isFloating() ? List.of(type, "null") : type);
        if (input.dtype().isInteger()) {
            value.put("minimum", input.dtype().minimum());
            value.put("maximum", input.dtype().maximum());
        }
        return value;
    }

    private static Map<String, Object> object(String title, Map<String, Object> properties) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("title", title);
        object.put("type", "object");
        object.put("properties", properties);
        object.put("required", List.copyOf(properties.keySet()));
        object.put("additionalProperties", false);
        return object;
    }

    private static Object oneOrAny(List<Object> forms) {
        return forms.size() == 1 ? forms.getFirst() : Map.of("anyOf", forms);
    }
}
