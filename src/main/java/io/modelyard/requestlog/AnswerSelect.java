package io.modelyard.requestlog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** Reads the answers of some predictions, without their inputs. */
final class AnswerSelect {
    private AnswerSelect() {}

    static List<LoggedAnswer> read(Connection connection, Collection<String> ids) throws SQLException {
        String sql = "SELECT prediction_id, at_micros, model_type, model_version, experiment, arm, status, predictions,"
                + " row_count FROM prediction_log WHERE prediction_id IN ("
                + String.join(", ", Collections.nCopies(ids.size(), "?")) + ")";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            int parameter = 1;
            for (String id : ids) {
                select.setString(parameter++, id);
            }
            List<LoggedAnswer> answers = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    answers.add(new LoggedAnswer(row.getString(1), row.getLong(2), row.getString(3), row.getString(4),
                            row.getString(5), row.getString(6), row.getInt(7), row.getString(8), row.getInt(9)));
                }
            }
            return answers;
        }
    }
}
