package io.modelyard.requestlog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * Writes rows. Plain JDBC and not Micronaut Data's {@code saveAll}: a batch costs a third of the CPU
 * per row this way, and this is the one place of the log whose cost every prediction pays.
 */
final class LogInsert {
    /** A batch whose commit was in doubt is written again: its rows may be there. */
    private static final String INSERT = """
                                         INSERT INTO prediction_log (prediction_id, request_id, at_micros, model_type, model_version,
                                         requested_version, runtime, model_digest, key_id, status, code, inputs, predictions, row_count, cached,
                                         truncated, experiment, arm, preprocessing_ns, queue_ns, inference_ns, postprocessing_ns, total_ns)
                                         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                                         ON CONFLICT (prediction_id) DO NOTHING""";

    private LogInsert() {}

    /** In the transaction of the connection. */
    static void write(Connection connection, List<LoggedPrediction> rows) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (LoggedPrediction row : rows) {
                bind(insert, row);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void bind(PreparedStatement insert, LoggedPrediction row) throws SQLException {
        insert.setString(1, row.predictionId());
        insert.setString(2, row.requestId());
        insert.setLong(3, row.atMicros());
        insert.setString(4, row.modelType());
        insert.setString(5, row.modelVersion());
        insert.setString(6, row.requestedVersion());
        insert.setString(7, row.runtime());
        insert.setString(8, row.modelDigest());
        insert.setString(9, row.keyId());
        insert.setInt(10, row.status());
        insert.setString(11, row.code());
        insert.setString(12, row.inputs());
        insert.setString(13, row.predictions());
        insert.setInt(14, row.rowCount());
        insert.setInt(15, row.cached() ? 1 : 0);
        insert.setInt(16, row.truncated() ? 1 : 0);
        insert.setString(17, row.experiment());
        insert.setString(18, row.arm());
        insert.setLong(19, row.preprocessingNs());
        insert.setLong(20, row.queueNs());
        insert.setLong(21, row.inferenceNs());
        insert.setLong(22, row.postprocessingNs());
        insert.setLong(23, row.totalNs());
    }
}
