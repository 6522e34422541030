package io.modelyard.database;

import com.zaxxer.hikari.HikariConfig;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;

/**
 * A PostgreSQL server that several replicas share. Its files are its own business: what is damaged or full there is for
 * whoever operates it to mend, and until then everything here fails and is tried again.
 *
 * <p>SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
final class PostgresEngine implements Engine {
    static final String URL_PREFIX = "jdbc:postgresql:";

    /** Classes of SQLSTATE: wrong data, broken constraints, more than a page or a value can hold. */
    private static final String DATA = "22";
    private static final String CONSTRAINT = "23";
    private static final String LIMIT_EXCEEDED = "54";
    private static final String UNDEFINED_TABLE = "42P01";

    /** What connections are set to where the URL says nothing else; times are in seconds. */
    private static final Map<String, String> PARAMETERS = Map.of("connectTimeout", "5", "socketTimeout", "30",
            "tcpKeepAlive", "true", "reWriteBatchedInserts", "true", "ApplicationName", "modelyard");

    private final String url;

    PostgresEngine(String url) {
        if (url.length() == URL_PREFIX.length() || url.startsWith(URL_PREFIX + "?")) {
            throw new IllegalArgumentException(
                    "modelyard.requestlog.url is '" + Engine.withoutSecrets(url) + "'; after " + URL_PREFIX
                            + " it must name a database, as //host/database does");
        }
        this.url = url;
    }

    @Override
    public Product product() {
        return Product.POSTGRESQL;
    }

    @Override
    public void configure(HikariConfig pool) {
        PARAMETERS.forEach((name, value) -> {
            if (!url.contains(name + "=")) {
                pool.addDataSourceProperty(name, value);
            }
        });
        // Every replica has as many, and a PostgreSQL server takes a hundred as it is delivered.
        pool.setMaximumPoolSize(8);
        pool.setMinimumIdle(0);
        // A database that is not there yet keeps no server from starting.
        pool.setInitializationFailTimeout(-1);
    }

    @Override
    public void prepare() {
        // Whoever gave us the database has made it.
    }

    @Override
    public boolean isLost() {
        return false;
    }

    @Override
    public boolean isUnready(SQLException failure) {
        return Engine.state(failure).equals(UNDEFINED_TABLE);
    }

    @Override
    public boolean isDamage(SQLException failure) {
        return false;
    }

    @Override
    public boolean isRefusal(SQLException failure) {
        String state = Engine.state(failure);
        return state.startsWith(DATA) || state.startsWith(CONSTRAINT) || state.startsWith(LIMIT_EXCEEDED);
    }

    @Override
    public void setAside() {
        throw new IllegalStateException("a database of PostgreSQL is never set aside");
    }

    @Override
    public boolean claim(Connection transaction, long job) throws SQLException {
        try (PreparedStatement lock = transaction.prepareStatement("SELECT pg_try_advisory_xact_lock(?)")) {
            lock.setLong(1, job);
            try (ResultSet result = lock.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    /** Where it is, for messages. */
    @Override
    public String toString() {
        return Engine.withoutSecrets(url);
    }
}
