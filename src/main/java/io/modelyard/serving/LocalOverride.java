package io.modelyard.serving;

import io.modelyard.model.Model;
import io.modelyard.model.Routing;
import io.modelyard.traffic.TypeView;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * That this replica alone, for a while, answers with another version than the registry's active one.
 *
 * @param replaced the version that the routing named when it began; null where it followed {@code @latest}
 */
record LocalOverride(String type, String version, @Nullable String replaced, Instant since, Instant until, String by,
        @Nullable String reason) {

    /** Whether it has become pointless: everybody's active version was changed, or its own version was deleted. */
    boolean isOvertaken(TypeView everybody) {
        boolean changed = !everybody.routing().flatMap(Routing::activeVersion).equals(Optional.ofNullable(replaced));
        Optional<Model> model = everybody.version(version);
        return changed || model.isEmpty() || everybody.isRetired(model.get());
    }

    /** What routes are chosen from while it is in force; the version that it replaces helps out where it must. */
    TypeView applied(TypeView everybody) {
        Optional<Model> model = everybody.version(version);
        if (model.isEmpty() || isOvertaken(everybody)) {
            return everybody;
        }
        Routing routing = everybody.routing().orElseGet(() -> new Routing(type, 0, null, null, null, Map.of(),
                Map.of(), null, new Routing.Change("", since, by, "activate", null, version, reason)));
        // Whoever overrides wants one version to answer, so nothing is split.
        return everybody.with(
                routing.with(version, model.get().digest(), routing.active()).withExperiment(null));
    }
}
