package io.modelyard.serving;

import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.scheduling.annotation.Scheduled;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistryChanged;
import io.modelyard.registry.RegistrySnapshot;
import jakarta.inject.Singleton;

import java.time.Clock;
import java.util.Optional;

/** Does what the {@link ServingPlan} says, when the registry changes and once a second. */
@Singleton
class ServingLoop {
    private final Registry registry;
    private final Servables servables;
    private final LocalOverrides overrides;
    private final StandIns standIns;
    private final ServingConfiguration configuration;
    private final Clock clock;

    ServingLoop(Registry registry, Servables servables, LocalOverrides overrides, StandIns standIns,
            ServingConfiguration configuration, Clock clock) {
        this.registry = registry;
        this.servables = servables;
        this.overrides = overrides;
        this.standIns = standIns;
        this.configuration = configuration;
        this.clock = clock;
    }

    @EventListener
    void registryChanged(RegistryChanged change) {
        // Whoever answered a moment ago may have to go on.
        remember(change.previous());
        apply();
    }

    /** Failed loads become due again without anything changing. */
    @Scheduled(fixedDelay = "1s")
    void apply() {
        synchronized (this) {
            for (Optional<ServingPlan.Action> next = next(); next.isPresent(); next = next()) {
                switch (next.get()) {
                    case ServingPlan.Action.Load load -> servables.load(load.model());
                    case ServingPlan.Action.Unload unload -> servables.unload(unload.id());
                }
            }
        }
        remember(registry.current());
    }

    private void remember(RegistrySnapshot snapshot) {
        servables.statuses().stream().filter(status -> status.state() == ServableState.READY)
                .map(status -> status.model().id().type()).distinct()
                .forEach(type -> standIns.remember(overrides.view(snapshot, type), servables));
    }

    private Optional<ServingPlan.Action> next() {
        return ServingPlan.next(registry.current(), overrides.inForce(), servables.statuses(), servables,
                configuration.loading() == ServingConfiguration.Loading.EAGER, clock.instant());
    }
}
