package io.modelyard.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.model.ApiKey;
import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.model.Routing;
import jakarta.inject.Singleton;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The documents of the registry as bytes and as records. Reading is strict JSON, then the document's schema, then the
 * rules beyond it; so is writing, which therefore makes nothing that a server would not read. Documents are written
 * with their members always in the same order, without what is null or empty. Safe for use by many threads.
 */
@Singleton
public final class DocumentFormat {
    private final ObjectMapper mapper = DocumentMapper.create();
    private final DocumentSchema manifest = DocumentSchema.load(mapper, "manifest");
    private final DocumentSchema routing = DocumentSchema.load(mapper, "routing");
    private final DocumentSchema platform = DocumentSchema.load(mapper, "platform");
    private final DocumentSchema key = DocumentSchema.load(mapper, "key");
    private final DocumentSchema change = DocumentSchema.load(mapper, "change");

    /** What {@code sha256sum} says of a document: SHA-256 in lower-case hex. */
    public static String digest(byte[] document) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(document));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** The manifest and the digest of exactly these bytes. */
    public Model readModel(byte[] document) throws InvalidDocumentException {
        return new Model(readManifest(document), digest(document));
    }

    public Manifest readManifest(byte[] document) throws InvalidDocumentException {
        ObjectNode tree = tree(document);
        manifest.check(tree);
        if (!tree.has("schema_version")) {
            tree.put("schema_version", 1);
        }
        if (!tree.has("overridable")) {
            tree.put("overridable", true);
        }
        Manifest read = convert(tree, Manifest.class);
        ManifestRules.check(read);
        return read;
    }

    public byte[] write(Manifest document) throws InvalidDocumentException {
        byte[] bytes = write(document, manifest);
        ManifestRules.check(document);
        return bytes;
    }

    public Routing readRouting(byte[] document) throws InvalidDocumentException {
        return read(document, routing, Routing.class);
    }

    public byte[] write(Routing document) throws InvalidDocumentException {
        return write(document, routing);
    }

    public ApiKey readKey(byte[] document) throws InvalidDocumentException {
        return read(document, key, ApiKey.class);
    }

    public byte[] write(ApiKey document) throws InvalidDocumentException {
        return write(document, key);
    }

    Platform readPlatform(byte[] document) throws InvalidDocumentException {
        return read(document, platform, Platform.class);
    }

    byte[] write(Platform document) throws InvalidDocumentException {
        return write(document, platform);
    }

    ChangeNotice readChange(byte[] document) throws InvalidDocumentException {
        return read(document, change, ChangeNotice.class);
    }

    byte[] write(ChangeNotice document) throws InvalidDocumentException {
        return write(document, change);
    }

    /** The members of a manifest as they would be written, judged by nothing: for comparing and changing them. */
    public ObjectNode members(Manifest document) {
        return mapper.valueToTree(document);
    }

    private <T> T read(byte[] document, DocumentSchema schema, Class<T> type) throws InvalidDocumentException {
        ObjectNode tree = tree(document);
        schema.check(tree);
        return convert(tree, type);
    }

    private byte[] write(Object document, DocumentSchema schema) throws InvalidDocumentException {
        try {
            schema.check(mapper.valueToTree(document));
            return (mapper.writeValueAsString(document) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a document cannot be written: " + e.getOriginalMessage(), e);
        }
    }

    private ObjectNode tree(byte[] document) throws InvalidDocumentException {
        JsonNode tree;
        try {
            tree = mapper.readTree(document);
        } catch (JsonProcessingException e) {
            throw InvalidDocumentException.of("", "it is not JSON: " + withoutSource(e.getOriginalMessage()) + " (line "
                    + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr() + ")", e);
        } catch (IOException e) {
            throw InvalidDocumentException.of("", "it is not UTF-8 text: " + e.getMessage(), e);
        }
        if (!(tree instanceof ObjectNode object)) {
            throw InvalidDocumentException.of("", "it is not a JSON object", null);
        }
        refuseInfinity("", object);
        return object;
    }

    /** The parser's words without its description of where the bytes came from, which it does not know. */
    private static String withoutSource(String message) {
        return message.replaceAll("\\s*\\([^()]*\\[Source:[^\\]]*\\]\\)", "");
    }

    /** A number beyond the range of a double would be read as infinity, which no document can say. */
    private static void refuseInfinity(String pointer, JsonNode node) throws InvalidDocumentException {
        if (node.isDouble() && !Double.isFinite(node.doubleValue())) {
            throw InvalidDocumentException.of(pointer, "the number is out of the range of a double", null);
        }
        if (node.isObject()) {
            for (var member : node.properties()) {
                refuseInfinity(pointer + "/" + escape(member.getKey()), member.getValue());
            }
        } else {
            for (int i = 0; i < node.size(); i++) {
                refuseInfinity(pointer + "/" + i, node.get(i));
            }
        }
    }

    private <T> T convert(ObjectNode tree, Class<T> type) throws InvalidDocumentException {
        try {
            return mapper.treeToValue(tree, type);
        } catch (JsonMappingException e) {
            throw InvalidDocumentException.of(pointer(e.getPath()), e.getOriginalMessage(), e);
        } catch (JsonProcessingException e) {
            throw InvalidDocumentException.of("", e.getOriginalMessage(), e);
        }
    }

    private static String pointer(List<JsonMappingException.Reference> path) {
        StringBuilder pointer = new StringBuilder();
        for (JsonMappingException.Reference step : path) {
            pointer.append('/').append(step.getFieldName() == null ? step.getIndex() : escape(step.getFieldName()));
        }
        return pointer.toString();
    }

    private static String escape(String member) {
        return member.replace("~", "~0").replace("/", "~1");
    }
}
