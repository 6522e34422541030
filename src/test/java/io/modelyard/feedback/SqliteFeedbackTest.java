package io.modelyard.feedback;

import java.util.Map;

/** The contract, on a SQLite file. */
final class SqliteFeedbackTest extends FeedbackContract {
    @Override
    Map<String, Object> properties() {
        return Map.of();
    }
}
