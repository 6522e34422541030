package io.modelyard.serving;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Readiness;
import io.modelyard.model.Model;
import io.modelyard.model.Routing;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistrySnapshot;
import io.modelyard.traffic.Split;
import io.modelyard.traffic.TypeView;
import jakarta.inject.Singleton;
import org.reactivestreams.Publisher;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Keeps a server from being sent requests until the versions of running experiments are warm, or cannot be: before that it would
 * give sessions to other arms than all other replicas do. Only at start; an arm that is added later is nobody's yet.
 */
@Singleton
@Readiness
final class ArmsHealth implements HealthIndicator {
    private final Registry registry;
    private final LocalOverrides overrides;
    private final Servables servables;
    private volatile boolean wereSettled;

    ArmsHealth(Registry registry, LocalOverrides overrides, Servables servables) {
        this.registry = registry;
        this.overrides = overrides;
        this.servables = servables;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        List<String> missing = wereSettled || !registry.state().isKnown() ? List.of() : missing();
        if (missing.isEmpty() && registry.state().isKnown()) {
            wereSettled = true;
        }
        HealthResult.Builder result = HealthResult.builder("experiments",
                missing.isEmpty() ? HealthStatus.UP : HealthStatus.DOWN);
        return Publishers.just(missing.isEmpty() ? result.build() : result.details(Map.of("loading", missing)).build());
    }

    private List<String> missing() {
        RegistrySnapshot snapshot = registry.current();
        return snapshot.types().stream().map(type -> overrides.view(snapshot, type)).flatMap(this::arms)
                .filter(model -> !isSettled(servables.status(model).state())).map(model -> model.id().toString())
                .toList();
    }

    private Stream<Model> arms(TypeView view) {
        return view.routing().flatMap(Routing::runningExperiment).stream()
                .flatMap(running -> Split.arms(view, running).stream()).map(Split.Chosen::model);
    }

    private static boolean isSettled(ServableState state) {
        return switch (state) {
            case READY, FAILED, DRAINING, UNLOADED -> true;
            default -> false;
        };
    }
}
