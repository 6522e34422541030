package io.modelyard.feedback;

import io.modelyard.model.Experiment;
import io.modelyard.model.ServingFailure;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How well versions and arms do, by what became true of their predictions. Computed by the database from the feedback about
 * predictions that were made since a moment: which feedback that is does not depend on when and in which order it came.
 * Thread-safe; all methods block, for as long as the database needs for the rows of that time, and throw
 * {@link ServingFailure.Unavailable} when it cannot be used.
 */
@Singleton
public final class FeedbackMetrics {
    private static final String SUMS = """
                                       SELECT model_type, model_version, experiment, arm, COUNT(*), COUNT(unscored), COUNT(correct), SUM(correct),
                                       COUNT(log_loss), SUM(log_loss), SUM(log_loss * log_loss), COUNT(squared_error), SUM(squared_error),
                                       SUM(squared_error * squared_error), SUM(absolute_error), COUNT(reward),
                                       SUM(reward), SUM(reward * reward) FROM feedback WHERE pending = 0 AND %s predicted_micros >= ?
                                       GROUP BY model_type, model_version, experiment, arm ORDER BY 1, 2, 3, 4""";
    private static final String OF_ALL = SUMS.formatted("");
    private static final String OF_TYPE = SUMS.formatted("model_type = ? AND");

    private final FeedbackTable table;

    FeedbackMetrics(FeedbackTable table) {
        this.table = table;
    }

    /** Of each version of a type, whoever chose it. */
    public Map<String, FeedbackSums> byVersion(String type, Instant since) {
        Map<String, FeedbackSums> versions = new TreeMap<>();
        for (FeedbackGroup group : groups(type, since)) {
            versions.merge(group.version(), group.sums(), FeedbackSums::plus);
        }
        return versions;
    }

    /** Of one arm of an experiment, as long as it has had this version. */
    public FeedbackSums ofArm(String type, String experiment, Experiment.Arm arm) {
        return groups(type, arm.since()).stream()
                .filter(group -> experiment.equals(group.experiment()) && arm.name().equals(group.arm())
                        && arm.version().equals(group.version()))
                .map(FeedbackGroup::sums).reduce(FeedbackSums.NONE, FeedbackSums::plus);
    }

    /** Of each version and arm of a type. */
    public List<FeedbackGroup> groups(String type, Instant since) {
        return read(OF_TYPE, type, since);
    }

    /** Of each version and arm of every type. */
    public List<FeedbackGroup> groups(Instant since) {
        return read(OF_ALL, null, since);
    }

    private List<FeedbackGroup> read(String sql, @Nullable String type, Instant since) {
        return table.reading(connection -> read(connection, sql, type, since));
    }

    private static List<FeedbackGroup> read(Connection connection, String sql, @Nullable String type, Instant since)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            if (type != null) {
                select.setString(1, type);
            }
            select.setLong(type == null ? 1 : 2, Predictions.micros(since));
            List<FeedbackGroup> groups = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    groups.add(new FeedbackGroup(row.getString(1), row.getString(2), row.getString(3),
                            row.getString(4),
                            new FeedbackSums(row.getLong(5), row.getLong(6), row.getLong(7), row.getLong(8),
                                    row.getLong(9), row.getDouble(10), row.getDouble(11), row.getLong(12),
                                    row.getDouble(13),
                                    row.getDouble(14), row.getDouble(15), row.getLong(16), row.getDouble(17),
                                    row.getDouble(18))));
                }
            }
            return groups;
        }
    }
}
