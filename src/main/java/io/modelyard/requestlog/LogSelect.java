package io.modelyard.requestlog;

import org.jspecify.annotations.Nullable;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * A query as SQL: only the conditions that were asked for, so that the database can choose an index by them, in an order
 * that every index has. A caller who may see some types gets one arm for each, which the database merges: one condition
 * with all the types would make it sort all of their rows.
 */
record LogSelect(String sql, List<Object> parameters) {

    static LogSelect of(LogQuery query) {
        StringBuilder sql = new StringBuilder();
        List<Object> parameters = new ArrayList<>();
        for (String type : types(query)) {
            sql.append(sql.isEmpty() ? "" : " UNION ALL ");
            arm(query, type, sql, parameters);
        }
        sql.append(" ORDER BY at_micros DESC, prediction_id DESC LIMIT ?");
        // One more than wanted tells whether there is more.
        parameters.add(query.limit() + 1);
        return new LogSelect(sql.toString(), parameters);
    }

    private static Collection<@Nullable String> types(LogQuery query) {
        return query.type() != null || query.visibleTypes().isEmpty()
                ? Collections.singleton(query.type())
                : new ArrayList<>(query.visibleTypes());
    }

    private static void arm(LogQuery query, @Nullable String type, StringBuilder sql, List<Object> parameters) {
        sql.append("SELECT * FROM prediction_log");
        Conditions conditions = new Conditions(sql, parameters);
        conditions.add("model_type = ?", type);
        conditions.add("model_version = ?", query.version());
        conditions.add("key_id = ?", query.keyId());
        conditions.add("prediction_id = ?", query.predictionId());
        LogQuery.StatusRange status = query.status();
        if (status != null) {
            if (status.onlyErrors()) {
                // Word for word the condition of the index on failures.
                conditions.add("status >= 400");
            }
            conditions.add("status BETWEEN ? AND ?", status.first(), status.last());
        }
        conditions.add("at_micros >= ?", query.since() == null ? null : LoggedPrediction.micros(query.since()));
        conditions.add("at_micros < ?", query.until() == null ? null : LoggedPrediction.micros(query.until()));
        LogCursor after = query.after();
        if (after != null) {
            conditions.add("(at_micros, prediction_id) < (?, ?)", after.atMicros(), after.predictionId());
        }
    }

    void bind(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < parameters.size(); i++) {
            statement.setObject(i + 1, parameters.get(i));
        }
    }

    /** The WHERE clause of one arm. */
    private static final class Conditions {
        private final StringBuilder sql;
        private final List<Object> parameters;
        private String next = " WHERE ";

        private Conditions(StringBuilder sql, List<Object> parameters) {
            this.sql = sql;
            this.parameters = parameters;
        }

        /** Unless the one value is null. */
        private void add(String condition, @Nullable Object value) {
            if (value != null) {
                add(condition, new Object[]{value});
            }
        }

        private void add(String condition, Object... values) {
            sql.append(next).append(condition);
            parameters.addAll(List.of(values));
            next = " AND ";
        }
    }
}
