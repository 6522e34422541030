package io.modelyard.feedback;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** Writes statements; each takes the place of what was said of the same before, unless that counts more. */
final class FeedbackInsert {
    /** The condition is the order of {@link StoredFeedback#BY_OBSERVATION}, or a prediction that came into the log. */
    private static final String UPSERT = """
                                         INSERT INTO feedback (prediction_id, row_index, kind, value, observed_micros, received_micros,
                                         predicted_micros, key_id, key_types, pending, rows_said, model_type, model_version, experiment, arm, unscored, correct,
                                         log_loss, squared_error, absolute_error, reward)
                                         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                                         ON CONFLICT (prediction_id, row_index, kind) DO UPDATE SET value = excluded.value,
                                         observed_micros = excluded.observed_micros, received_micros = excluded.received_micros,
                                         predicted_micros = excluded.predicted_micros, key_id = excluded.key_id, key_types = excluded.key_types,
                                         pending = excluded.pending, rows_said = excluded.rows_said, model_type = excluded.model_type, model_version = excluded.model_version,
                                         experiment = excluded.experiment, arm = excluded.arm, unscored = excluded.unscored,
                                         correct = excluded.correct, log_loss = excluded.log_loss, squared_error = excluded.squared_error,
                                         absolute_error = excluded.absolute_error, reward = excluded.reward
                                         WHERE excluded.observed_micros > feedback.observed_micros
                                         OR (excluded.observed_micros = feedback.observed_micros AND excluded.value > feedback.value)
                                         OR (excluded.observed_micros = feedback.observed_micros AND excluded.value = feedback.value
                                         AND excluded.pending < feedback.pending)""";

    private FeedbackInsert() {}

    /** In the transaction of the connection, in one order on all replicas, so that none waits for one that waits for it. */
    static void write(Connection connection, Collection<StoredFeedback> statements) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(UPSERT)) {
            for (StoredFeedback statement : newest(statements).values()) {
                bind(insert, statement);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** PostgreSQL refuses to change a row twice in one statement. */
    private static Map<StoredFeedback.Key, StoredFeedback> newest(Collection<StoredFeedback> statements) {
        Map<StoredFeedback.Key, StoredFeedback> newest = new TreeMap<>();
        for (StoredFeedback statement : statements) {
            newest.merge(statement.key(), statement,
                    (one, other) -> StoredFeedback.BY_OBSERVATION.compare(one, other) >= 0 ? one : other);
        }
        return newest;
    }

    private static void bind(PreparedStatement insert, StoredFeedback row) throws SQLException {
        StoredFeedback.Prediction prediction = row.prediction();
        Score score = row.score();
        insert.setString(1, row.predictionId());
        insert.setInt(2, row.row());
        insert.setString(3, row.kind().word());
        insert.setString(4, row.value());
        insert.setLong(5, row.observedMicros());
        insert.setLong(6, row.receivedMicros());
        insert.setLong(7, row.predictedMicros());
        insert.setString(8, row.keyId());
        insert.setString(9, row.keyTypes().isEmpty() || prediction != null ? null : TypeList.text(row.keyTypes()));
        insert.setInt(10, row.isPending() ? 1 : 0);
        insert.setInt(11, row.rowsSaid());
        insert.setString(12, prediction == null ? null : prediction.type());
        insert.setString(13, prediction == null ? null : prediction.version());
        insert.setString(14, prediction == null ? null : prediction.experiment());
        insert.setString(15, prediction == null ? null : prediction.arm());
        insert.setString(16, score.unscored());
        if (score.correct() == null) {
            insert.setNull(17, Types.SMALLINT);
        } else {
            insert.setInt(17, score.correct() ? 1 : 0);
        }
        setDouble(insert, 18, score.logLoss());
        setDouble(insert, 19, score.squaredError());
        setDouble(insert, 20, score.absoluteError());
        setDouble(insert, 21, score.reward());
    }

    private static void setDouble(PreparedStatement insert, int parameter, @Nullable Double value)
            throws SQLException {
        if (value == null) {
            insert.setNull(parameter, Types.DOUBLE);
        } else {
            insert.setDouble(parameter, value);
        }
    }
}
