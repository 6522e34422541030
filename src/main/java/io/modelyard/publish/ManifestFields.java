package io.modelyard.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.model.Manifest;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.DocumentFormat;
import io.modelyard.registry.InvalidDocumentException;
import io.modelyard.runtime.ModelFiles;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a person says in a manifest over what the model says of itself. A member replaces the inferred one; {@code training},
 * {@code labels} and {@code runtime_options} are added member by member; of a listed input or output, what is not said is
 * taken from the model's tensor of the same name, or of the same place where the lists are of one length.
 */
public final class ManifestFields {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    /** Only who has the files and makes the push knows these. */
    private static final List<String> OF_THE_PUSH = List.of("files", "push");
    /** They may be said, and then they must be what they are. */
    private static final List<String> FIXED = List.of("type", "version", "runtime");
    private static final List<String> ADDED = List.of("training", "labels", "runtime_options");
    private static final List<String> TENSORS = List.of("inputs", "outputs");

    private final ObjectNode said;

    private ManifestFields(ObjectNode said) {
        this.said = said;
    }

    /** Nothing is said. */
    public static ManifestFields none() {
        return new ManifestFields(JSON.createObjectNode());
    }

    /** @throws ServingFailure.InvalidManifest if it is not a JSON object, or names the files of the version itself */
    public static ManifestFields parse(byte[] json) {
        JsonNode tree;
        try {
            tree = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new ServingFailure.InvalidManifest("the manifest is not JSON: "
                    + e.getOriginalMessage().lines().findFirst().orElse("") + " (line " + e.getLocation().getLineNr()
                    + ", column " + e.getLocation().getColumnNr() + ")");
        } catch (IOException e) {
            throw new ServingFailure.InvalidManifest("the manifest is not UTF-8 text: " + e.getMessage());
        }
        if (!(tree instanceof ObjectNode object)) {
            throw new ServingFailure.InvalidManifest("the manifest is not a JSON object");
        }
        for (String member : OF_THE_PUSH) {
            if (object.has(member)) {
                throw new ServingFailure.InvalidManifest("/" + member
                        + ": leave it out; it is found from the files that come with the manifest");
            }
        }
        return new ManifestFields(object);
    }

    /** The same, and this member whatever was said of it. */
    public ManifestFields with(String member, JsonNode value) {
        ObjectNode more = said.deepCopy();
        more.set(member, value);
        return new ManifestFields(more);
    }

    /** Whether the manifest says this member. */
    public boolean says(String member) {
        return said.has(member);
    }

    /** All that is said, as it was said. */
    JsonNode said() {
        return said;
    }

    /** The model with the options under which it is to be loaded. */
    ModelSource applyTo(ModelSource found) {
        JsonNode options = said.path("runtime_options");
        if (!options.isObject() || options.isEmpty()) {
            return found;
        }
        ModelFiles files = found.files();
        Map<String, JsonNode> all = new HashMap<>(files.options());
        options.properties().forEach(option -> all.put(option.getKey(), option.getValue()));
        return new ModelSource(found.runtime(), new ModelFiles(files.root(), files.paths(), all), found.provenance());
    }

    /**
     * What is said, and for the rest what was inferred.
     *
     * @throws ServingFailure.InvalidManifest with the places that a server would not read
     */
    Manifest over(Manifest inferred, DocumentFormat format) {
        if (said.isEmpty()) {
            return inferred;
        }
        ObjectNode merged = format.members(inferred);
        for (var member : said.properties()) {
            String name = member.getKey();
            if (FIXED.contains(name) && !member.getValue().equals(merged.get(name))) {
                throw new ServingFailure.InvalidManifest(
                        "/" + name + ": it says " + member.getValue() + ", and this is "
                                + merged.get(name) + ": leave it out, or correct it");
            }
            merged.set(name, merge(name, merged.path(name), member.getValue()));
        }
        try {
            return format.readManifest(merged.toString().getBytes(StandardCharsets.UTF_8));
        } catch (InvalidDocumentException e) {
            throw new ServingFailure.InvalidManifest(String.valueOf(e.getMessage()));
        }
    }

    private static JsonNode merge(String name, JsonNode inferred, JsonNode given) {
        if (ADDED.contains(name) && inferred.isObject() && given.isObject()) {
            return inferred.<ObjectNode>deepCopy().setAll((ObjectNode) given);
        }
        if (TENSORS.contains(name) && given.isArray()) {
            ArrayNode tensors = JSON.createArrayNode();
            for (int i = 0; i < given.size(); i++) {
                tensors.add(completed(given.get(i), counterpart(given, i, inferred)));
            }
            return tensors;
        }
        return given;
    }

    private static JsonNode counterpart(JsonNode given, int place, JsonNode inferred) {
        for (JsonNode tensor : inferred) {
            if (tensor.path("name").equals(given.get(place).path("name"))) {
                return tensor;
            }
        }
        return given.size() == inferred.size() ? inferred.get(place) : inferred.path("none");
    }

    private static JsonNode completed(JsonNode given, JsonNode inferred) {
        return given.isObject() && inferred.isObject()
                ? inferred.<ObjectNode>deepCopy().setAll((ObjectNode) given)
                : given;
    }
}
