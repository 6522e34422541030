package io.modelyard.requestlog;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Predictions that were observed, kept for a while. Thread-safe; all methods block, and throw
 * {@link RequestLogException} when the database cannot be reached or refuses.
 */
public interface RequestLog {
    /**
     * Keeps all of the rows or, where it throws, none. A row whose prediction id is already there is left as it is, so
     * that a batch whose commit was in doubt can be appended again.
     */
    void append(List<LoggedPrediction> rows);

    /**
     * The newest rows first, by time and then by prediction id. Rows appended between two pages neither repeat nor hide
     * a row that was there before the first.
     */
    LogPage query(LogQuery query);

    Optional<LoggedPrediction> find(String predictionId);

    /**
     * What these predictions answered, in no order; nothing for those that are not in the log.
     *
     * @param predictionIds some dozens: all answers are in memory together
     */
    List<LoggedAnswer> answers(Collection<String> predictionIds);
}
