package io.modelyard.requestlog;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * About what the rows of the log take: how many there are by the statistics that the server keeps anyway, times the mean
 * of a sample of pages. The size of the files would be no measure, because they do not become smaller when rows are
 * deleted: the room is used again for rows to come, after a vacuum. They take somewhat more than what is said here.
 */
final class PostgresLogSize implements LogSize {
    /** A sample is not free. */
    private static final Duration AGE = Duration.ofSeconds(10);

    /** What the indexes take of a row, and its header; no row is far from that. */
    private static final int OVERHEAD_BYTES = 350;

    private static final String ROWS = """
                                       SELECT n_live_tup FROM pg_stat_user_tables WHERE relid = 'prediction_log'::regclass""";

    /** Statistics may be behind; before rows are deleted for them, they are counted. */
    private static final String COUNTED_ROWS = "SELECT COUNT(*) FROM prediction_log";

    /** A log that is too large is made a little smaller than it must be, so that it is not counted again at once. */
    private static final double TRIMMED = 0.95;

    /** Of at most 200 pages. */
    private static final String MEAN_BYTES = """
                                             SELECT COALESCE(AVG(pg_column_size(l.*)), 0) FROM prediction_log l TABLESAMPLE SYSTEM
                                             (LEAST(100, 100.0 * 200 * 8192 / GREATEST(pg_relation_size('prediction_log'), 1)))""";

    private final long limit;
    private final InstantSource clock;
    private @Nullable Instant measured;
    private long rows;
    private double meanBytes;
    private boolean trimming;

    PostgresLogSize(long limit, InstantSource clock) {
        this.limit = limit;
        this.clock = clock;
    }

    @Override
    public long bytes(Connection connection) throws SQLException {
        Instant now = clock.instant();
        if (measured == null || now.isAfter(measured.plus(AGE))) {
            try (Statement statement = connection.createStatement()) {
                meanBytes = number(statement, MEAN_BYTES) + OVERHEAD_BYTES;
                rows = (long) number(statement, ROWS);
                if (bytes() > limit) {
                    rows = (long) number(statement, COUNTED_ROWS);
                }
            }
            measured = now;
        }
        trimming = bytes() > (trimming ? limit * TRIMMED : limit);
        return bytes();
    }

    private long bytes() {
        return (long) (rows * meanBytes);
    }

    @Override
    public long most() {
        return trimming ? (long) (limit * TRIMMED) : limit;
    }

    @Override
    public void deleted(int count) {
        rows = Math.max(0, rows - count);
    }

    @Override
    public void reclaim(Connection connection) {
        // The server's autovacuum does it.
    }

    private static double number(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            return result.next() ? result.getDouble(1) : 0;
        }
    }
}
