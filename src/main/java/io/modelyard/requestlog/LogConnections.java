package io.modelyard.requestlog;

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
 * keeps no server from starting. Thread-safe.
 */
@Singleton
final class LogConnections {
    private static final Logger LOG = LoggerFactory.getLogger(LogConnections.class);

    private final HikariDataSource pool;
    private final LogDatabase database;
    private boolean ready;

    @Inject
    LogConnections(@Named(LogDatasource.NAME) DataSource source, DataSourceResolver resolver,
            RequestLogConfiguration configuration) {
        // What is injected gives connections to Micronaut's transactions only; the pool stands behind it.
        this((HikariDataSource) resolver.resolve(source), LogDatabase.of(configuration.url()));
    }

    LogConnections(HikariDataSource pool, LogDatabase database) {
        this.pool = pool;
        this.database = database;
    }

    LogDatabase database() {
        return database;
    }

    /** A connection of the pool; the caller closes it. */
    Connection connect() throws SQLException, IOException {
        makeReady();
        return pool.getConnection();
    }

    /** Returns when the database is there and has its tables. */
    synchronized void makeReady() throws SQLException, IOException {
        if (ready && database.isLost()) {
            LOG.error("The request log {} was deleted while in use; a new one is begun", database);
            forget();
        }
        if (!ready) {
            database.prepare();
            migrate();
            ready = true;
        }
    }

    /** To be told of every failure of the database; a damaged one is set aside, and the next call begins a new one. */
    void failed(SQLException failure) throws IOException {
        if (database.isDamage(failure)) {
            LOG.error("The request log {} is damaged ({})", database, failure.getMessage());
            startAnew();
        }
    }

    private synchronized void startAnew() throws IOException {
        if (ready) {
            forget();
            database.setAside();
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

    private void migrate() throws SQLException {
        try {
            Flyway.configure().dataSource(pool).locations("classpath:db/requestlog").load().migrate();
        } catch (FlywayException e) {
            throw new SQLException("The tables of the request log cannot be made: " + e.getMessage(),
                    null, LogDatabase.errorCode(e), e);
        }
    }
}
