package io.modelyard.requestlog;

import io.modelyard.database.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

/** The contract, on a PostgreSQL server. */
final class PostgresRequestLogTest extends RequestLogContract {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private LogServer server;

    @BeforeEach
    void start() {
        server = LogServer.start(folder, Map.of("modelyard.requestlog.url", TestPostgres.database().url()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Override
    RequestLog log() {
        return server.log();
    }
}
