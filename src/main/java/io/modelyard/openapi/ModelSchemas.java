package io.modelyard.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.SignatureSchema;
import io.modelyard.tensor.TensorSpec;
import io.modelyard.transform.Transforms;

import java.util.List;

/**
 * The schemas of one type: its request in each form, and its answer. Each form is a schema of its own with a name, because
 * programs that make clients turn those into classes, and cannot tell apart arrays of different things.
 */
final class ModelSchemas {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ServedType served;
    private final String name;
    private final ObjectNode schemas;

    /** @param schemas where they are put */
    ModelSchemas(ServedType served, String name, ObjectNode schemas) {
        this.served = served;
        this.name = name;
        this.schemas = schemas;
    }

    void put() {
        served.transforms().ifPresentOrElse(this::exact, this::open);
    }

    private void exact(Transforms transforms) {
        Signature signature = transforms.preprocessing().decoder().signature();
        SignatureSchema.Forms forms = SignatureSchema.forms(transforms.preprocessing().decoder());
        ArrayNode ways = JSON.createArrayNode();
        JsonNode value = JSON.valueToTree(forms.value());
        if (forms.value() != null) {
            ways.add(request(ModelNames.ARRAY, "one value a row", array(value), signature));
        }
        put(ModelNames.ROW, JSON.valueToTree(forms.named()));
        ways.add(request(ModelNames.ROWS, "rows by name", array(reference(name + ModelNames.ROW)), signature));
        ways.add(request(ModelNames.ONE_ROW, "one row by name", reference(name + ModelNames.ROW), signature));
        if (forms.ordered() != null) {
            JsonNode row = JSON.valueToTree(forms.ordered());
            ways.add(request(ModelNames.ARRAYS, "rows as arrays", array(row), signature));
            ways.add(request(ModelNames.ARRAY, "one row as an array", row, signature));
        }
        put(ModelNames.TENSOR_INPUTS, JSON.valueToTree(forms.tensors()));
        ways.add(request(ModelNames.TENSORS, "whole tensors", reference(name + ModelNames.TENSOR_INPUTS), signature));
        put(ModelNames.REQUEST, (ObjectNode) JSON.createObjectNode().set("anyOf", ways));
        ObjectNode prediction = JSON.valueToTree(
                transforms.postprocessing().schema(signature.defaultOutputs(), signature.isBatched()));
        if (prediction.has("properties")) {
            put(ModelNames.PREDICTION, prediction);
            prediction = reference(name + ModelNames.PREDICTION);
        }
        answer(prediction);
    }

    /** Of a model that nobody has looked into yet. */
    private void open() {
        ObjectNode request = object();
        ((ObjectNode) request.get("properties")).putObject("inputs").put("description",
                "the rows to predict; what they hold is known once the model was loaded: GET /models/"
                        + served.model().id() + "/schema loads it and tells");
        put(ModelNames.REQUEST, request);
        answer(JSON.createObjectNode());
    }

    private ObjectNode request(String form, String title, JsonNode inputs, Signature signature) {
        ObjectNode request = object();
        request.put("title", title);
        ObjectNode properties = (ObjectNode) request.get("properties");
        properties.set("inputs", inputs);
        ObjectNode outputs = properties.putObject("outputs");
        outputs.put("type", "array").put("minItems", 1).put("description",
                "the outputs that are wanted; the answer's predictions then have these");
        ArrayNode names = outputs.putObject("items").put("type", "string").putArray("enum");
        signature.outputs().stream().map(TensorSpec::name).forEach(names::add);
        if (served.manifest().overridable()) {
            properties.set("preprocessing", reference("Preprocessing"));
            properties.set("postprocessing", reference("Postprocessing"));
        }
        put(form, request);
        return reference(name + form);
    }

    private void answer(ObjectNode prediction) {
        ObjectNode answer = schemas.get("PredictionAnswer").deepCopy();
        ObjectNode properties = (ObjectNode) answer.get("properties");
        ((ObjectNode) properties.get("predictions")).set("items", prediction);
        ((ObjectNode) properties.get("model_type")).putArray("enum").add(served.type());
        put(ModelNames.ANSWER, answer);
    }

    private void put(String schema, ObjectNode content) {
        schemas.set(name + schema, content);
    }

    private static ObjectNode object() {
        ObjectNode object = JSON.createObjectNode();
        object.put("type", "object");
        object.putObject("properties");
        object.set("required", JSON.valueToTree(List.of("inputs")));
        return object;
    }

    private static ObjectNode array(JsonNode items) {
        ObjectNode array = JSON.createObjectNode();
        array.put("type", "array").put("minItems", 1).set("items", items);
        return array;
    }

    private static ObjectNode reference(String schema) {
        return JSON.createObjectNode().put("$ref", "#/components/schemas/" + schema);
    }
}
