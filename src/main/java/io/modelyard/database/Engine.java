package io.modelyard.database;

import com.zaxxer.hikari.HikariConfig;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * What differs between the products wherever they are used; all SQL but a few statements is the same for both. The
 * choice is made in {@link #of}.
 */
interface Engine {
    /** @throws IllegalArgumentException with the name of the property, if the URL is of no product that we know */
    static Engine of(String url) {
        if (url.startsWith(SqliteEngine.URL_PREFIX)) {
            return SqliteEngine.of(url);
        }
        if (url.startsWith(PostgresEngine.URL_PREFIX)) {
            return new PostgresEngine(url);
        }
        throw new IllegalArgumentException("modelyard.requestlog.url is '" + withoutSecrets(url)
                + "'; it must start with "
                + SqliteEngine.URL_PREFIX + ", followed by the path of a file, or with " + PostgresEngine.URL_PREFIX
                + ", followed by //host/database");
    }

    /** A URL for messages: what stands before an @, and parameters, may be passwords. */
    static String withoutSecrets(String url) {
        int parameters = url.indexOf('?');
        return (parameters < 0 ? url : url.substring(0, parameters)).replaceFirst("//.*@", "//…@");
    }

    Product product();

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

    /** Whether the failure says that tables are missing, so that the database must be made ready again. */
    boolean isUnready(SQLException failure);

    /** Whether the failure says that the stored data is damaged; then {@link #setAside} and prepare it again. */
    boolean isDamage(SQLException failure);

    /** Whether the values are to blame, so that the same ones would fail again. */
    boolean isRefusal(SQLException failure);

    /** Puts a damaged database where it is out of the way but not lost. */
    void setAside() throws IOException;

    /** Whether the job of that number is this transaction's until it ends, and no other replica's. */
    boolean claim(Connection transaction, long job) throws SQLException;

    /** The error number of the database, from wherever in the chain it stands; 0 where there is none. */
    static int errorCode(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getErrorCode() != 0) {
                return sql.getErrorCode();
            }
        }
        return 0;
    }

    /** The SQLSTATE of the database, from wherever in the chain it stands; empty where there is none. */
    static String state(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }
}
