package io.modelyard.database;

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
 * One SQLite file beside its write-ahead log. WAL lets readers go on while a batch is written; with
 * {@code synchronous=NORMAL} a committed row survives the end of the process, and the last few may be lost when the
 * machine itself loses power ({@code ?synchronous=FULL} in the URL keeps those too, at one disk flush a batch).
 *
 * <p>File format and result codes: https://sqlite.org/fileformat.html and https://sqlite.org/rescode.html
 */
final class SqliteEngine implements Engine {
    static final String URL_PREFIX = "jdbc:sqlite:";

    private static final Logger LOG = LoggerFactory.getLogger(SqliteEngine.class);

    /** The files beside the database, by the ends of their names; the database itself last. */
    private static final List<String> PARTS = List.of("-wal", "-shm", "");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'")
            .withZone(ZoneOffset.UTC);

    private static final int CORRUPT = 11;
    private static final int TOO_BIG = 18;
    private static final int CONSTRAINT = 19;
    private static final int MISMATCH = 20;
    private static final int NOT_A_DATABASE = 26;

    /** What connections are set to where the URL says nothing else. */
    private static final Map<String, String> PARAMETERS = Map.of("journal_mode", "WAL", "synchronous", "NORMAL",
            "busy_timeout", "2000", "journal_size_limit", "67108864");

    private final String url;
    private final Path file;
    private final InstantSource clock;
    private volatile @Nullable Object fileKey;

    SqliteEngine(String url, InstantSource clock) {
        this.url = url;
        this.file = fileOf(url);
        this.clock = clock;
    }

    static SqliteEngine of(String url) {
        return new SqliteEngine(url, InstantSource.system());
    }

    private static Path fileOf(String url) {
        String path = url.substring(URL_PREFIX.length());
        int parameters = path.indexOf('?');
        path = parameters < 0 ? path : path.substring(0, parameters);
        if (path.isEmpty() || path.startsWith(":") || path.startsWith("file:")) {
            throw new IllegalArgumentException("modelyard.requestlog.url is '" + url + "'; after " + URL_PREFIX
                    + " it must name a file, because several connections share it");
        }
        return Path.of(path).toAbsolutePath();
    }

    @Override
    public Product product() {
        return Product.SQLITE;
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
            LOG.error("The database {} is damaged ({})", file, e.getMessage());
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
    public boolean isUnready(SQLException failure) {
        return false;
    }

    @Override
    public boolean isDamage(SQLException failure) {
        int code = Engine.errorCode(failure);
        return code == CORRUPT || code == NOT_A_DATABASE;
    }

    @Override
    public boolean isRefusal(SQLException failure) {
        int code = Engine.errorCode(failure);
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
        LOG.error("The damaged database was kept as {}{}; a new one is begun", file, suffix);
    }

    /** Nobody else has this file. */
    @Override
    public boolean claim(Connection transaction, long job) {
        return true;
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
