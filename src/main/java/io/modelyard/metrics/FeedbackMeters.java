package io.modelyard.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micronaut.context.annotation.Context;
import io.micronaut.scheduling.annotation.Scheduled;
import io.modelyard.feedback.FeedbackStats;
import io.modelyard.feedback.FeedbackSummary;
import io.modelyard.feedback.FeedbackSums;
import io.modelyard.model.ModelId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * What became of feedback, and how well the versions that are served here do by it, as it was computed last. There are
 * series only for versions that have series of their own for predictions, too.
 */
@Context
class FeedbackMeters {
    private final FeedbackSummary summary;
    private final ModelLedger ledger;
    private final Map<String, Measure> measures = new HashMap<>();

    private Shown shown = new Shown(Optional.empty(), List.of());

    private record Shown(Optional<Instant> at, List<ModelId> served) {}

    private record Measure(MultiGauge gauge, Function<FeedbackSums, OptionalDouble> value) {}

    FeedbackMeters(MeterRegistry registry, FeedbackSummary summary, FeedbackStats stats, ModelLedger ledger) {
        this.summary = summary;
        this.ledger = ledger;
        counter(registry, stats, "scored", FeedbackStats::scored);
        counter(registry, stats, "unscored", FeedbackStats::unscored);
        counter(registry, stats, "pending", FeedbackStats::pending);
        counter(registry, stats, "refused", FeedbackStats::refused);
        settled(registry, stats, "resolved", FeedbackStats::resolved);
        settled(registry, stats, "forgotten", FeedbackStats::forgotten);
        measure(registry, "rows", "Statements about predictions of the window",
                sums -> OptionalDouble.of((double) sums.rows()));
        measure(registry, "accuracy", "Share of classes that were told right", FeedbackSums::accuracy);
        measure(registry, "log.loss", "Mean of -ln of the probability of the true class", FeedbackSums::meanLogLoss);
        measure(registry, "rmse", "Root of the mean squared error", FeedbackSums::rmse);
        measure(registry, "reward", "Mean reward", FeedbackSums::meanReward);
    }

    /** Shows what was computed, and nothing anew while neither that nor what is in memory has changed. */
    @Scheduled(fixedDelay = "1s", initialDelay = "1s")
    void refresh() {
        List<ModelId> served = ledger.owners().stream().sorted().toList();
        Shown now = new Shown(summary.at(), served);
        if (now.equals(shown)) {
            return;
        }
        shown = now;
        for (Measure measure : measures.values()) {
            List<MultiGauge.Row<?>> rows = new ArrayList<>();
            for (FeedbackSummary.Window window : FeedbackSummary.Window.values()) {
                Map<ModelId, FeedbackSums> versions = summary.of(window);
                for (ModelId id : served) {
                    FeedbackSums sums = versions.getOrDefault(id, FeedbackSums.NONE);
                    measure.value.apply(sums).ifPresent(value -> rows.add(MultiGauge.Row.of(
                            Tags.of("type", id.type(), "version", id.version(), "window", window.word()), value)));
                }
            }
            measure.gauge.register(rows, true);
        }
    }

    private static void counter(MeterRegistry registry, FeedbackStats stats, String outcome,
            ToLongFunction<FeedbackStats> count) {
        FunctionCounter.builder("modelyard.feedback", stats, count::applyAsLong)
                .description("Statements about rows that this replica took, and items that it refused")
                .tag("outcome", outcome).register(registry);
    }

    private static void settled(MeterRegistry registry, FeedbackStats stats, String outcome,
            ToLongFunction<FeedbackStats> count) {
        FunctionCounter.builder("modelyard.feedback.settled", stats, count::applyAsLong)
                .description("What became of statements that came before their prediction was in the log")
                .tag("outcome", outcome).register(registry);
    }

    private void measure(MeterRegistry registry, String name, String description,
            Function<FeedbackSums, OptionalDouble> value) {
        measures.put(name, new Measure(
                MultiGauge.builder("modelyard.feedback." + name).description(description).register(registry), value));
    }
}
