package io.modelyard.transform;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.tensor.InvalidInputException;
import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * How outputs are told.
 *
 * @param labels whether outputs that have labels are told as {@code {label, confidence, probabilities}}
 */
public record Postprocessing(boolean labels) {
    public static final Postprocessing DEFAULT = new Postprocessing(true);

    /**
     * @param json an object with {@code labels}
     * @param pointer JSON pointer to it, for errors
     * @throws InvalidInputException if it is anything else
     */
    public static Postprocessing parse(@Nullable JsonNode json, String pointer) {
        if (json == null || json.isNull()) {
            return DEFAULT;
        }
        if (!json.isObject()) {
            throw new InvalidInputException(pointer, "expected an object");
        }
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            if (!member.getKey().equals("labels")) {
                throw new InvalidInputException(pointer + "/" + member.getKey(),
                        "there is no such post-processing step; there is labels");
            }
        }
        JsonNode labels = json.path("labels");
        if (!labels.isMissingNode() && !labels.isBoolean()) {
            throw new InvalidInputException(pointer + "/labels", "expected true or false");
        }
        return new Postprocessing(labels.asBoolean(true));
    }
}
