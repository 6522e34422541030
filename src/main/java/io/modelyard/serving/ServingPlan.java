package io.modelyard.serving;

import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.model.Routing;
import io.modelyard.registry.PublishedType;
import io.modelyard.registry.RegistrySnapshot;
import io.modelyard.tensor.Signature;
import io.modelyard.traffic.Readiness;
import io.modelyard.traffic.Router;
import io.modelyard.traffic.Split;
import io.modelyard.traffic.TypeView;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
        record Forget(ModelId id) implements Action {}
    }

    /**
     * @param overrides what this replica answers otherwise, by type
     * @param known what this replica knows beyond the statuses
     * @param eager which active versions may be loaded before anybody asks for them. One that was in memory and had to
     *        leave stays out all the same until somebody does
     */
    static Optional<Action> next(RegistrySnapshot snapshot, Map<String, LocalOverride> overrides,
            List<ServableStatus> statuses, Readiness known, Predicate<Model> eager, Instant now) {
        for (ServableStatus status : statuses) {
            if (!isPublished(snapshot, status.model())) {
                return Optional.of(new Action.Forget(status.model().id()));
            }
        }
        Statuses readiness = new Statuses(statuses.stream()
                .collect(Collectors.toMap(status -> status.model().id(), Function.identity())), known);
        for (String type : snapshot.types()) {
            TypeView view = view(snapshot, type, overrides);
            Optional<Model> desired = Router.desired(view, readiness);
            if (desired.isPresent() && readiness.mayLoad(desired.get(), now)
                    && (isWanted(view, null, desired.get(), readiness)
                            || (!readiness.isOut(desired.get()) && eager.test(desired.get())))) {
                return Optional.of(new Action.Load(desired.get()));
            }
            Optional<Model> arm = arms(view).filter(model -> readiness.mayLoad(model, now) && !readiness.isOut(model))
                    .findFirst();
            if (arm.isPresent()) {
                return arm.map(Action.Load::new);
            }
            Optional<Model> named = named(view, readiness).filter(model -> readiness.mayLoad(model, now)).findFirst();
            if (named.isPresent()) {
                return named.map(Action.Load::new);
            }
        }
        return Optional.empty();
    }

    /** What routes of a type are chosen from: the snapshot, but where this replica is told otherwise. */
    static TypeView view(RegistrySnapshot snapshot, String type, Map<String, LocalOverride> overrides) {
        PublishedType published = snapshot.type(type);
        TypeView everybody = new TypeView(type, published.versions(), published.byVersion(), published.routing());
        LocalOverride override = overrides.get(type);
        return override == null ? everybody : override.applied(everybody);
    }

    private static boolean isPublished(RegistrySnapshot snapshot, Model model) {
        return snapshot.model(model.id()).filter(model::equals).isPresent()
                && !view(snapshot, model.id().type(), Map.of()).isRetired(model);
    }

    /** The versions of a running experiment: requests do not wait for them, so they are loaded before any comes. */
    private static Stream<Model> arms(TypeView view) {
        return view.routing().flatMap(Routing::runningExperiment).stream()
                .flatMap(running -> Split.arms(view, running).stream()).map(Split.Chosen::model);
    }

    /** What aliases name while another version still answers for it. */
    private static Stream<Model> named(TypeView view, Statuses readiness) {
        return view.routing().map(Routing::aliases).orElse(Map.of()).entrySet().stream()
                .flatMap(alias -> view.version(alias.getValue()).filter(model -> !view.isRetired(model))
                        .filter(model -> isWanted(view, "@" + alias.getKey(), model, readiness)).stream());
    }

    /** Lazy loading waits for a request, but where another version answers in its place the desired one is fetched now. */
    private static boolean isWanted(TypeView view, @Nullable String asked, Model desired, Statuses readiness) {
        return !Router.choose(view, asked, readiness).equals(desired);
    }

    private record Statuses(Map<ModelId, ServableStatus> byId, Readiness known)
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
            return known.learned(model);
        }

        @Override
        public Optional<Model> standIn(String type, String asked) {
            return known.standIn(type, asked);
        }

        boolean mayLoad(Model model, Instant now) {
            ServableStatus status = byId.get(model.id());
            return status == null || isOut(model) || (status.state() == ServableState.FAILED
                    && status.retryAt().map(at -> !now.isBefore(at)).orElse(true));
        }

        /** Whether it was let go, or is being let go. */
        boolean isOut(Model model) {
            return is(model, ServableState.DRAINING) || is(model, ServableState.UNLOADED);
        }

        private boolean is(Model model, ServableState state) {
            ServableStatus status = byId.get(model.id());
            return status != null && status.state() == state && status.model().equals(model);
        }
    }
}
