package io.modelyard.dashboard;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.model.Model;
import io.modelyard.model.Routing;
import io.modelyard.serving.ServableState;
import io.modelyard.serving.Servables;
import io.modelyard.traffic.Router;
import io.modelyard.traffic.TypeView;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One type in a list of many: what somebody looks for in it.
 *
 * @param activeVersion absent where none can answer
 * @param versions how many are published and not deleted
 * @param states how many of them are in which state on this replica; those that were never asked for are left out
 * @param newestAt when the latest of them was made
 * @param local whether another version is active on this replica alone
 */
@Serdeable.Serializable
record TypeLine(String modelType, @Nullable String activeVersion, @Nullable String activeState, boolean followsLatest,
        @Nullable String runtime, int versions, int deleted,
        @JsonInclude(JsonInclude.Include.ALWAYS) Map<String, Integer> states,
        @JsonInclude(JsonInclude.Include.ALWAYS) Map<String, String> aliases, boolean experiment, boolean local,
        @Nullable Instant newestAt) {

    static TypeLine of(TypeView view, Servables servables, boolean local) {
        Optional<Model> active = Router.desired(view, servables);
        Map<String, Integer> states = new TreeMap<>();
        Instant newest = null;
        int versions = 0;
        for (Model model : view.versions()) {
            if (!view.isRetired(model)) {
                versions++;
                ServableState state = servables.status(model).state();
                if (state != ServableState.REGISTERED) {
                    states.merge(state.name(), 1, Integer::sum);
                }
                Instant made = model.manifest().createdAt();
                newest = newest == null || made.isAfter(newest) ? made : newest;
            }
        }
        return new TypeLine(view.type(), active.map(model -> model.id().version()).orElse(null),
                active.map(model -> servables.status(model).state().name()).orElse(null),
                view.routing().flatMap(Routing::activeVersion).isEmpty(),
                active.map(model -> model.manifest().runtime()).orElse(null), versions,
                view.versions().size() - versions, states, view.routing().map(Routing::aliases).orElse(Map.of()),
                view.routing().flatMap(Routing::runningExperiment).isPresent(), local, newest);
    }
}
