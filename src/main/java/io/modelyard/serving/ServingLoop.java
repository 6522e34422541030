package io.modelyard.serving;

import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.scheduling.annotation.Scheduled;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistryChanged;
import jakarta.inject.Singleton;

import java.time.Clock;
import java.util.Optional;

/** Does what the {@link ServingPlan} says, when the registry changes and once a second. */
@Singleton
class ServingLoop {
    private final Registry registry;
    private final Servables servables;
    private final ServingConfiguration configuration;
    private final Clock clock;

    ServingLoop(Registry registry, Servables servables, ServingConfiguration configuration, Clock clock) {
        this.registry = registry;
        this.servables = servables;
        this.configuration = configuration;
        this.clock = clock;
    }

    @EventListener
    void registryChanged(RegistryChanged change) {
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
    }

    private Optional<ServingPlan.Action> next() {
        return ServingPlan.next(registry.current(), servables.statuses(), servables::learned,
                configuration.loading() == ServingConfiguration.Loading.EAGER, clock.instant());
    }
}
