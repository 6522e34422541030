package io.modelyard.dashboard;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Function;

/** The last minutes, second by second, for a page that has just been opened. Not thread-safe. */
final class Past {
    private static final int SECONDS = 900;

    private final ArrayDeque<Second> seconds = new ArrayDeque<>(SECONDS);

    /** A column for each value, which is shorter than a list of seconds; a value that is not known is null. */
    @Serdeable.Serializable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Columns(List<Long> t, List<Double> requests, List<Double> refused, List<Double> failed, List<Double> cached,
            List<@Nullable Double> p50, List<@Nullable Double> p95, List<@Nullable Double> p99,
            List<Integer> inFlight) {
        static final Columns NONE = new Columns(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
                List.of(), List.of(), List.of());
    }

    void add(Second second) {
        if (seconds.size() == SECONDS) {
            seconds.removeFirst();
        }
        seconds.addLast(second);
    }

    Columns columns() {
        return new Columns(column(Second::t), column(Second::requests), column(Second::refused),
                column(Second::failed), column(Second::cached), column(Second::p50), column(Second::p95),
                column(Second::p99), column(Second::inFlight));
    }

    private <T extends @Nullable Object> List<T> column(Function<Second, T> value) {
        return seconds.stream().map(value).toList();
    }
}
