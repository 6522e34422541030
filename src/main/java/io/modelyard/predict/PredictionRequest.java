package io.modelyard.predict;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The members of a prediction's body, with {@code inputs} not yet read: it can be decoded only when the model is known.
 *
 * @param body the whole text; inputs stand in it from {@code inputsFrom} up to {@code inputsTo}
 * @param inputsName what the body calls its inputs
 * @param outputs names of the outputs wanted; empty where the body names none
 * @param type the type that the body names, or null
 * @param version the version or @alias that the body names, or null
 * @param joinsExperiments whether an experiment may choose the version
 */
record PredictionRequest(byte[] body, String inputsName, int inputsFrom, int inputsTo, List<String> outputs,
        @Nullable JsonNode preprocessing, @Nullable JsonNode postprocessing, @Nullable String type,
        @Nullable String version, boolean joinsExperiments) {

    /** JSON pointer to the inputs. */
    String inputsPointer() {
        return "/" + inputsName;
    }
}
