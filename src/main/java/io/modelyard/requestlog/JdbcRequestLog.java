package io.modelyard.requestlog;

import io.micronaut.data.connection.exceptions.ConnectionException;
import io.micronaut.data.exceptions.DataAccessException;
import io.modelyard.database.Database;
import jakarta.inject.Singleton;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The log in a database. */
@Singleton
final class JdbcRequestLog implements RequestLog {
    private final Database database;
    private final LogReads reads;

    JdbcRequestLog(Database database, LogReads reads) {
        this.database = database;
        this.reads = reads;
    }

    @Override
    public void append(List<LoggedPrediction> rows) {
        try {
            database.transaction(connection -> {
                LogInsert.write(connection, rows);
                return rows.size();
            });
        } catch (SQLException e) {
            throw failure("written", database.isRefusal(e), e);
        } catch (IOException e) {
            throw failure("written", false, e);
        }
    }

    @Override
    public LogPage query(LogQuery query) {
        String type = query.type();
        if (type != null && !query.visibleTypes().isEmpty() && !query.visibleTypes().contains(type)) {
            return new LogPage(List.of(), null);
        }
        return read(() -> reads.page(query));
    }

    @Override
    public Optional<LoggedPrediction> find(String predictionId) {
        return read(() -> reads.byId(predictionId));
    }

    @Override
    public List<LoggedAnswer> answers(Collection<String> predictionIds) {
        if (predictionIds.isEmpty()) {
            return List.of();
        }
        try {
            return database.reading(connection -> AnswerSelect.read(connection, predictionIds));
        } catch (SQLException | IOException e) {
            throw failure("read", false, e);
        }
    }

    private <T> T read(Supplier<T> reading) {
        try {
            database.makeReady();
            return reading.get();
        } catch (SQLException | IOException | DataAccessException | ConnectionException e) {
            throw failure("read", false, e);
        }
    }

    private RequestLogException failure(String what, boolean refused, Exception cause) {
        return new RequestLogException("The request log " + database + " cannot be " + what + ": "
                + reasons(cause), refused, cause);
    }

    /** The message, and that of the first cause, which knows what the database said. */
    private static String reasons(Throwable failure) {
        String reasons = String.valueOf(failure.getMessage());
        Throwable cause = failure.getCause();
        if (cause == null) {
            return reasons;
        }
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return reasons + " (" + cause.getMessage() + ")";
    }
}
