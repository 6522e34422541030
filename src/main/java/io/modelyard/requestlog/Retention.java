package io.modelyard.requestlog;

import io.modelyard.database.Database;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Keeps the log within its limits of age and size. Works in slices of a few milliseconds between the batches of the
 * writer, on the writer's thread, so that it is never in the way of a batch for longer than one slice. Not thread-safe.
 */
@Singleton
final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    /** Rows that one transaction deletes. */
    private static final int SLICE_ROWS = 64;

    /** A turn deletes rows at least as fast as batches bring them. */
    private static final Duration TURN = Duration.ofMillis(25);

    /** How often the limits are looked at, in a file of our own and where every look goes to another machine. */
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration SHARED_PAUSE = Duration.ofSeconds(1);

    /** The number of this job, of which one replica at a time takes a slice. */
    static final long JOB = 0x6d6c_0001;

    private static final String OLDEST = """
                                         DELETE FROM prediction_log WHERE prediction_id IN
                                         (SELECT prediction_id FROM prediction_log WHERE at_micros < ? ORDER BY at_micros, prediction_id LIMIT ?)""";

    private final RequestLogConfiguration configuration;
    private final Database database;
    private final RequestLogStats stats;
    private final InstantSource clock;
    private final LogSize size;
    private final Duration pause;
    private Instant next = Instant.MIN;

    @Inject
    Retention(RequestLogConfiguration configuration, Database database, RequestLogStats stats) {
        this(configuration, database, stats, InstantSource.system());
    }

    Retention(RequestLogConfiguration configuration, Database database, RequestLogStats stats,
            InstantSource clock) {
        this.configuration = configuration;
        this.database = database;
        this.stats = stats;
        this.clock = clock;
        this.size = LogSize.of(database, configuration.maxBytes(), clock);
        this.pause = database.isShared() ? SHARED_PAUSE : PAUSE;
    }

    /** Does a little of what is to be done, where it is time for it. Failures are counted and tried again later. */
    void tend() {
        Instant now = clock.instant();
        if (now.isBefore(next)) {
            return;
        }
        next = now.plus(pause);
        try (Connection connection = database.connect()) {
            Instant end = now.plus(TURN);
            int deleted;
            do {
                deleted = slice(connection, now);
                stats.expire(deleted);
            } while (deleted > 0 && clock.instant().isBefore(end));
            if (deleted > 0) {
                next = now;
            }
            size.reclaim(connection);
            stats.works();
        } catch (SQLException e) {
            failed(e);
            reportDamage(e);
        } catch (IOException e) {
            failed(e);
        }
    }

    /** @return how many rows were deleted; none when the log is within its limits, or another replica is at it */
    private int slice(Connection connection, Instant now) throws SQLException, IOException {
        long bytes = size.bytes(connection);
        stats.measured(bytes);
        long before = bytes > size.most()
                ? Long.MAX_VALUE
                : LoggedPrediction.micros(now.minus(configuration.retention()));
        connection.setAutoCommit(false);
        int deleted = database.claim(connection, JOB) ? deleteOldest(connection, before) : 0;
        connection.commit();
        connection.setAutoCommit(true);
        size.deleted(deleted);
        return deleted;
    }

    private static int deleteOldest(Connection connection, long before) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(OLDEST)) {
            delete.setLong(1, before);
            delete.setInt(2, SLICE_ROWS);
            return delete.executeUpdate();
        }
    }

    private void reportDamage(SQLException failure) {
        try {
            database.failed(failure);
        } catch (IOException e) {
            failed(e);
        }
    }

    private void failed(Exception failure) {
        if (stats.failingSince().isEmpty()) {
            LOG.warn("The request log cannot be used, and is tried again: {}", failure.getMessage());
        }
        stats.failed(clock.instant(), String.valueOf(failure.getMessage()));
        next = clock.instant().plus(Duration.ofSeconds(1));
    }
}
