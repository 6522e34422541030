package io.modelyard.requestlog;

import io.modelyard.database.Database;
import io.modelyard.database.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** The contract, on a PostgreSQL server. */
final class PostgresRequestLogTest extends RequestLogContract {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static LogServer server;

    @BeforeAll
    static void start() {
        server = LogServer.start(folder, Map.of("modelyard.requestlog.url", TestPostgres.database().url()));
    }

    @BeforeEach
    void empty() throws SQLException, IOException {
        try (Connection connection = server.bean(Database.class).connect();
                Statement statement = connection.createStatement()) {
            statement.execute("TRUNCATE prediction_log");
        }
    }

    @AfterAll
    static void stop() {
        // Not there where PostgreSQL cannot run.
        if (server != null) {
            server.close();
        }
    }

    @Override
    RequestLog log() {
        return server.log();
    }
}
