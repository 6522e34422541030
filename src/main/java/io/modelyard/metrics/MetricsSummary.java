package io.modelyard.metrics;

import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.model.Caller;
import io.modelyard.model.ModelId;
import io.modelyard.predict.AnswerSource;
import io.modelyard.predict.PredictionLoad;
import io.modelyard.serving.MemoryUse;
import io.modelyard.serving.NativeHeap;
import io.modelyard.serving.ServableMemory;
import io.modelyard.serving.ServableStatus;
import io.modelyard.serving.Servables;
import io.modelyard.trial.ResidentMemory;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The metrics in short, as JSON, for those who have no Prometheus at hand. Thread-safe. */
@Singleton
final class MetricsSummary {
    private static final ResidentMemory RESIDENT = ResidentMemory.own();

    private final ModelLedger ledger;
    private final Servables servables;
    private final PredictionLoad load;
    private final NativeHeap heap;

    MetricsSummary(ModelLedger ledger, Servables servables, PredictionLoad load, NativeHeap heap) {
        this.ledger = ledger;
        this.servables = servables;
        this.load = load;
        this.heap = heap;
    }

    /**
     * Counts and the mean since the start of this server; quantiles of the last minutes.
     *
     * @param errorRate of all predictions, the part that was not answered
     * @param cacheHitRate of the predictions that were answered, the part whose answer had been computed before
     * @param latencyWindowSeconds of how many seconds the quantiles are
     */
    @Serdeable
    record View(long totalRequests, double errorRate, double cacheHitRate, double avgLatencyMs,
            @Nullable Double p50LatencyMs, @Nullable Double p95LatencyMs, @Nullable Double p99LatencyMs,
            double latencyWindowSeconds, int inFlight, double uptimeSeconds, long heapUsedBytes, long heapMaxBytes,
            Memory memory, List<OneModel> models) {}

    /** @param nativeBytes what C and C++ code has, models above all; absent where that cannot be told */
    @Serdeable
    record Memory(long heapUsedBytes, long heapMaxBytes, long modelsBytes, long modelsMaxBytes,
            @Nullable Long nativeBytes, @Nullable Long processResidentBytes) {}

    /** As {@link View}, since the model was loaded. */
    @Serdeable
    record OneModel(String modelType, String modelVersion, long totalRequests, double errorRate, double cacheHitRate,
            double avgLatencyMs, @Nullable Double p50LatencyMs, @Nullable Double p95LatencyMs,
            @Nullable Double p99LatencyMs, int inFlight, @Nullable Long memoryBytes) {}

    /** @param caller null for anybody */
    View of(@Nullable Caller caller) {
        boolean limited = caller != null && !caller.types().isEmpty();
        Map<ModelId, ModelTally> tallies = new TreeMap<>(ledger.tallies());
        tallies.keySet().removeIf(id -> caller != null && !caller.sees(id.type()));
        Counts all = limited
                ? tallies.values().stream().map(Tally::read).reduce(Counts.none(ModelTally.LAYOUT), Counts::plus)
                : ledger.total();
        Collection<RecentLatencies> recent = limited
                ? tallies.values().stream().map(ModelTally::recent).toList()
                : List.of(ledger.recent());
        Optional<RecentLatencies.Quantiles> quantiles = RecentLatencies.quantiles(recent);
        Memory memory = memory();
        return new View(all.requests(), errorRate(all), cacheHitRate(all), average(all),
                quantiles.map(each -> millis(each.p50())).orElse(null),
                quantiles.map(each -> millis(each.p95())).orElse(null),
                quantiles.map(each -> millis(each.p99())).orElse(null), ledger.recentTime().toMillis() / 1e3,
                load.inFlight(), ManagementFactory.getRuntimeMXBean().getUptime() / 1e3, memory.heapUsedBytes(),
                memory.heapMaxBytes(), memory, models(tallies));
    }

    private List<OneModel> models(Map<ModelId, ModelTally> tallies) {
        Map<ModelId, ServableStatus> statuses = new TreeMap<>();
        servables.statuses().forEach(status -> statuses.put(status.model().id(), status));
        return tallies.entrySet().stream()
                .map(entry -> model(entry.getKey(), entry.getValue(),
                        Optional.ofNullable(statuses.get(entry.getKey()))))
                .toList();
    }

    private OneModel model(ModelId id, ModelTally tally, Optional<ServableStatus> status) {
        Counts counts = tally.read();
        Optional<RecentLatencies.Quantiles> quantiles = RecentLatencies.quantiles(List.of(tally.recent()));
        return new OneModel(id.type(), id.version(), counts.requests(), errorRate(counts), cacheHitRate(counts),
                average(counts), quantiles.map(each -> millis(each.p50())).orElse(null),
                quantiles.map(each -> millis(each.p95())).orElse(null),
                quantiles.map(each -> millis(each.p99())).orElse(null),
                status.map(each -> load.inFlight(each.model())).orElse(0),
                status.flatMap(ServableStatus::memory).map(ServableMemory::bytes).orElse(null));
    }

    private Memory memory() {
        Runtime java = Runtime.getRuntime();
        MemoryUse models = servables.memory();
        return new Memory(java.totalMemory() - java.freeMemory(), java.maxMemory(), models.bytes(), models.maxBytes(),
                known(heap.allocated()), known(RESIDENT.now()));
    }

    private static @Nullable Long known(OptionalLong bytes) {
        return bytes.isPresent() ? bytes.getAsLong() : null;
    }

    private static double errorRate(Counts counts) {
        return share(counts.requests() - counts.requests(Tally.OK), counts.requests());
    }

    private static double cacheHitRate(Counts counts) {
        long hits = 0;
        for (AnswerSource source : AnswerSource.values()) {
            hits += source.isCached() ? counts.single(ModelTally.source(source)) : 0;
        }
        return share(hits, counts.requests(Tally.OK));
    }

    private static double average(Counts counts) {
        return share(counts.sum(ModelTally.TOTAL), counts.requests(Tally.OK)) / 1e6;
    }

    private static double share(long part, long all) {
        return all == 0 ? 0 : (double) part / all;
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }
}
