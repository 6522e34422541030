package io.modelyard.transform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.tensor.InvalidInputException;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The members of a JSON object that describes steps: where they stand, and what is wrong with them. */
record Members(JsonNode json, String pointer) {

    /**
     * @param what these are, for errors
     * @throws InvalidInputException if this is no object, or has a member that is not {@code known}
     */
    void demand(String what, List<String> known) {
        if (!json.isObject()) {
            throw new InvalidInputException(pointer, "expected an object");
        }
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            if (!known.contains(member.getKey())) {
                throw new InvalidInputException(at(member.getKey()), "there is no such " + what + "; there are "
                        + String.join(", ", known));
            }
        }
    }

    boolean has(String name) {
        return json.hasNonNull(name);
    }

    Members member(String name) {
        return new Members(json.path(name), at(name));
    }

    Members element(int index) {
        return new Members(json.path(index), pointer + "/" + index);
    }

    boolean flag(boolean otherwise) {
        if (json.isMissingNode() || json.isNull()) {
            return otherwise;
        }
        if (!json.isBoolean()) {
            throw wrong("expected true or false");
        }
        return json.booleanValue();
    }

    double number() {
        if (!json.isNumber() || !Double.isFinite(json.doubleValue())) {
            throw wrong("expected a number");
        }
        return json.doubleValue();
    }

    int integer(int least, int most) {
        if (!json.isIntegralNumber() || !json.canConvertToInt() || json.intValue() < least || json.intValue() > most) {
            throw wrong("expected an integer from " + least + " to " + most);
        }
        return json.intValue();
    }

    InvalidInputException wrong(String detail) {
        return new InvalidInputException(pointer, detail);
    }

    private String at(String name) {
        return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    /**
     * These members, and over them those of {@code other}; one that is null there is taken away.
     *
     * @param replaced names that a member of {@code other} takes away too, unless it is false
     */
    Members under(Members other, Map<String, Set<String>> replaced) {
        if (!other.json().isObject()) {
            throw other.wrong("expected an object");
        }
        ObjectNode merged = JsonNodeFactory.instance.objectNode();
        if (json.isObject()) {
            merged.setAll((ObjectNode) json);
        }
        for (Map.Entry<String, JsonNode> member : other.json().properties()) {
            if (!member.getValue().isBoolean() || member.getValue().booleanValue()) {
                merged.remove(replaced.getOrDefault(member.getKey(), Set.of()));
            }
        }
        for (Map.Entry<String, JsonNode> member : other.json().properties()) {
            if (member.getValue().isNull()) {
                merged.remove(member.getKey());
            } else {
                merged.set(member.getKey(), member.getValue());
            }
        }
        return new Members(merged, other.pointer());
    }

    /** Members of an object that may be absent. */
    static Members of(@Nullable JsonNode json, String pointer) {
        return new Members(json == null || json.isNull() ? JsonNodeFactory.instance.objectNode() : json, pointer);
    }
}
