package io.modelyard.feedback;

import io.modelyard.database.TestPostgres;

import java.util.Map;

/** The contract, on a PostgreSQL server. */
final class PostgresFeedbackTest extends FeedbackContract {
    @Override
    Map<String, Object> properties() {
        return Map.of("modelyard.requestlog.url", TestPostgres.database().url());
    }
}
