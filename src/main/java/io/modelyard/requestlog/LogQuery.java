package io.modelyard.requestlog;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which rows are wanted. What is null does not narrow the choice.
 *
 * @param visibleTypes the types that the caller may see; empty means all
 * @param since the first moment that counts
 * @param until the first moment that does not count any more
 * @param after the last row that was seen
 * @param limit the most rows of one page, at least 1
 */
public record LogQuery(SortedSet<String> visibleTypes, @Nullable String type, @Nullable String version,
        @Nullable StatusRange status, @Nullable Instant since, @Nullable Instant until, @Nullable String keyId,
        @Nullable String predictionId, @Nullable LogCursor after, int limit) {

    public LogQuery {
        visibleTypes = new TreeSet<>(visibleTypes);
        if (limit < 1) {
            throw new IllegalArgumentException("a page of " + limit + " rows; at least 1");
        }
    }

    /** All rows that a caller may see. */
    public static LogQuery all(Set<String> visibleTypes, int limit) {
        return new LogQuery(new TreeSet<>(visibleTypes), null, null, null, null, null, null, null, null, limit);
    }

    /** The page behind {@code cursor}. */
    public LogQuery after(@Nullable LogCursor cursor, int rows) {
        return new LogQuery(visibleTypes, type, version, status, since, until, keyId, predictionId, cursor, rows);
    }

    /** HTTP statuses from {@code first} to {@code last}, both included. */
    public record StatusRange(int first, int last) {
        static final StatusRange OK = new StatusRange(0, 399);
        static final StatusRange ERROR = new StatusRange(400, 999);

        boolean onlyErrors() {
            return first >= ERROR.first;
        }
    }
}
