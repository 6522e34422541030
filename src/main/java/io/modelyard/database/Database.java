package io.modelyard.database;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.micronaut.jdbc.DataSourceResolver;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Connections to a database that is sound and has its tables. It is made ready by whoever needs it first, and made ready
 * again after it was damaged or deleted: an unusable database at start is a condition that may pass, like any other, and
 * keeps no server from starting. Thread-safe; all methods that throw {@link SQLException} block, and calls into SQLite
 * are native: use platform threads.
 */
@Singleton
public final class Database {
    /** The name of the data source. */
    public static final String NAME = "requestlog";

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    private final HikariDataSource pool;
    private final Engine engine;
    private boolean ready;

    @Inject
    Database(@Named(NAME) DataSource source, DataSourceResolver resolver, DatabaseConfiguration configuration) {
        // What is injected gives connections to Micronaut's transactions only; the pool stands behind it.
        this((HikariDataSource) resolver.resolve(source), Engine.of(configuration.url()));
    }

    Database(HikariDataSource pool, Engine engine) {
        this.pool = pool;
        this.engine = engine;
    }

    public Product product() {
        return engine.product();
    }

    /** Whether other replicas may write to it too; what only this server knows must not be taken for all there is then. */
    public boolean isShared() {
        return engine.product() == Product.POSTGRESQL;
    }

    /**
     * A connection of the pool, to a database that has its tables; the caller closes it. It commits by itself, unless it
     * is told otherwise; a transaction that is left open is rolled back.
     *
     * @throws SQLException if the database cannot be used now; another attempt may succeed
     */
    public Connection connect() throws SQLException, IOException {
        makeReady();
        return pool.getConnection();
    }

    /** Some work on a connection that its caller closes. */
    @FunctionalInterface
    public interface Work<T> {
        T with(Connection connection) throws SQLException, IOException;
    }

    /**
     * Does the work, each statement of which commits by itself, and sees to a damaged database.
     *
     * @throws SQLException if the database cannot be used now; another attempt may succeed
     */
    public <T> T reading(Work<T> work) throws SQLException, IOException {
        try (Connection connection = connect()) {
            return work.with(connection);
        } catch (SQLException e) {
            reportDamage(e);
            throw e;
        }
    }

    /**
     * Does all of the work or, where it throws, none, and sees to a damaged database.
     *
     * @throws SQLException if the database cannot be used now; another attempt may succeed
     */
    public <T> T transaction(Work<T> work) throws SQLException, IOException {
        return reading(connection -> {
            connection.setAutoCommit(false);
            try {
                T result = work.with(connection);
                connection.commit();
                return result;
            } catch (SQLException | IOException | RuntimeException e) {
                rollback(connection, e);
                throw e;
            }
        });
    }

    private static void rollback(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // SQLite has rolled back by itself after some errors; what matters is the first one.
            cause.addSuppressed(e);
        }
    }

    private void reportDamage(SQLException failure) {
        try {
            failed(failure);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** Returns when the database is there and has its tables. */
    public synchronized void makeReady() throws SQLException, IOException {
        if (ready && engine.isLost()) {
            LOG.error("The database {} was deleted while in use; a new one is begun", engine);
            forget();
        }
        if (!ready) {
            engine.prepare();
            migrate();
            ready = true;
        }
    }

    /** To be told of every failure of the database; a damaged one is set aside, and the next call begins a new one. */
    public void failed(SQLException failure) throws IOException {
        if (engine.isDamage(failure)) {
            LOG.error("The database {} is damaged ({})", engine, failure.getMessage());
            startAnew();
        } else if (engine.isUnready(failure)) {
            LOG.error("The database {} lacks its tables ({})", engine, failure.getMessage());
            synchronized (this) {
                ready = false;
            }
        }
    }

    /** Whether the values that were to be stored are to blame, so that the same ones would fail again. */
    public boolean isRefusal(SQLException failure) {
        return engine.isRefusal(failure);
    }

    /**
     * Claims a job that one replica at a time should do. Replicas that do not get it have nothing to do: the job is
     * being done.
     *
     * @param transaction a connection that does not commit by itself
     * @param job a number of the job, the same on every replica
     * @return whether the job is this transaction's until it ends
     */
    public boolean claim(Connection transaction, long job) throws SQLException {
        return engine.claim(transaction, job);
    }

    private synchronized void startAnew() throws IOException {
        if (ready) {
            forget();
            engine.setAside();
        }
    }

    /** Lets the connections to the old database go; those in use when they come back. */
    private void forget() {
        ready = false;
        HikariPoolMXBean connections = pool.getHikariPoolMXBean();
        if (connections != null) {
            connections.softEvictConnections();
        }
    }

    /** Replicas that do this at once wait for each other: Flyway locks its table. */
    private void migrate() throws SQLException {
        try {
            Flyway.configure().dataSource(pool).locations("classpath:db/requestlog").load().migrate();
        } catch (FlywayException e) {
            throw new SQLException("The tables cannot be made: " + e.getMessage(), Engine.state(e),
                    Engine.errorCode(e), e);
        }
    }

    /** Where it is, for messages; without secrets. */
    @Override
    public String toString() {
        return engine.toString();
    }
}
