package io.modelyard.registry;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import io.modelyard.registry.InvalidDocumentException.Problem;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/** One JSON Schema of {@code /registry-schema/}, and its complaints in words that help. Safe for use by many threads. */
final class DocumentSchema {
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaRegistryConfig(SchemaRegistryConfig.builder().formatAssertionsEnabled(true)
                    .locale(Locale.ENGLISH).build()));

    private final Schema schema;
    private final JsonNode text;

    private DocumentSchema(JsonNode text) {
        this.text = text;
        this.schema = SCHEMAS.getSchema(text);
    }

    /** @param name {@code manifest} for example */
    static DocumentSchema load(ObjectMapper mapper, String name) {
        String resource = "/registry-schema/" + name + ".schema.json";
        try (InputStream in = DocumentSchema.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is not on the class path");
            }
            return new DocumentSchema(mapper.readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }

    void check(JsonNode document) throws InvalidDocumentException {
        JsonNode version = document.path("schema_version");
        if (version.isIntegralNumber() && version.canConvertToLong() && version.longValue() > 1) {
            throw InvalidDocumentException.ofNewerForm(version.asText());
        }
        List<Problem> problems = new ArrayList<>();
        for (Error error : schema.validate(document)) {
            problems.add(new Problem(error.getInstanceLocation().toString(), detail(error)));
        }
        if (!problems.isEmpty()) {
            throw new InvalidDocumentException(problems);
        }
    }

    private String detail(Error error) {
        return switch (error.getKeyword()) {
            case "additionalProperties" -> "there is no member '" + error.getProperty() + "' here; there are "
                    + String.join(", ", members(error));
            case "required" -> "the member '" + error.getProperty() + "' is missing";
            case "pattern", "format" -> error.getMessage() + described(error);
            default -> error.getMessage();
        };
    }

    /** What the schema says of the place that an error is about. */
    private String described(Error error) {
        String description = parent(error).path("description").asText("");
        return description.isEmpty() ? "" : " (" + description + ")";
    }

    private SortedSet<String> members(Error error) {
        SortedSet<String> names = new TreeSet<>();
        for (Iterator<String> known = parent(error).path("properties").fieldNames(); known.hasNext();) {
            names.add(known.next());
        }
        names.remove("$schema");
        return names;
    }

    /** The schema object whose keyword complained. */
    private JsonNode parent(Error error) {
        JsonPointer keyword = JsonPointer.compile(error.getSchemaLocation().getFragment().toString());
        JsonPointer parent = keyword.head();
        return text.at(parent == null ? JsonPointer.empty() : parent);
    }
}
