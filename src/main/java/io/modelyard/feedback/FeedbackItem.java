package io.modelyard.feedback;

import io.modelyard.model.ServingFailure;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/** One element of a request, as it was read. */
sealed interface FeedbackItem {
    /** Where in the body it stands, as a JSON pointer; empty where it is the body. */
    String pointer();

    /**
     * What is said of one prediction.
     *
     * @param rows how many rows the prediction must have for this; 0 where it does not say
     * @param observedAt when it became true; null where the caller does not say
     */
    record Said(String pointer, String predictionId, List<Statement> statements, int rows,
            @Nullable Instant observedAt) implements FeedbackItem {
        public Said {
            statements = List.copyOf(statements);
        }
    }

    /** What makes no sense. */
    record Unreadable(String pointer, ServingFailure failure) implements FeedbackItem {}
}
