package io.modelyard.feedback;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.Set;

/**
 * One statement as it is stored.
 *
 * @param row from 0, or {@link Statement#WHOLE}
 * @param value canonical JSON
 * @param observedMicros microseconds since 1970, as are the other times
 * @param predictedMicros when the prediction was made
 * @param keyTypes what the key may use; empty means all
 * @param rowsSaid how many rows the caller takes the prediction to have; 0 where it does not say
 * @param prediction null while the prediction is not in the log
 */
record StoredFeedback(String predictionId, int row, Statement.Kind kind, String value, long observedMicros,
        long receivedMicros, long predictedMicros, String keyId, Set<String> keyTypes,
        int rowsSaid, @Nullable Prediction prediction, Score score) {

    /**
     * Of two statements about the same, the one that counts is the greater: the one observed later, and where that does not
     * tell, whichever of the two values, but always the same one. So no order of arrival changes what is left.
     */
    static final Comparator<StoredFeedback> BY_OBSERVATION = Comparator.comparingLong(StoredFeedback::observedMicros)
            .thenComparing(StoredFeedback::value);

    /** What is known of the prediction. */
    record Prediction(String type, String version, @Nullable String experiment, @Nullable String arm) {}

    /** What there is one statement of. */
    record Key(String predictionId, int row, Statement.Kind kind) implements Comparable<Key> {
        private static final Comparator<Key> ORDER = Comparator.comparing(Key::predictionId)
                .thenComparingInt(Key::row).thenComparing(Key::kind);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    Key key() {
        return new Key(predictionId, row, kind);
    }

    boolean isPending() {
        return prediction == null;
    }
}
