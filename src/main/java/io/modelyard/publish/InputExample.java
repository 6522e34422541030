package io.modelyard.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Reads the first row of MLflow's {@code input_example.json}: a data frame split into columns and data, alone or as
 * {@code dataframe_split}; rows, alone or as {@code dataframe_records}, {@code inputs} or {@code instances}.
 */
final class InputExample {
    private static final List<String> WRAPPERS = List.of("dataframe_split", "dataframe_records", "inputs", "instances");

    private InputExample() {}

    /** As {@code inputs} of a request; null where there is no row. */
    static @Nullable JsonNode firstRow(JsonNode example) {
        for (String wrapper : WRAPPERS) {
            if (example.isObject() && example.size() == 1 && example.has(wrapper)) {
                return firstRow(example.get(wrapper));
            }
        }
        if (example.path("data").isArray() && example.path("columns").isArray()) {
            JsonNode row = example.path("data").path(0);
            return row.isArray() ? rows(named(example.path("columns"), row)) : null;
        }
        if (example.isArray() && !example.isEmpty()) {
            JsonNode first = example.get(0);
            return rows(first.isContainerNode() ? first : example);
        }
        return example.isObject() && !example.isEmpty() ? example : null;
    }

    private static ArrayNode rows(JsonNode row) {
        return JsonNodeFactory.instance.arrayNode().add(row);
    }

    private static JsonNode named(JsonNode columns, JsonNode row) {
        ObjectNode named = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < row.size(); i++) {
            if (!columns.path(i).isTextual()) {
                return row;
            }
            named.set(columns.get(i).asText(), row.get(i));
        }
        return named;
    }
}
