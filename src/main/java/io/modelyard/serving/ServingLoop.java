package io.modelyard.serving;

import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.scheduling.annotation.Scheduled;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistryChanged;
import io.modelyard.registry.RegistrySnapshot;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Does what the {@link ServingPlan} says, when the registry changes and once a second. */
@Singleton
class ServingLoop {
    /** How often the same situation is thought over: who stands in for whom is noted after a round. */
    private static final int ROUNDS = 3;

    private final Registry registry;
    private final Servables servables;
    private final LocalOverrides overrides;
    private final StandIns standIns;
    private final Room room;
    private final MemoryEstimates estimates;
    private final ServingConfiguration configuration;
    private final Clock clock;
    /** Of the one thread that ticks, as is rounds. */
    private @Nullable Situation last;
    private int rounds;

    /** All that the plan depends on, apart from what one round teaches the next. */
    private record Situation(RegistrySnapshot snapshot, Map<String, LocalOverride> overrides, List<Stand> stands) {
        boolean isDue(Instant now) {
            return stands.stream().flatMap(stand -> stand.retryAt().stream()).anyMatch(at -> !now.isBefore(at));
        }
    }

    private record Stand(String digest, ServableState state, Optional<Instant> retryAt) {}

    ServingLoop(Registry registry, Servables servables, LocalOverrides overrides, StandIns standIns,
            Room room, MemoryEstimates estimates, ServingConfiguration configuration, Clock clock) {
        this.registry = registry;
        this.servables = servables;
        this.overrides = overrides;
        this.standIns = standIns;
        this.room = room;
        this.estimates = estimates;
        this.configuration = configuration;
        this.clock = clock;
    }

    @EventListener
    void registryChanged(RegistryChanged change) {
        // Whoever answered a moment ago may have to go on.
        remember(change.previous());
        apply();
    }

    /** Failed loads become due again without anything changing, and models become idle; else there is nothing to think over. */
    @Scheduled(fixedDelay = "1s")
    void tick() {
        room.step();
        Situation now = situation();
        if (!now.equals(last)) {
            last = now;
            rounds = 0;
        }
        rounds++;
        if (rounds <= ROUNDS || now.isDue(clock.instant())) {
            apply();
        }
    }

    private void apply() {
        synchronized (this) {
            for (Optional<ServingPlan.Action> next = next(); next.isPresent(); next = next()) {
                switch (next.get()) {
                    case ServingPlan.Action.Load load -> servables.load(load.model());
                    case ServingPlan.Action.Forget forget -> servables.forget(forget.id());
                }
            }
        }
        remember(registry.current());
    }

    private Situation situation() {
        return new Situation(registry.current(), overrides.inForce(), servables.statuses().stream()
                .map(status -> new Stand(status.model().digest(), status.state(), status.retryAt())).toList());
    }

    private void remember(RegistrySnapshot snapshot) {
        servables.statuses().stream().filter(status -> status.state() == ServableState.READY)
                .map(status -> status.model().id().type()).distinct()
                .forEach(type -> standIns.remember(overrides.view(snapshot, type), servables));
    }

    private Optional<ServingPlan.Action> next() {
        return ServingPlan.next(registry.current(), overrides.inForce(), servables.statuses(), servables,
                configuration.loading() == ServingConfiguration.Loading.EAGER
                        ? model -> room.fits(estimates.of(model).bytes())
                        : model -> false,
                clock.instant());
    }
}
