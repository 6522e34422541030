package io.modelyard.feedback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelyard.database.Database;
import io.modelyard.model.ServingFailure;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The table of feedback. Thread-safe; all methods block, and throw {@link ServingFailure.Unavailable} when the database
 * cannot be used.
 */
@Singleton
final class FeedbackTable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The number of the job of deleting. */
    private static final long DELETING = 0x6d6c_0002;
    private static final int SLICE_ROWS = 500;

    private static final String PENDING = """
                                          SELECT prediction_id, row_index, kind, value, observed_micros, received_micros, predicted_micros, key_id, key_types, rows_said
                                          FROM feedback WHERE pending = 1 AND prediction_id IN
                                          (SELECT DISTINCT prediction_id FROM feedback WHERE pending = 1 AND prediction_id > ? ORDER BY prediction_id LIMIT ?)
                                          ORDER BY prediction_id""";

    private static final String SAID = """
                                       SELECT prediction_id, row_index, kind, value, observed_micros, received_micros, predicted_micros, key_id, pending, rows_said,
                                       model_type, model_version, experiment, arm, unscored, correct, log_loss, squared_error, absolute_error, reward
                                       FROM feedback WHERE prediction_id = ? ORDER BY row_index, kind""";

    private static final String FORGET = """
                                         DELETE FROM feedback WHERE prediction_id = ? AND row_index = ? AND kind = ? AND pending = 1""";

    private static final String OLD = """
                                      DELETE FROM feedback WHERE (prediction_id, row_index, kind) IN
                                      (SELECT prediction_id, row_index, kind FROM feedback WHERE predicted_micros < ? ORDER BY predicted_micros LIMIT ?)""";

    private final Database database;

    FeedbackTable(Database database) {
        this.database = database;
    }

    /** All of the statements or, where it throws, none. */
    void write(Collection<StoredFeedback> statements) {
        if (!statements.isEmpty()) {
            transaction(connection -> {
                FeedbackInsert.write(connection, statements);
                return statements.size();
            });
        }
    }

    /** What waits for its prediction, of the next so many predictions behind {@code after}, in the order of their ids. */
    List<StoredFeedback> pending(String after, int predictions) {
        return reading(connection -> {
            try (PreparedStatement select = connection.prepareStatement(PENDING)) {
                select.setString(1, after);
                select.setInt(2, predictions);
                List<StoredFeedback> pending = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        pending.add(new StoredFeedback(row.getString(1), row.getInt(2),
                                Statement.Kind.of(row.getString(3)), row.getString(4), row.getLong(5), row.getLong(6),
                                row.getLong(7), row.getString(8), TypeList.of(row.getString(9)), row.getInt(10), null,
                                Score.NONE_YET));
                    }
                }
                return pending;
            }
        });
    }

    /** What was said of one prediction, by row. */
    List<StoredFeedback> said(String predictionId) {
        return reading(connection -> {
            try (PreparedStatement select = connection.prepareStatement(SAID)) {
                select.setString(1, predictionId);
                List<StoredFeedback> said = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        said.add(said(row));
                    }
                }
                return said;
            }
        });
    }

    private static StoredFeedback said(ResultSet row) throws SQLException {
        StoredFeedback.Prediction prediction = row.getInt(9) == 1
                ? null
                : new StoredFeedback.Prediction(row.getString(11), row.getString(12), row.getString(13),
                        row.getString(14));
        int correct = row.getInt(16);
        Score score = new Score(row.wasNull() ? null : correct == 1, number(row, 17), number(row, 18), number(row, 19),
                number(row, 20), row.getString(15));
        return new StoredFeedback(row.getString(1), row.getInt(2), Statement.Kind.of(row.getString(3)),
                row.getString(4), row.getLong(5), row.getLong(6), row.getLong(7), row.getString(8), Set.of(),
                row.getInt(10), prediction, score);
    }

    private static @Nullable Double number(ResultSet row, int column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? null : value;
    }

    /** Lets statements go that wait in vain. */
    void forget(Collection<StoredFeedback> statements) {
        if (statements.isEmpty()) {
            return;
        }
        transaction(connection -> {
            try (PreparedStatement delete = connection.prepareStatement(FORGET)) {
                for (StoredFeedback statement : statements) {
                    delete.setString(1, statement.predictionId());
                    delete.setInt(2, statement.row());
                    delete.setString(3, statement.kind().word());
                    delete.addBatch();
                }
                delete.executeBatch();
            }
            return statements.size();
        });
    }

    /** @return how many statements about predictions before that time left, a slice at most; none where another replica is at it */
    int deleteBefore(long predictedMicros) {
        return transaction(connection -> {
            if (!database.claim(connection, DELETING)) {
                return 0;
            }
            try (PreparedStatement delete = connection.prepareStatement(OLD)) {
                delete.setLong(1, predictedMicros);
                delete.setInt(2, SLICE_ROWS);
                return delete.executeUpdate();
            }
        });
    }

    <T> T reading(Database.Work<T> work) {
        try {
            return database.reading(work);
        } catch (SQLException | IOException e) {
            throw unavailable(e);
        }
    }

    private <T> T transaction(Database.Work<T> work) {
        try {
            return database.transaction(work);
        } catch (SQLException | IOException e) {
            throw unavailable(e);
        }
    }

    private static ServingFailure unavailable(Exception cause) {
        return ServingFailure.Unavailable.storeUnavailable(
                "the database of the request log cannot be used now; send the feedback again later, which changes nothing"
                        + " where it was taken",
                cause);
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("stored as JSON, and it is not: " + text, e);
        }
    }
}
