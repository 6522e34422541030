package io.modelyard.requestlog;

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

    /** How often the limits are looked at. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final String OLDEST = """
                                         DELETE FROM prediction_log WHERE prediction_id IN
                                         (SELECT prediction_id FROM prediction_log WHERE at_micros < ? ORDER BY at_micros, prediction_id LIMIT ?)""";

    private final RequestLogConfiguration configuration;
    private final LogConnections connections;
    private final RequestLogStats stats;
    private final InstantSource clock;
    private Instant next = Instant.MIN;

    @Inject
    Retention(RequestLogConfiguration configuration, LogConnections connections, RequestLogStats stats) {
        this(configuration, connections, stats, InstantSource.system());
    }

    Retention(RequestLogConfiguration configuration, LogConnections connections, RequestLogStats stats,
            InstantSource clock) {
        this.configuration = configuration;
        this.connections = connections;
        this.stats = stats;
        this.clock = clock;
    }

    /** Does a little of what is to be done, where it is time for it. Failures are counted and tried again later. */
    void tend() {
        Instant now = clock.instant();
        if (now.isBefore(next)) {
            return;
        }
        next = now.plus(PAUSE);
        try (Connection connection = connections.connect()) {
            Instant end = now.plus(TURN);
            int deleted;
            do {
                deleted = slice(connection, now);
                stats.expire(deleted);
            } while (deleted > 0 && clock.instant().isBefore(end));
            if (deleted > 0) {
                next = now;
            }
            connections.database().reclaim(connection, configuration.maxBytes());
            stats.works();
        } catch (SQLException e) {
            failed(e);
            reportDamage(e);
        } catch (IOException e) {
            failed(e);
        }
    }

    /** @return how many rows were deleted; none when the log is within its limits */
    private int slice(Connection connection, Instant now) throws SQLException, IOException {
        long size = connections.database().size(connection, configuration.maxBytes());
        stats.measured(size);
        Instant before = size > configuration.maxBytes() ? Instant.MAX : now.minus(configuration.retention());
        try (PreparedStatement delete = connection.prepareStatement(OLDEST)) {
            delete.setLong(1, before.equals(Instant.MAX) ? Long.MAX_VALUE : LoggedPrediction.micros(before));
            delete.setInt(2, SLICE_ROWS);
            return delete.executeUpdate();
        }
    }

    private void reportDamage(SQLException failure) {
        try {
            connections.failed(failure);
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
