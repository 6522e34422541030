package io.modelyard.metrics;

import io.micronaut.scheduling.annotation.Scheduled;
import io.modelyard.model.Experiment;
import io.modelyard.model.Model;
import io.modelyard.model.Routing;
import io.modelyard.predict.Exchange;
import io.modelyard.predict.ExchangeObserver;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistrySnapshot;
import jakarta.inject.Singleton;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts what this replica gives to the arms of experiments. Thread-safe; to count takes no lock. */
@Singleton
class ArmLedger implements ExchangeObserver {
    static final int SECONDS = 0;
    static final int ROWS = 0;
    static final Layout LAYOUT = new Layout(List.of(Scale.LATENCY), 1);

    private static final String ERROR = "error";
    private static final String REJECTED = "rejected";
    private static final int TOO_MANY_REQUESTS = 429;

    private final Ledger<Arm, Tally> arms;
    private final Registry registry;
    private final Clock clock;
    private volatile Running running = new Running("", Map.of());

    /**
     * The arms that there are now.
     *
     * @param shares from 0 to 1
     */
    private record Running(String snapshot, Map<Arm, Double> shares) {}

    ArmLedger(MetricsConfiguration configuration, Registry registry, Clock clock) {
        this.arms = new Ledger<>(LAYOUT, configuration.maxModels(), arm -> arm.type().equals(ModelLedger.OTHER),
                () -> new Tally(LAYOUT));
        this.registry = registry;
        this.clock = clock;
    }

    @Override
    public void observed(Exchange exchange) {
        Experiment.Assignment assigned = exchange.assignment();
        Model model = exchange.model();
        if (assigned == null || model == null) {
            return;
        }
        Tally tally = arms.tally(
                new Arm(model.id().type(), assigned.experiment(), assigned.arm(), model.id().version()));
        if (exchange.code() == null) {
            tally.answered();
            tally.record(SECONDS, exchange.timing().total());
            tally.add(ROWS, exchange.rows());
        } else {
            tally.failed(exchange.status() >= 500 || exchange.status() == TOO_MANY_REQUESTS ? ERROR : REJECTED);
        }
    }

    @Scheduled(fixedDelay = "1s", initialDelay = "1s")
    void round() {
        arms.round(clock.instant(), running().keySet());
    }

    /** The arms of experiments that run, with the share of the traffic that each should get. */
    Map<Arm, Double> running() {
        RegistrySnapshot snapshot = registry.current();
        Running known = running;
        if (!known.snapshot().equals(snapshot.id())) {
            known = new Running(snapshot.id(), shares(snapshot));
            running = known;
        }
        return known.shares();
    }

    private static Map<Arm, Double> shares(RegistrySnapshot snapshot) {
        Map<Arm, Double> shares = new HashMap<>();
        for (Routing routing : snapshot.routings().values()) {
            routing.runningExperiment().ifPresent(experiment -> {
                double sum = experiment.arms().stream().mapToDouble(Experiment.Arm::weight).sum();
                experiment.arms().forEach(arm -> shares.put(
                        new Arm(routing.type(), experiment.id(), arm.name(), arm.version()), arm.weight() / sum));
            });
        }
        return Map.copyOf(shares);
    }

    /** Those that have series of their own, and what these say. */
    Map<Arm, Counts> own() {
        return arms.own(clock.instant());
    }

    /** All others together; empty as long as there never were any. */
    Optional<Counts> others() {
        return arms.others();
    }
}
