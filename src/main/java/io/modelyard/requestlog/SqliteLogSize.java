package io.modelyard.requestlog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The pages of the file that are in use, and its write-ahead log. All that is kept in the file counts.
 *
 * <p>https://sqlite.org/pragma.html
 */
final class SqliteLogSize implements LogSize {
    /** Pages that one call gives back: 1 MB of the usual 4 kB. */
    private static final int RECLAIMED_PAGES = 256;

    /** The write-ahead log may take one part in so many of what the log may take. */
    private static final int WAL_PART = 8;

    private final long limit;

    SqliteLogSize(long limit) {
        this.limit = limit;
    }

    @Override
    public long bytes(Connection connection) throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            Path wal = Path.of(file(statement) + "-wal");
            if (size(wal) > limit / WAL_PART) {
                truncateWal(statement);
            }
            long pages = number(statement, "PRAGMA page_count") - number(statement, "PRAGMA freelist_count");
            // Deleting rows makes the write-ahead log no shorter: what readers keep in it must not cost all the rows.
            return pages * number(statement, "PRAGMA page_size") + Math.min(size(wal), limit / WAL_PART);
        }
    }

    @Override
    public long most() {
        return limit;
    }

    @Override
    public void deleted(int rows) {
        // The pages say it.
    }

    @Override
    public void reclaim(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            long free = number(statement, "PRAGMA freelist_count");
            long pages = number(statement, "PRAGMA page_count");
            // Some free pages are left for the rows to come: the file need not shrink and grow with every batch.
            boolean many = free >= Math.max(RECLAIMED_PAGES, pages / 16);
            if (many || (free > 0 && pages * number(statement, "PRAGMA page_size") > limit)) {
                // Each step frees one page, and an update is stepped to its end.
                statement.executeUpdate("PRAGMA incremental_vacuum(" + RECLAIMED_PAGES + ")");
            }
        }
    }

    /** Moves what the write-ahead log holds into the database, unless a reader is in the way. */
    private static void truncateWal(Statement statement) throws SQLException {
        long patience = number(statement, "PRAGMA busy_timeout");
        statement.execute("PRAGMA busy_timeout = 0");
        try {
            number(statement, "PRAGMA wal_checkpoint(TRUNCATE)");
        } finally {
            statement.execute("PRAGMA busy_timeout = " + patience);
        }
    }

    private static String file(Statement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery("PRAGMA database_list")) {
            result.next();
            return result.getString("file");
        }
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }
}
