package io.modelyard.registry.sqlite;

import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import io.modelyard.registry.DocumentCopy;
import io.modelyard.store.ObjectStore.Content;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the documents in one SQLite file: every save is a transaction, so a process that is killed leaves the last whole
 * one. The file holds copies only; one that is damaged, or of another store or form, is begun anew. The hashes of API
 * keys are in it, so only the owner may read it. Safe for use by many threads.
 */
@Singleton
@Requires(property = "modelyard.registry.watch", notEquals = "false")
final class SqliteDocumentCopy implements DocumentCopy {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteDocumentCopy.class);
    /** Of the tables below; a file of another form is begun anew. */
    private static final int FORM = 1;
    private static final List<String> PARTS = List.of("-wal", "-shm", "");

    private final Path file;
    private @Nullable Connection connection;
    private String location = "";
    private boolean failing;

    SqliteDocumentCopy(@Property(name = "modelyard.registry.file") Path file) {
        this.file = file.toAbsolutePath();
    }

    @Override
    public synchronized Optional<Kept> load(String location) {
        this.location = location;
        try {
            return kept(open());
        } catch (SQLException | IOException e) {
            LOG.warn("{} cannot be read, so it is begun anew: {}", file, e.getMessage());
            beginAnew();
            return Optional.empty();
        }
    }

    @Override
    public synchronized void save(Map<String, Content> put, Collection<String> removed, Instant syncedAt) {
        try {
            Connection open = open();
            boolean done = false;
            try {
                write(open, put, removed, syncedAt);
                open.commit();
                done = true;
            } finally {
                if (!done) {
                    open.rollback();
                }
            }
            failing = false;
        } catch (SQLException | IOException e) {
            if (!failing) {
                LOG.warn("The snapshot cannot be kept in {}, so a start without the store would not know of the latest "
                        + "changes: {}", file, e.getMessage());
            }
            failing = true;
        }
    }

    @PreDestroy
    synchronized void close() {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                LOG.warn("{} was not closed: {}", file, e.getMessage());
            }
            connection = null;
        }
    }

    private static Optional<Kept> kept(Connection open) throws SQLException {
        try (Statement statement = open.createStatement();
                ResultSet state = statement.executeQuery("SELECT synced_at FROM state WHERE synced_at IS NOT NULL")) {
            if (!state.next()) {
                return Optional.empty();
            }
            Instant syncedAt = Instant.ofEpochMilli(state.getLong(1));
            Map<String, Content> documents = new HashMap<>();
            try (ResultSet rows = statement.executeQuery("SELECT key, etag, bytes FROM document")) {
                while (rows.next()) {
                    documents.put(rows.getString(1), new Content(rows.getBytes(3), rows.getString(2)));
                }
            }
            return Optional.of(new Kept(documents, syncedAt));
        }
    }

    private static void write(Connection open, Map<String, Content> put, Collection<String> removed,
            Instant syncedAt) throws SQLException {
        try (PreparedStatement insert = open.prepareStatement("REPLACE INTO document (key, etag, bytes) "
                + "VALUES (?, ?, ?)");
                PreparedStatement delete = open.prepareStatement("DELETE FROM document WHERE key = ?");
                PreparedStatement state = open.prepareStatement("UPDATE state SET synced_at = ?")) {
            for (Map.Entry<String, Content> document : put.entrySet()) {
                insert.setString(1, document.getKey());
                insert.setString(2, document.getValue().etag());
                insert.setBytes(3, document.getValue().bytes());
                insert.addBatch();
            }
            insert.executeBatch();
            for (String key : removed) {
                delete.setString(1, key);
                delete.addBatch();
            }
            delete.executeBatch();
            state.setLong(1, syncedAt.toEpochMilli());
            state.executeUpdate();
        }
    }

    private Connection open() throws SQLException, IOException {
        Connection open = connection;
        if (open != null) {
            return open;
        }
        Path folder = file.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        OwnerOnly.create(file);
        open = DriverManager.getConnection("jdbc:sqlite:" + file);
        boolean ready = false;
        try (Statement statement = open.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 2000");
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = NORMAL");
            demandForm(open, statement);
            open.setAutoCommit(false);
            ready = true;
        } finally {
            if (!ready) {
                open.close();
            }
        }
        connection = open;
        return open;
    }

    private void demandForm(Connection open, Statement statement) throws SQLException {
        if (form(statement) != FORM || !isOf(statement, location)) {
            statement.execute("DROP TABLE IF EXISTS document");
            statement.execute("DROP TABLE IF EXISTS state");
            statement.execute("CREATE TABLE document (key TEXT PRIMARY KEY, etag TEXT NOT NULL, bytes BLOB NOT NULL)");
            statement.execute("CREATE TABLE state (location TEXT NOT NULL, synced_at INTEGER)");
            try (PreparedStatement insert = open.prepareStatement("INSERT INTO state (location) VALUES (?)")) {
                insert.setString(1, location);
                insert.executeUpdate();
            }
            statement.execute("PRAGMA user_version = " + FORM);
        }
    }

    private static int form(Statement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery("PRAGMA user_version")) {
            return result.next() ? result.getInt(1) : 0;
        }
    }

    private static boolean isOf(Statement statement, String location) throws SQLException {
        try (ResultSet result = statement.executeQuery("SELECT location FROM state")) {
            return result.next() && location.equals(result.getString(1));
        }
    }

    private void beginAnew() {
        close();
        for (String part : PARTS) {
            try {
                Files.deleteIfExists(Path.of(file + part));
            } catch (IOException e) {
                LOG.warn("{}{} cannot be removed: {}", file, part, e.getMessage());
            }
        }
    }
}
