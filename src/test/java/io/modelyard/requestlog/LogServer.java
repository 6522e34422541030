package io.modelyard.requestlog;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import io.modelyard.predict.Exchange;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The application with its log in a folder of its own, without a server. */
final class LogServer implements AutoCloseable {
    private final ApplicationContext context;
    private final Path folder;

    private LogServer(ApplicationContext context, Path folder) {
        this.context = context;
        this.folder = folder;
    }

    static LogServer start(Path folder, Map<String, Object> properties) {
        return new LogServer(ApplicationContext.run(properties(folder, properties), Environment.TEST), folder);
    }

    static Map<String, Object> properties(Path folder, Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(Map.of("modelyard.data-dir", folder.toString(), "modelyard.store.uri",
                folder.resolve("models").toString(), "micronaut.security.enabled", false,
                // Rows of fixed times are not too old, whenever the tests run.
                "modelyard.requestlog.retention", "36500d"));
        all.putAll(more);
        return all;
    }

    static Path file(Path folder) {
        return folder.resolve("requestlog.db");
    }

    RequestLog log() {
        return context.getBean(RequestLog.class);
    }

    RequestLogStats stats() {
        return context.getBean(RequestLogStats.class);
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** Observes the exchange and returns when its answer may go out. */
    void predict(Exchange exchange) {
        context.getBean(ExchangeLog.class).answerAfter(exchange).toCompletableFuture().orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    /** Another process's view of the database. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file(folder));
    }

    long count() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM prediction_log")) {
            return result.getLong(1);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
