package io.modelyard.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import java.util.Set;

/**
 * Reads what a person gives as examples: examples as a manifest has them, one or several, or rows alone in any form that the
 * {@code inputs} of a request may have.
 */
public final class ExampleRows {
    private static final Set<String> MEMBERS = Set.of("inputs", "outputs", "tolerance");

    private ExampleRows() {}

    /** The manifest's {@code examples}. Rows alone are one example without outputs: the model is to say them. */
    public static ArrayNode examples(JsonNode given) {
        ArrayNode examples = JsonNodeFactory.instance.arrayNode();
        if (isExample(given)) {
            return examples.add(given);
        }
        if (given.isArray() && !given.isEmpty() && isExample(given.get(0))) {
            given.forEach(examples::add);
            return examples;
        }
        return examples.add(JsonNodeFactory.instance.objectNode().set("inputs", given));
    }

    private static boolean isExample(JsonNode node) {
        return node.has("inputs") && node.properties().stream().allMatch(member -> MEMBERS.contains(member.getKey()));
    }
}
