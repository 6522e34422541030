package io.modelyard.requestlog;

import io.modelyard.database.Database;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;

/** How much room the log takes, in the database's own terms. Used by one thread. */
interface LogSize {
    /** @param limit the bytes that the log may take */
    static LogSize of(Database database, long limit, InstantSource clock) {
        return switch (database.product()) {
            case SQLITE -> new SqliteLogSize(limit);
            case POSTGRESQL -> new PostgresLogSize(limit, clock);
        };
    }

    /**
     * The bytes that the log takes: without free space inside, which will be used again, and so becoming less when rows
     * are deleted.
     */
    long bytes(Connection connection) throws SQLException, IOException;

    /** The bytes above which the oldest rows must leave now, by what was measured last. */
    long most();

    /** To be told of rows that were deleted. */
    void deleted(int rows);

    /** Gives a part of the free space back to the system; for a few milliseconds at most. */
    void reclaim(Connection connection) throws SQLException;
}
