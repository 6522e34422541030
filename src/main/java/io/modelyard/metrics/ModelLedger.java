package io.modelyard.metrics;

import io.micronaut.scheduling.annotation.Scheduled;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.predict.BatchWatch;
import io.modelyard.predict.Exchange;
import io.modelyard.predict.ExchangeObserver;
import io.modelyard.serving.ServableState;
import io.modelyard.serving.ServableStatus;
import io.modelyard.serving.Servables;
import jakarta.inject.Singleton;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Counts predictions, by model. What found no model is counted by itself, so that names made up by callers are never kept.
 * Thread-safe; to count takes no lock.
 */
@Singleton
class ModelLedger implements ExchangeObserver, BatchWatch {
    /** As type and version of what found no model. */
    static final String NONE = "none";
    /** As type and version of all models together that have no series of their own. */
    static final String OTHER = "other";

    private static final Set<ModelId> TAKEN = Set.of(new ModelId(NONE, NONE), new ModelId(OTHER, OTHER));

    private final Ledger<ModelId, ModelTally> models;
    private final ModelTally none = new ModelTally();
    private final RecentLatencies recent = new RecentLatencies();
    private final Servables servables;
    private final Clock clock;
    private volatile Instant turned;
    private volatile Instant turnedBefore;

    ModelLedger(MetricsConfiguration configuration, Servables servables, Clock clock) {
        this.models = new Ledger<>(ModelTally.LAYOUT, configuration.maxModels(), TAKEN::contains, ModelTally::new);
        this.servables = servables;
        this.clock = clock;
        this.turned = clock.instant();
        this.turnedBefore = turned;
    }

    @Override
    public void observed(Exchange exchange) {
        Model model = exchange.model();
        ModelTally tally = model == null ? none : models.tally(model.id());
        tally.count(exchange);
        if (exchange.code() == null) {
            recent.record(exchange.timing().total());
        }
    }

    @Override
    public void computed(Model model, int requests, int rows) {
        models.tally(model.id()).countBatch(requests, rows);
    }

    @Scheduled(fixedDelay = "1s", initialDelay = "1s")
    void round() {
        Instant now = clock.instant();
        models.round(now, servables.statuses().stream().filter(ModelLedger::isHere)
                .map(ServableStatus::model).map(Model::id).collect(Collectors.toSet()));
        if (!now.isBefore(turned.plus(RecentLatencies.HALF))) {
            turnedBefore = turned;
            turned = now;
            recent.turn();
            models.tallies().values().forEach(tally -> tally.recent().turn());
        }
    }

    private static boolean isHere(ServableStatus status) {
        return status.state() != ServableState.UNLOADED && status.state() != ServableState.FAILED;
    }

    /** Those that have series of their own, and what these say. */
    Map<ModelId, Counts> own() {
        return models.own(clock.instant());
    }

    Set<ModelId> owners() {
        return models.owners(clock.instant());
    }

    /** All others together; empty as long as there never were any. */
    Optional<Counts> others() {
        return models.others();
    }

    /** What found no model. */
    Counts none() {
        return none.read();
    }

    /** All since the start, whatever became of the models. */
    Counts total() {
        return models.total().plus(none());
    }

    Map<ModelId, ModelTally> tallies() {
        return models.tallies();
    }

    /** Of all predictions that were answered of late. */
    RecentLatencies recent() {
        return recent;
    }

    /** How far back that goes. */
    Duration recentTime() {
        return Duration.between(turnedBefore, clock.instant());
    }
}
