package io.modelyard.requestlog;

import io.modelyard.model.Caller;
import io.modelyard.model.ServingFailure;
import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.TreeSet;

/**
 * What a request for rows says, as text. All methods throw {@link ServingFailure.BadParameter} for text that makes no
 * sense.
 */
record LogParameters(@Nullable String limit, @Nullable String type, @Nullable String version,
        @Nullable String status, @Nullable String since, @Nullable String until, @Nullable String keyId,
        @Nullable String predictionId, @Nullable String cursor) {
    static final int DEFAULT_LIMIT = 100;
    static final int GREATEST_LIMIT = 1000;

    LogQuery query(Caller caller) {
        return new LogQuery(new TreeSet<>(caller.types()), type, version, statusRange(), instant("since", since),
                instant("until", until), keyId, predictionId, cursor == null ? null : LogCursor.decode(cursor), 1);
    }

    /** @param otherwise where the request says nothing */
    long rows(long otherwise) {
        if (limit == null) {
            return otherwise;
        }
        int rows = number("n_limit", limit, "a number from 1 to " + GREATEST_LIMIT);
        if (rows < 1 || rows > GREATEST_LIMIT) {
            throw bad("n_limit", limit, "a number from 1 to " + GREATEST_LIMIT);
        }
        return rows;
    }

    private LogQuery.@Nullable StatusRange statusRange() {
        if (status == null) {
            return null;
        }
        return switch (status) {
            case "ok" -> LogQuery.StatusRange.OK;
            case "error" -> LogQuery.StatusRange.ERROR;
            default -> {
                int number = number("status", status, "an HTTP status, 'ok' or 'error'");
                if (number < 100 || number > 599) {
                    throw bad("status", status, "an HTTP status, 'ok' or 'error'");
                }
                yield new LogQuery.StatusRange(number, number);
            }
        };
    }

    private static int number(String name, String text, String wanted) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw bad(name, text, wanted);
        }
    }

    private static @Nullable Instant instant(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            // A plus that was not escaped in the URL arrives as a space.
            Instant instant = OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
            LoggedPrediction.micros(instant);
            return instant;
        } catch (DateTimeException | ArithmeticException e) {
            throw bad(name, text, "a time such as 2026-11-20T10:00:00Z");
        }
    }

    private static ServingFailure.BadParameter bad(String name, String text, String wanted) {
        return new ServingFailure.BadParameter(name + " is '" + text + "'; it must be " + wanted);
    }
}
