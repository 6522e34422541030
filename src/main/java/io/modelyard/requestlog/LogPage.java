package io.modelyard.requestlog;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Some rows of an answer.
 *
 * @param next where to go on; null where there is nothing more. A page may have fewer rows than were asked for and still
 *        not be the last
 */
public record LogPage(List<LoggedPrediction> rows, @Nullable LogCursor next) {
    public LogPage {
        rows = List.copyOf(rows);
    }
}
