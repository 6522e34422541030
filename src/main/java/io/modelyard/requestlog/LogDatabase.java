package io.modelyard.requestlog;

import com.zaxxer.hikari.HikariConfig;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * What differs between the databases that can hold the log; all other SQL here is the same for every one. The choice is
 * made in {@link #of}.
 */
interface LogDatabase {
    static LogDatabase of(String url) {
        if (url.startsWith(SqliteDatabase.URL_PREFIX)) {
            return SqliteDatabase.of(url);
        }
        throw new IllegalArgumentException("modelyard.requestlog.url is '" + url + "'; it must start with "
                + SqliteDatabase.URL_PREFIX + ", followed by the path of a file");
    }

    /** Sets what every connection of the pool needs. */
    void configure(HikariConfig pool);

    /**
     * Makes a sound database of what is there, before anything else connects to it.
     *
     * @throws SQLException if it is there but cannot be used now
     */
    void prepare() throws SQLException, IOException;

    /** Whether the database that {@link #prepare} saw is not there any more. */
    boolean isLost();

    /** Whether the failure says that the stored data is damaged; then {@link #setAside} and prepare it again. */
    boolean isDamage(SQLException failure);

    /** Whether the rows are to blame, so that the same rows would fail again. */
    boolean isRefusal(SQLException failure);

    /** Puts a damaged database where it is out of the way but not lost. */
    void setAside() throws IOException;

    /**
     * The bytes that the log takes, to be held against {@code limit}: without free space inside, which will be used
     * again, and so becoming less when rows are deleted.
     */
    long size(Connection connection, long limit) throws SQLException, IOException;

    /** Gives a part of the free space back to the system; for a few milliseconds at most. */
    void reclaim(Connection connection, long limit) throws SQLException;

    /** The error number of the database, from wherever in the chain it stands; 0 where there is none. */
    static int errorCode(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getErrorCode() != 0) {
                return sql.getErrorCode();
            }
        }
        return 0;
    }
}
