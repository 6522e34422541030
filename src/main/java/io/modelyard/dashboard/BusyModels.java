package io.modelyard.dashboard;

import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.dashboard.Tally.Counts;
import io.modelyard.model.Caller;
import io.modelyard.model.ModelId;
import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which models had most to do in the last minute. Looks at the counts every few seconds, and keeps them only of models that have
 * requests. Not thread-safe.
 */
final class BusyModels {
    private static final int SHOWN = 12;
    private static final int WINDOWS = 6;

    private final Map<ModelId, Window> windows = new HashMap<>();
    private final long windowSeconds;

    /** @param before the counts at the last looks, the oldest first */
    private record Window(ArrayDeque<Counts> before) {}

    /**
     * One of them, as the page shows it: of the last minute.
     *
     * @param rate requests a second
     * @param cacheHitRate of the answered requests; absent where none was answered
     */
    @Serdeable.Serializable
    record Busy(String type, String version, double rate, double errorRate, @Nullable Double p50,
            @Nullable Double p95, @Nullable Double cacheHitRate) {}

    /** @param lookSeconds how often {@link #look} is called */
    BusyModels(long lookSeconds) {
        this.windowSeconds = lookSeconds;
    }

    void look(Map<ModelId, Tally> now) {
        now.forEach((id, tally) -> {
            Window window = windows.get(id);
            if (window == null) {
                window = new Window(new ArrayDeque<>());
                windows.put(id, window);
                // It had no requests before it was seen.
                window.before().addLast(Counts.NONE);
            }
            window.before().addLast(tally.counts());
            if (window.before().size() > WINDOWS + 1) {
                window.before().removeFirst();
            }
        });
        windows.keySet().retainAll(now.keySet());
    }

    /** The busiest that the caller sees, the busiest first. */
    List<Busy> top(Caller caller) {
        return windows.entrySet().stream().filter(entry -> caller.sees(entry.getKey().type()))
                .filter(entry -> requests(entry.getValue()) > 0)
                .sorted(Comparator.<Map.Entry<ModelId, Window>>comparingLong(entry -> requests(entry.getValue()))
                        .reversed().thenComparing(Map.Entry::getKey))
                .limit(SHOWN).map(entry -> busy(entry.getKey(), entry.getValue())).toList();
    }

    private static long requests(Window window) {
        return window.before().getLast().requests() - window.before().getFirst().requests();
    }

    private Busy busy(ModelId id, Window window) {
        Counts counts = window.before().getLast().minus(window.before().getFirst());
        long answered = counts.requests() - counts.refused() - counts.failed();
        double seconds = (window.before().size() - 1) * (double) windowSeconds;
        return new Busy(id.type(), id.version(), counts.requests() / seconds,
                (double) (counts.refused() + counts.failed()) / counts.requests(), Second.quantile(counts, 0.5),
                Second.quantile(counts, 0.95), answered == 0 ? null : (double) counts.cached() / answered);
    }
}
