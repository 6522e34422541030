package io.modelyard.model;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A request and the answer that the model must give to it, run at every load.
 *
 * @param inputs any form that a request's {@code inputs} may have
 * @param outputs one element per row: a value, an array, or an object by output name; null where the example only warms up
 * @param tolerance the greatest absolute difference allowed
 */
public record Example(JsonNode inputs, @Nullable JsonNode outputs, @Nullable Double tolerance) {}
