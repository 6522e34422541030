package io.modelyard.serving;

import io.modelyard.model.Model;
import io.modelyard.model.Routing;
import io.modelyard.traffic.Readiness;
import io.modelyard.traffic.Router;
import io.modelyard.traffic.TypeView;
import jakarta.inject.Singleton;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which version answered for the active one and for each alias on this replica, so that it can go on when another should
 * answer and is not ready yet. Safe for use by many threads.
 */
@Singleton
final class StandIns {
    /** By type, and then by what was asked for. */
    private final Map<String, Map<String, Model>> answered = new ConcurrentHashMap<>();

    Optional<Model> of(String type, String asked) {
        return Optional.ofNullable(answered.getOrDefault(type, Map.of()).get(asked));
    }

    /** Notes what answers now; what is not ready leaves what was noted before. */
    void remember(TypeView view, Readiness readiness) {
        Map<String, Model> answers = new HashMap<>();
        if (Router.desired(view, readiness).isPresent()) {
            note(answers, view, Router.ACTIVE, Router.choose(view, null, readiness), readiness);
        }
        view.routing().map(Routing::aliases).orElse(Map.of()).forEach((alias, version) -> {
            if (view.version(version).filter(model -> !view.isRetired(model)).isPresent()) {
                String asked = "@" + alias;
                note(answers, view, asked, Router.choose(view, asked, readiness), readiness);
            }
        });
        answered.put(view.type(), answers);
    }

    private void note(Map<String, Model> answers, TypeView view, String asked, Model model, Readiness readiness) {
        Optional<Model> noted = readiness.isReady(model) ? Optional.of(model) : of(view.type(), asked);
        noted.ifPresent(answer -> answers.put(asked, answer));
    }
}
