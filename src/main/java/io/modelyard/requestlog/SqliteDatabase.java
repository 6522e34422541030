package io.modelyard.requestlog;

import com.zaxxer.hikari.HikariConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

/**
 * The log in one SQLite file beside its write-ahead log. WAL lets readers go on while a batch is written; with
 * {@code synchronous=NORMAL} a committed row survives the end of the process, and the last few may be lost when the
 * machine itself loses power ({@code ?synchronous=FULL} in the URL keeps those too, at one disk flush a batch).
 *
 * <p>File format and result codes: https://sqlite.org/fileformat.html and https://sqlite.org/rescode.html
 */
final class SqliteDatabase implements LogDatabase {
    static final String URL_PREFIX = "jdbc:sqlite:";

    private static final Logger LOG = LoggerFactory.getLogger(SqliteDatabase.class);

    /** The files beside the database, by the ends of their names; the database itself last. */
    private static final List<String> PARTS = List.of("-wal", "-shm", "");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'")
            .withZone(ZoneOffset.UTC);

    private static final int CORRUPT = 11;
    private static final int TOO_BIG = 18;
    private static final int CONSTRAINT = 19;
    private static final int MISMATCH = 20;
    private static final int NOT_A_DATABASE = 26;

    /** Pages that one call gives back: 1 MB of the usual 4 kB. */
    private static final int RECLAIMED_PAGES = 256;

    /** The write-ahead log may take one part in so many of what the log may take. */
    private static final int WAL_PART = 8;

    /** What connections are set to where the URL says nothing else. */
    private static final Map<String, String> PARAMETERS = Map.of("journal_mode", "WAL", "synchronous", "NORMAL",
            "busy_timeout", "2000", "journal_size_limit", "67108864");

    private final String url;
    private final Path file;
    private final InstantSource clock;
    private volatile @Nullable Object fileKey;

    SqliteDatabase(String url, InstantSource clock) {
        this.url = url;
        this.file = fileOf(url);
        this.clock = clock;
    }

    static SqliteDatabase of(String url) {
        return new SqliteDatabase(url, InstantSource.system());
    }

    private static Path fileOf(String url) {
        String path = url.substring(URL_PREFIX.length());
        int parameters = path.indexOf('?');
        path = parameters < 0 ? path : path.substring(0, parameters);
        if (path.isEmpty() || path.startsWith(":") || path.startsWith("file:")) {
            throw new IllegalArgumentException("modelyard.requestlog.url is '" + url + "'; after " + URL_PREFIX
                    + " it must name a file, because several connections share the log");
        }
        return Path.of(path).toAbsolutePath();
    }

    @Override
    public void configure(HikariConfig pool) {
        PARAMETERS.forEach((name, value) -> {
            if (!url.contains(name + "=")) {
                pool.addDataSourceProperty(name, value);
            }
        });
        // One connection writes; more readers than this would only take turns on the disk.
        pool.setMaximumPoolSize(4);
        pool.setMinimumIdle(0);
        pool.setConnectionTimeout(5_000);
        // The file is made by prepare() and not by whoever connects first; until then the pool must not try.
        pool.setInitializationFailTimeout(-1);
    }

    @Override
    public void prepare() throws SQLException, IOException {
        Path folder = file.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        try {
            probe();
        } catch (SQLException e) {
            if (!isDamage(e)) {
                throw e;
            }
            LOG.error("The request log {} is damaged ({})", file, e.getMessage());
            setAside();
            probe();
        }
        fileKey = currentKey();
    }

    /**
     * Reads the header and the schema. A full check would read the whole file, which may be gigabytes, at every start;
     * damage deeper inside is met when the page is used, and handled the same way then.
     */
    private void probe() throws SQLException {
        try (Connection connection = DriverManager.getConnection(URL_PREFIX + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 2000");
            // Both are kept in the file. The first can only be said before it has content, and so before WAL.
            statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
            statement.execute("PRAGMA journal_mode = WAL");
            number(statement, "SELECT COUNT(*) FROM sqlite_master");
        }
    }

    @Override
    public boolean isLost() {
        Object seen = fileKey;
        try {
            return seen != null && !seen.equals(currentKey());
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            // The next statement says what is wrong.
            return false;
        }
    }

    private @Nullable Object currentKey() throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    @Override
    public boolean isDamage(SQLException failure) {
        int code = LogDatabase.errorCode(failure);
        return code == CORRUPT || code == NOT_A_DATABASE;
    }

    @Override
    public boolean isRefusal(SQLException failure) {
        int code = LogDatabase.errorCode(failure);
        return code == CONSTRAINT || code == TOO_BIG || code == MISMATCH;
    }

    @Override
    public void setAside() throws IOException {
        String suffix = ".corrupt-" + TIME.format(clock.instant());
        for (String part : PARTS) {
            Path from = Path.of(file + part);
            if (Files.exists(from)) {
                // The ends stay at the end, so that the copy still is a database with its write-ahead log.
                Files.move(from, Path.of(file + suffix + part));
            }
        }
        LOG.error("The damaged request log was kept as {}{}; a new one is begun", file, suffix);
    }

    @Override
    public long size(Connection connection, long limit) throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            if (walSize() > limit / WAL_PART) {
                truncateWal(statement);
            }
            long pages = number(statement, "PRAGMA page_count") - number(statement, "PRAGMA freelist_count");
            // Deleting rows makes the write-ahead log no shorter: what readers keep in it must not cost all the rows.
            return pages * number(statement, "PRAGMA page_size") + Math.min(walSize(), limit / WAL_PART);
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

    private long walSize() throws IOException {
        try {
            return Files.size(Path.of(file + "-wal"));
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    @Override
    public void reclaim(Connection connection, long limit) throws SQLException {
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

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    /** Where it is, for messages. */
    @Override
    public String toString() {
        return file.toString();
    }
}
