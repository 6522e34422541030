package io.modelyard.runtime.tensorflow;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.tensor.Shape;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The manifest's {@code runtime_options} of a SavedModel.
 *
 * @param path the folder of the SavedModel inside the artifact, where there are several
 * @param signature the signature to serve
 * @param tags the tags of the graph to load
 * @param shapes shapes of inputs and outputs, by name, where the model itself does not say them or says them too widely
 * @param base64 names of string inputs and outputs that hold bytes, which stand in requests and answers as base64
 * @param unknown names of options that mean nothing here
 */
record LoadOptions(Optional<String> path, Optional<String> signature, List<String> tags, Map<String, Shape> shapes,
        Set<String> base64, Set<String> unknown) {
    private static final Set<String> KNOWN = Set.of("path", "signature", "tags", "shapes", "base64");

    static LoadOptions of(Map<String, JsonNode> options) throws InvalidModelException {
        Set<String> unknown = new TreeSet<>(options.keySet());
        unknown.removeAll(KNOWN);
        List<String> tags = texts(options, "tags");
        return new LoadOptions(text(options, "path"), text(options, "signature"),
                tags.isEmpty() ? List.of("serve") : tags, shapes(options), Set.copyOf(texts(options, "base64")),
                unknown);
    }

    private static Optional<String> text(Map<String, JsonNode> options, String name) throws InvalidModelException {
        JsonNode value = options.get(name);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw new InvalidModelException("runtime_options." + name + " must be a text, not " + value);
        }
        return Optional.of(value.textValue());
    }

    private static List<String> texts(Map<String, JsonNode> options, String name) throws InvalidModelException {
        JsonNode value = options.get(name);
        if (value == null || value.isNull()) {
            return List.of();
        }
        if (value.isTextual()) {
            return List.of(value.textValue());
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode item : value) {
            texts.add(item.asText());
        }
        if (!value.isArray() || !value.valueStream().allMatch(JsonNode::isTextual)) {
            throw new InvalidModelException("runtime_options." + name + " must be a list of texts, not " + value);
        }
        return texts;
    }

    private static Map<String, Shape> shapes(Map<String, JsonNode> options) throws InvalidModelException {
        JsonNode value = options.get("shapes");
        if (value == null || value.isNull()) {
            return Map.of();
        }
        Map<String, Shape> shapes = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            JsonNode dims = entry.getValue();
            if (!dims.isArray()
                    || !dims.valueStream().allMatch(dim -> dim.isIntegralNumber() && dim.asLong() >= Shape.ANY)) {
                throw new InvalidModelException("runtime_options.shapes." + entry.getKey()
                        + " must be a list of lengths, -1 where the length is free, not " + dims);
            }
            shapes.put(entry.getKey(), Shape.of(dims.valueStream().mapToLong(JsonNode::asLong).toArray()));
        }
        if (!value.isObject()) {
            throw new InvalidModelException(
                    "runtime_options.shapes must be an object of shapes by the name of the input or output, not "
                            + value);
        }
        return shapes;
    }
}
