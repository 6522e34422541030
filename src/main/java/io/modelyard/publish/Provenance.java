package io.modelyard.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What whoever saved a model wrote down beside it.
 *
 * @param columns the names of the input's columns in their order; empty where they are not told
 * @param exampleInputs one row in a form of a request's {@code inputs}; null where there is none
 * @param training for the manifest's {@code training}
 */
record Provenance(List<String> columns, @Nullable JsonNode exampleInputs, ObjectNode training) {
    Provenance {
        columns = List.copyOf(columns);
    }

    /** Of files that come alone. */
    static Provenance unknown() {
        return new Provenance(List.of(), null, JsonNodeFactory.instance.objectNode());
    }
}
