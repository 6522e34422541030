package io.modelyard.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import java.util.ArrayList;
import java.util.List;

/** A description of the API as its readers use it. */
record Description(JsonNode tree) {
    private static final SchemaRegistry REGISTRY = SchemaRegistry
            .withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    JsonNode predict(String type) {
        return tree.at("/paths/~1predict~1" + type + "/post");
    }

    JsonNode exampleRequest(String type) {
        return predict(type).at("/requestBody/content/application~1json/examples").iterator().next().get("value");
    }

    JsonNode exampleAnswer(String type) {
        return predict(type).at("/responses/200/content/application~1json/examples/answer/value");
    }

    List<Error> problemsOfRequest(String type, JsonNode body) {
        return problems(predict(type).at("/requestBody/content/application~1json/schema"), body);
    }

    List<Error> problemsOfAnswer(String type, JsonNode answer) {
        return problems(predict(type).at("/responses/200/content/application~1json/schema"), answer);
    }

    /** What is wrong with a value by a schema of this description. */
    private List<Error> problems(JsonNode schema, JsonNode value) {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", tree.get("components"));
        return REGISTRY.getSchema(whole).validate(value);
    }

    /** Of each type with a path of its own, in their order. */
    List<String> types() {
        List<String> types = new ArrayList<>();
        tree.get("paths").fieldNames().forEachRemaining(path -> {
            if (path.startsWith("/predict/") && !path.contains("{")) {
                types.add(path.substring("/predict/".length()));
            }
        });
        return types;
    }
}
