package io.modelyard.dashboard;

import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.model.Caller;
import io.modelyard.model.ModelId;
import io.modelyard.serving.ServableStatus;
import io.modelyard.serving.Servables;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What changed about the models of this replica since it was looked at last. Not thread-safe. */
final class ModelStates {
    /** So many are told at once. Whoever looks at more asks for a list. */
    private static final int MOST = 500;

    private final Servables servables;
    private Map<ModelId, ModelState> known = Map.of();
    private int inFlight;

    /**
     * As the page is told.
     *
     * @param whole whether what was told before is not true any more
     */
    @Serdeable.Serializable
    record News(boolean whole, List<ModelState> models) {}

    ModelStates(Servables servables) {
        this.servables = servables;
    }

    /** Looks again; what is different now. */
    List<ModelState> look() {
        Map<ModelId, ModelState> now = new HashMap<>();
        int computing = 0;
        for (ServableStatus status : servables.statuses()) {
            now.put(status.model().id(), ModelState.of(status, servables.progress(status.model())));
            computing += status.inFlight();
        }
        List<ModelState> changed = new ArrayList<>();
        Map<ModelId, ModelState> before = known;
        now.forEach((id, state) -> {
            if (!state.equals(before.get(id))) {
                changed.add(state);
            }
        });
        before.keySet().stream().filter(id -> !now.containsKey(id)).map(ModelState::forgotten).forEach(changed::add);
        known = now;
        inFlight = computing;
        return changed;
    }

    /** Requests that models were computing when it was looked at last. */
    int inFlight() {
        return inFlight;
    }

    /** What a page that was just opened has to know; of all others it sees when they change. */
    News now(Caller caller) {
        return new News(true, new TreeMap<>(known).values().stream()
                .filter(state -> state.isNews() && caller.sees(state.type())).limit(MOST).toList());
    }

    static News of(List<ModelState> changed, Caller caller) {
        return new News(false, changed.stream().filter(state -> caller.sees(state.type())).limit(MOST).toList());
    }
}
