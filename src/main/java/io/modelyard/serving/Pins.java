package io.modelyard.serving;

import io.micronaut.context.BeanProvider;
import io.modelyard.model.Model;
import io.modelyard.model.Routing;
import io.modelyard.registry.Registry;
import io.modelyard.traffic.Readiness;
import io.modelyard.traffic.Router;
import io.modelyard.traffic.Split;
import io.modelyard.traffic.TypeView;
import jakarta.inject.Singleton;

import java.util.HashSet;
import java.util.Set;

/**
 * The versions that requests are led to without naming them: active, aliased, in an experiment, or answering in the place of
 * one that is not ready yet. They leave memory last. Safe for use by many threads.
 */
@Singleton
final class Pins {
    private final Registry registry;
    private final LocalOverrides overrides;
    private final BeanProvider<Readiness> readiness;

    /** @param readiness asked later, since what is in memory needs to know what must stay there */
    Pins(Registry registry, LocalOverrides overrides, BeanProvider<Readiness> readiness) {
        this.registry = registry;
        this.overrides = overrides;
        this.readiness = readiness;
    }

    boolean isPinned(Model model) {
        return of(overrides.view(registry.current(), model.id().type())).contains(model.id().version());
    }

    /** The pinned versions of a type. */
    Set<String> of(TypeView view) {
        Set<String> versions = new HashSet<>();
        Readiness now = readiness.get();
        Router.desired(view, now).ifPresent(model -> {
            versions.add(model.id().version());
            versions.add(Router.choose(view, null, now).id().version());
        });
        view.routing().map(Routing::aliases).ifPresent(aliases -> aliases.forEach((alias, version) -> {
            versions.add(version);
            now.standIn(view.type(), "@" + alias).filter(model -> !isReady(view, version, now))
                    .ifPresent(model -> versions.add(model.id().version()));
        }));
        view.routing().flatMap(Routing::runningExperiment)
                .ifPresent(running -> Split.arms(view, running).forEach(arm -> versions.add(arm.arm().version())));
        return versions;
    }

    private static boolean isReady(TypeView view, String version, Readiness now) {
        return view.version(version).filter(now::isReady).isPresent();
    }
}
