package io.modelyard.feedback;

import io.modelyard.model.ServingFailure;

import java.util.SortedSet;
import java.util.TreeSet;

/** What became of one item of a request. */
sealed interface FeedbackResult {
    /**
     * It was taken.
     *
     * @param pending statements that wait for the prediction to be in the log
     * @param reasons why some have no score
     */
    record Taken(String predictionId, int scored, int unscored, int pending, SortedSet<String> reasons)
            implements
                FeedbackResult {
        public Taken {
            reasons = new TreeSet<>(reasons);
        }
    }

    record Refused(ServingFailure failure) implements FeedbackResult {}
}
