package io.modelyard.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micronaut.core.io.ResourceLoader;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.web.router.Router;
import io.modelyard.http.RouteRoles;
import jakarta.inject.Singleton;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The part of the API that is the same whatever is served: what the compiler read off the controllers, under what
 * {@code api/description.json} says of it, with the role that each route needs as the server itself knows it. Made once.
 */
@Singleton
final class FixedDescription {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GENERATED = "classpath:META-INF/swagger/openapi.json";
    private static final String WRITTEN = "classpath:api/description.json";
    /** Answers that every operation may have, beside those that need a key. */
    private static final List<String> EVERYWHERE = List.of("TooMuch", "Failed");
    private static final List<String> WITH_A_KEY = List.of("Unauthenticated", "Forbidden");

    private final ObjectNode description;

    FixedDescription(ResourceLoader resources, Router router) {
        ObjectNode generated = read(resources, GENERATED);
        ObjectNode written = read(resources, WRITTEN);
        generated.put("openapi", "3.1.0");
        modernise(generated);
        rename(generated, (ObjectNode) written.remove("names"));
        ObjectNode operations = (ObjectNode) written.remove("operations");
        merge(generated, written);
        Map<String, String> roles = RouteRoles.of(router);
        ObjectNode responses = (ObjectNode) generated.at("/components/responses");
        operations.properties().forEach(entry -> {
            String route = entry.getKey();
            int space = route.indexOf(' ');
            ObjectNode operation = generated.withObject("/paths").withObject(
                    "/" + escaped(route.substring(space + 1))).withObject(
                            "/" + route.substring(0, space).toLowerCase(Locale.ROOT));
            complete(operation, (ObjectNode) entry.getValue(),
                    roles.getOrDefault(route, SecurityRule.IS_ANONYMOUS), responses);
        });
        ApiDocument.prune(generated);
        this.description = generated;
    }

    /** A copy of the whole. */
    ObjectNode copy() {
        return description.deepCopy();
    }

    private static void complete(ObjectNode operation, ObjectNode written, String role, ObjectNode responses) {
        JsonNode problems = written.remove("problems");
        merge(operation, written);
        boolean open = role.equals(SecurityRule.IS_ANONYMOUS);
        if (open) {
            operation.putArray("security");
        } else if (role.equals(SecurityRule.IS_AUTHENTICATED)) {
            describe(operation, "Needs a key, whatever its roles.");
        } else {
            describe(operation, "Needs the role `" + role + "`.");
            operation.put("x-required-role", role);
        }
        ArrayNode names = JSON.createArrayNode();
        if (!open) {
            WITH_A_KEY.forEach(names::add);
        }
        if (problems != null) {
            problems.forEach(names::add);
        }
        EVERYWHERE.forEach(names::add);
        ObjectNode answers = operation.withObject("/responses");
        for (JsonNode name : names) {
            JsonNode response = responses.path(name.asText());
            answers.putObject(response.path("x-status").asText()).put("$ref",
                    "#/components/responses/" + name.asText());
        }
    }

    private static void describe(ObjectNode operation, String need) {
        String described = operation.path("description").asText();
        operation.put("description", (described.isEmpty() ? "" : described + "\n\n") + need);
    }

    /** Schemas are called what they are, and not where the program has them: {@code OuterInner} where nobody said a name. */
    private static void rename(ObjectNode tree, ObjectNode names) {
        ObjectNode schemas = (ObjectNode) tree.at("/components/schemas");
        schemas.fieldNames().forEachRemaining(name -> {
            if (!names.has(name)) {
                names.put(name, name.replaceAll("[^A-Za-z0-9]", ""));
            }
        });
        names.properties().forEach(name -> {
            JsonNode schema = schemas.remove(name.getKey());
            if (schema != null) {
                schemas.set(name.getValue().asText(), schema);
            }
        });
        renameReferences(tree, names);
    }

    private static void renameReferences(JsonNode node, ObjectNode names) {
        if (node.path("$ref").isTextual()) {
            String reference = node.get("$ref").textValue();
            String prefix = "#/components/schemas/";
            JsonNode other = reference.startsWith(prefix) ? names.get(reference.substring(prefix.length())) : null;
            if (other != null) {
                ((ObjectNode) node).put("$ref", prefix + other.asText());
            }
        }
        node.forEach(each -> renameReferences(each, names));
    }

    /** From OpenAPI 3.0 to 3.1: null is a type there, and answers leave out what they do not have. */
    private static void modernise(JsonNode node) {
        if (node.has("in") && node.get("schema") instanceof ObjectNode parameter) {
            parameter.remove("nullable");
        }
        if (node instanceof ObjectNode object && object.has("nullable")) {
            object.remove("nullable");
            JsonNode type = object.get("type");
            JsonNode only = object.at("/allOf/0/$ref");
            if (type != null) {
                object.putArray("type").add(type).add("null");
            } else if (only.isTextual()) {
                object.remove("allOf");
                object.set("$ref", only);
            }
        }
        node.forEach(FixedDescription::modernise);
    }

    /** As JSON Merge Patch (RFC 7396), but a schema takes the place of another as a whole. */
    private static void merge(ObjectNode target, ObjectNode patch) {
        for (Map.Entry<String, JsonNode> member : patch.properties()) {
            JsonNode value = member.getValue();
            if (value.isNull()) {
                target.remove(member.getKey());
            } else if (value instanceof ObjectNode object && !member.getKey().equals("schema")) {
                JsonNode there = target.get(member.getKey());
                ObjectNode merged = there instanceof ObjectNode known ? known : JSON.createObjectNode();
                merge(merged, object);
                target.set(member.getKey(), merged);
            } else {
                target.set(member.getKey(), value);
            }
        }
    }

    private static String escaped(String path) {
        return path.replace("~", "~0").replace("/", "~1");
    }

    private static ObjectNode read(ResourceLoader resources, String name) {
        try (InputStream in = resources.getResourceAsStream(name)
                .orElseThrow(() -> new IllegalStateException("this build has no " + name))) {
            return (ObjectNode) JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
