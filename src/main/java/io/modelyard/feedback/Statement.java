package io.modelyard.feedback;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a caller says of one row.
 *
 * @param row from 0, or {@link #WHOLE}
 * @param value an outcome, or a reward, which is a number
 */
record Statement(int row, Kind kind, JsonNode value) {
    /** The prediction as a whole; rewards alone may be of that. */
    static final int WHOLE = -1;

    enum Kind {
        /** What became true. */
        OUTCOME("outcome"),
        /** What the prediction was worth. */
        REWARD("reward");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }

        static Kind of(String word) {
            return word.equals(REWARD.word) ? REWARD : OUTCOME;
        }
    }
}
