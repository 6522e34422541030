package io.modelyard.experiment;

import io.modelyard.database.Database;
import jakarta.inject.Singleton;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The counts of all replicas that share the database. Blocks; thread-safe. */
@Singleton
final class FigureTable {
    private static final String ADD = """
                                      INSERT INTO experiment_figures (experiment, arm, model_version, outcome, requests, row_count, total_ns)
                                      VALUES (?, ?, ?, ?, ?, ?, ?)
                                      ON CONFLICT (experiment, arm, model_version, outcome) DO UPDATE SET
                                      requests = experiment_figures.requests + excluded.requests,
                                      row_count = experiment_figures.row_count + excluded.row_count,
                                      total_ns = experiment_figures.total_ns + excluded.total_ns""";
    private static final String READ = """
                                       SELECT arm, model_version, outcome, requests, row_count, total_ns
                                       FROM experiment_figures WHERE experiment = ?""";

    private final Database database;

    FigureTable(Database database) {
        this.database = database;
    }

    /** Adds all the counts or none. */
    void add(List<Tally.Count> counts) throws SQLException, IOException {
        database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(ADD)) {
                for (Tally.Count count : sorted(counts)) {
                    statement.setString(1, count.key().experiment());
                    statement.setString(2, count.key().arm());
                    statement.setString(3, count.key().version());
                    statement.setInt(4, count.key().outcome());
                    statement.setLong(5, count.amount().requests());
                    statement.setLong(6, count.amount().rows());
                    statement.setLong(7, count.amount().nanos());
                    statement.addBatch();
                }
                return statement.executeBatch();
            }
        });
    }

    /** Two replicas that lock the same rows must do so in the same order. */
    private static List<Tally.Count> sorted(List<Tally.Count> counts) {
        return counts.stream().sorted((a, b) -> a.key().toString().compareTo(b.key().toString())).toList();
    }

    List<Tally.Count> of(String experiment) throws SQLException, IOException {
        return database.reading(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(READ)) {
                statement.setString(1, experiment);
                List<Tally.Count> counts = new ArrayList<>();
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        counts.add(new Tally.Count(
                                new Tally.Key(experiment, rows.getString(1), rows.getString(2), rows.getInt(3)),
                                new Tally.Amount(rows.getLong(4), rows.getLong(5), rows.getLong(6))));
                    }
                }
                return counts;
            }
        });
    }
}
