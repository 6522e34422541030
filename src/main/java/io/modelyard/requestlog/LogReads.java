package io.modelyard.requestlog;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.modelyard.database.Database;
import io.modelyard.database.Product;
import jakarta.inject.Named;

import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads rows. Connections must not be set read-only, as reads otherwise are: SQLite's driver refuses that on an open
 * connection.
 */
@JdbcRepository(dataSource = Database.NAME, dialect = Dialect.ANSI)
abstract class LogReads implements GenericRepository<LoggedPrediction, String> {
    /** A page ends early rather than hold more than about this many characters of inputs and predictions in memory. */
    private static final long PAGE_WEIGHT = 4_000_000;

    /** Rows that PostgreSQL's driver reads at once. */
    private static final int FETCH_ROWS = 20;

    private final JdbcOperations operations;
    private final Database database;

    LogReads(@Named(Database.NAME) JdbcOperations operations, Database database) {
        this.operations = operations;
        this.database = database;
    }

    @Connectable(readOnly = false)
    @Query("SELECT * FROM prediction_log WHERE prediction_id = :id")
    abstract Optional<LoggedPrediction> byId(String id);

    @Connectable(readOnly = false)
    LogPage page(LogQuery query) {
        LogSelect select = LogSelect.of(query);
        return operations.prepareStatement(select.sql(), statement -> {
            if (database.product() == Product.POSTGRESQL) {
                // Its driver would read all rows into memory, outside of a transaction; the pool ends this one.
                statement.getConnection().setAutoCommit(false);
                statement.setFetchSize(FETCH_ROWS);
            }
            select.bind(statement);
            List<LoggedPrediction> rows = new ArrayList<>();
            long weight = 0;
            try (ResultSet results = statement.executeQuery()) {
                while (results.next()) {
                    if (rows.size() == query.limit() || weight >= PAGE_WEIGHT) {
                        return new LogPage(rows, rows.getLast().cursor());
                    }
                    LoggedPrediction row = operations.readEntity(results, LoggedPrediction.class);
                    rows.add(row);
                    weight += row.weight();
                }
            }
            return new LogPage(rows, null);
        });
    }
}
