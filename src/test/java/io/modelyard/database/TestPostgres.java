package io.modelyard.database;

import static org.junit.jupiter.api.Assumptions.abort;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A database of a real PostgreSQL server, which all tests of the JVM share; the server is started for the first. Where it
 * cannot run, the test is skipped and says why, unless the environment has {@code MODELYARD_TESTS_NEED_POSTGRES=true}.
 */
public final class TestPostgres {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static @Nullable EmbeddedPostgres one;
    private static @Nullable String whyNot;

    private final EmbeddedPostgres server;
    private final String name;

    private TestPostgres(EmbeddedPostgres server, String name) {
        this.server = server;
        this.name = name;
    }

    /** An empty database, which nobody else uses. */
    public static TestPostgres database() {
        TestPostgres database = new TestPostgres(server(), "test" + DATABASES.incrementAndGet());
        database.asAdmin("CREATE DATABASE " + database.name);
        return database;
    }

    /** The one server; it ends with the JVM. */
    private static synchronized EmbeddedPostgres server() {
        if (one == null && whyNot == null) {
            try {
                one = EmbeddedPostgres.builder().setServerConfig("fsync", "off")
                        .setServerConfig("max_connections", "200").start();
            } catch (IOException | IllegalStateException e) {
                whyNot = "PostgreSQL cannot be started here: " + e;
            }
        }
        if (one != null) {
            return one;
        }
        if ("true".equals(System.getenv("MODELYARD_TESTS_NEED_POSTGRES"))) {
            throw new IllegalStateException(whyNot);
        }
        return abort(whyNot);
    }

    public String url() {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/" + name + "?user=postgres";
    }

    /** The URL without a user. */
    public String urlWithoutUser() {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/" + name;
    }

    public Connection connect() throws SQLException {
        return server.getDatabase("postgres", name).getConnection();
    }

    /** From now on the database refuses connections, and those that there are are cut. */
    public void goAway() {
        asAdmin("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
        asAdmin("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
    }

    public void comeBack() {
        asAdmin("ALTER DATABASE " + name + " ALLOW_CONNECTIONS true");
    }

    /** Runs one statement as the server's own administrator. */
    public void asAdmin(String sql) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
