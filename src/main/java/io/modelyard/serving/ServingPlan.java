package io.modelyard.serving;

import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.registry.RegistrySnapshot;
import io.modelyard.tensor.Signature;
import io.modelyard.traffic.Readiness;
import io.modelyard.traffic.Router;
import io.modelyard.traffic.TypeView;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What to do next so that this replica serves what it should. Pure: from a snapshot and how the servables stand to at most
 * one action; doing it and asking again comes to rest.
 */
final class ServingPlan {
    private ServingPlan() {}

    /** One step. */
    sealed interface Action {
        /** Bring the model into memory. */
        record Load(Model model) implements Action {}

        /** Let a model go that should not be served any more. */
        record Unload(ModelId id) implements Action {}
    }

    /**
     * @param learned the signatures that loads have found
     * @param eager whether active versions are loaded before anybody asks for them
     */
    static Optional<Action> next(RegistrySnapshot snapshot, List<ServableStatus> statuses,
            Function<Model, Optional<Signature>> learned, boolean eager, Instant now) {
        for (ServableStatus status : statuses) {
            if (!isPublished(snapshot, status.model())) {
                return Optional.of(new Action.Unload(status.model().id()));
            }
        }
        Statuses readiness = new Statuses(statuses.stream()
                .collect(Collectors.toMap(status -> status.model().id(), Function.identity())), learned);
        for (String type : snapshot.types()) {
            TypeView view = view(snapshot, type);
            Optional<Model> desired = Router.desired(view, readiness);
            if (desired.isPresent() && isWanted(view, desired.get(), readiness, eager)
                    && readiness.mayLoad(desired.get(), now)) {
                return Optional.of(new Action.Load(desired.get()));
            }
        }
        return Optional.empty();
    }

    static TypeView view(RegistrySnapshot snapshot, String type) {
        return new TypeView(type, snapshot.versions(type), snapshot.routing(type));
    }

    private static boolean isPublished(RegistrySnapshot snapshot, Model model) {
        return snapshot.model(model.id()).filter(model::equals).isPresent()
                && !view(snapshot, model.id().type()).isRetired(model);
    }

    /** Lazy loading waits for a request, but where another version answers in its place the desired one is fetched now. */
    private static boolean isWanted(TypeView view, Model desired, Statuses readiness, boolean eager) {
        return eager || !Router.choose(view, null, readiness).equals(desired);
    }

    private record Statuses(Map<ModelId, ServableStatus> byId, Function<Model, Optional<Signature>> signatures)
            implements
                Readiness {
        @Override
        public boolean isReady(Model model) {
            return is(model, ServableState.READY);
        }

        @Override
        public boolean hasFailed(Model model) {
            return is(model, ServableState.FAILED);
        }

        @Override
        public Optional<Signature> learned(Model model) {
            return signatures.apply(model);
        }

        boolean mayLoad(Model model, Instant now) {
            ServableStatus status = byId.get(model.id());
            return status == null || (status.state() == ServableState.FAILED
                    && status.retryAt().map(at -> !now.isBefore(at)).orElse(true));
        }

        private boolean is(Model model, ServableState state) {
            ServableStatus status = byId.get(model.id());
            return status != null && status.state() == state && status.model().equals(model);
        }
    }
}
