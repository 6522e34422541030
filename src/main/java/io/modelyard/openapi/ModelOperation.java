package io.modelyard.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** {@code POST /predict/{type}} of one type, made from the operation for all types. */
final class ModelOperation {
    static final String TAG = "Served models";

    private final ServedType served;
    private final String name;

    ModelOperation(ServedType served, String name) {
        this.served = served;
        this.name = name;
    }

    /** For as long as the contract of the type is what it is. */
    ObjectNode ofContract(ObjectNode template) {
        ObjectNode operation = operation(template);
        describe(operation, "Predicts with the active version of `" + served.type() + "`.");
        return operation;
    }

    /** Of one version or alias, for as long as the contract of the type is what it is. */
    ObjectNode ofOneVersion(ObjectNode template) {
        ObjectNode operation = operation(template);
        operation.put("operationId", ModelNames.operation(name) + "Version");
        operation.put("summary", "Predict with one version of " + served.type());
        describe(operation, "Predicts with one version of `" + served.type()
                + "`, or with the version that an `@alias` names; also one that breaks the contract.");
        return operation;
    }

    /** For as long as this version answers: with its own example, and what became of it. */
    ObjectNode ofVersion(ObjectNode template) {
        ObjectNode operation = operation(template);
        describe(operation, "Version `" + served.model().id().version() + "` ("
                + served.manifest().runtime() + ") answers now. Other versions: `POST /predict/" + served.type()
                + "/{version}`. What holds for all versions of the contract: `/openapi/" + served.type() + ".json`.");
        ModelExample.of(served).ifPresent(example -> {
            ObjectNode requests = ((ObjectNode) operation.at("/requestBody/content/application~1json"))
                    .putObject("examples");
            JsonNode named = example.named();
            if (named != null) {
                example(requests, "by-name", "rows by name", body(named));
            }
            example(requests, "as-published", "the example of the version", body(example.inputs()));
            JsonNode answered = example.answered();
            if (answered != null) {
                example(((ObjectNode) operation.at("/responses/200/content/application~1json")).putObject("examples"),
                        "answer", "what the version answers to its example", answer(answered));
            }
        });
        return operation;
    }

    private ObjectNode operation(ObjectNode template) {
        ObjectNode operation = template.deepCopy();
        operation.put("operationId", ModelNames.operation(name));
        operation.putArray("tags").add(TAG);
        operation.put("summary", "Predict with " + served.type());
        for (var parameters = operation.withArray("parameters").iterator(); parameters.hasNext();) {
            if (parameters.next().path("name").asText().equals("type")) {
                parameters.remove();
            }
        }
        content(operation, "/requestBody/content/application~1json", ModelNames.REQUEST);
        content(operation, "/responses/200/content/application~1json", ModelNames.ANSWER);
        return operation;
    }

    private static void describe(ObjectNode operation, String description) {
        operation.put("description",
                description + "\n\nNeeds the role `" + operation.path("x-required-role").asText() + "`.");
    }

    private void content(ObjectNode operation, String place, String schema) {
        ObjectNode content = (ObjectNode) operation.at(place);
        content.removeAll();
        content.putObject("schema").put("$ref", "#/components/schemas/" + name + schema);
    }

    private static void example(ObjectNode examples, String key, String summary, JsonNode value) {
        examples.putObject(key).put("summary", summary).set("value", value);
    }

    private static JsonNode body(JsonNode inputs) {
        return JsonNodeFactory.instance.objectNode().set("inputs", inputs);
    }

    private JsonNode answer(JsonNode predictions) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("prediction_id", "019aa6f0-6b1c-7d52-9a61-0c5f1f2b7a10");
        answer.put("model_type", served.type());
        answer.put("model_version", served.model().id().version());
        answer.set("predictions", predictions);
        answer.put("cached", false);
        answer.putObject("timing_ms").put("preprocessing", 0.02).put("queue", 0.01).put("inference", 0.05)
                .put("postprocessing", 0.02).put("total", 0.12);
        return answer;
    }
}
