package io.modelyard.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * A description as it is sent. Immutable as long as nobody writes to its bytes.
 *
 * @param etag a digest of the bytes, in quotes
 */
@SuppressWarnings("ArrayRecordComponent")
record ApiDocument(byte[] json, String etag) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static ApiDocument of(ObjectNode tree) {
        try {
            byte[] json = JSON.writeValueAsBytes(tree);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(json);
            return new ApiDocument(json, '"' + HexFormat.of().formatHex(digest, 0, 16) + '"');
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How many bytes a part takes, about. */
    static int size(JsonNode part) {
        return part.toString().length();
    }

    /** Takes the components out of a description that nothing in it refers to; security schemes stay. */
    static void prune(ObjectNode tree) {
        Set<String> used = new HashSet<>();
        Deque<JsonNode> open = new ArrayDeque<>();
        tree.fieldNames().forEachRemaining(name -> {
            if (!name.equals("components")) {
                open.add(tree.get(name));
            }
        });
        while (!open.isEmpty()) {
            JsonNode node = open.poll();
            JsonNode reference = node.get("$ref");
            if (reference != null && reference.isTextual() && used.add(reference.textValue())) {
                open.add(tree.at(reference.textValue().substring(1)));
            }
            node.forEach(open::add);
        }
        tree.path("components").properties().forEach(kind -> {
            String path = "#/components/" + kind.getKey() + "/";
            if (!kind.getKey().equals("securitySchemes")) {
                ((ObjectNode) kind.getValue()).properties().removeIf(each -> !used.contains(path + each.getKey()));
            }
        });
    }
}
