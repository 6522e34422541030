package io.modelyard.predict;

import io.modelyard.model.ServingFailure;

/** What became of one item. */
sealed interface BatchResult {
    record Predicted(PredictionAnswer answer) implements BatchResult {}

    record Failed(ServingFailure failure) implements BatchResult {}

    /** For a reason that is not the caller's, and that the server's log says. */
    record Broken() implements BatchResult {}
}
