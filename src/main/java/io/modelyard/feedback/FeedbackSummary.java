package io.modelyard.feedback;

import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.serving.ModelMetrics;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How well each version did in the last hour, day and week, as it was computed last: what is shown with models and in the
 * metrics is read from memory, not from the database. Thread-safe; only {@link #refresh} blocks.
 */
@Singleton
public final class FeedbackSummary implements ModelMetrics {
    private final FeedbackMetrics metrics;
    private final Clock clock;
    private volatile Known known = new Known(null, Map.of());

    /** The times that are told of, up to now. */
    public enum Window {
        HOUR("1h", Duration.ofHours(1)), DAY("24h", Duration.ofDays(1)), WEEK("7d", Duration.ofDays(7));

        private final String word;
        private final Duration length;

        Window(String word, Duration length) {
            this.word = word;
            this.length = length;
        }

        public String word() {
            return word;
        }
    }

    private record Known(@Nullable Instant at, Map<Window, Map<ModelId, FeedbackSums>> windows) {}

    FeedbackSummary(FeedbackMetrics metrics, Clock clock) {
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Computes all anew. */
    void refresh() {
        Instant now = clock.instant();
        Map<Window, Map<ModelId, FeedbackSums>> windows = new HashMap<>();
        for (Window window : Window.values()) {
            Map<ModelId, FeedbackSums> versions = new TreeMap<>();
            for (FeedbackGroup group : metrics.groups(now.minus(window.length))) {
                versions.merge(new ModelId(group.type(), group.version()), group.sums(), FeedbackSums::plus);
            }
            windows.put(window, versions);
        }
        known = new Known(now, windows);
    }

    /** When it was computed; empty where it was not yet. */
    public Optional<Instant> at() {
        return Optional.ofNullable(known.at);
    }

    /** Of each version with feedback about predictions of that time. */
    public Map<ModelId, FeedbackSums> of(Window window) {
        return known.windows.getOrDefault(window, Map.of());
    }

    @Override
    public String name() {
        return "feedback";
    }

    @Override
    public Optional<Map<String, Object>> of(Model model) {
        Known now = known;
        if (now.at == null) {
            return Optional.empty();
        }
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("as_of", now.at.toString());
        for (Window window : Window.values()) {
            FeedbackSums sums = now.windows.getOrDefault(window, Map.of()).get(model.id());
            if (sums != null) {
                told.put(window.word, sums.members());
            }
        }
        return told.size() == 1 ? Optional.empty() : Optional.of(told);
    }
}
