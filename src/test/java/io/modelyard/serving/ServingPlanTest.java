package io.modelyard.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.model.Routing;
import io.modelyard.registry.RegistrySnapshot;
import io.modelyard.tensor.Signature;
import io.modelyard.traffic.Readiness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class ServingPlanTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Model ONE = model("1", "a");
    private static final Model TWO = model("2", "b");
    private static final Readiness NOTHING_KNOWN = new Known(Map.of());

    @Test
    void lazyLoadingLoadsNothingUnasked() {
        assertThat(next(snapshot(null, ONE, TWO), false)).isEmpty();
    }

    @Test
    void eagerLoadingLoadsTheActiveVersion() {
        assertThat(next(snapshot(null, ONE, TWO), true)).contains(new ServingPlan.Action.Load(TWO));
        assertThat(next(snapshot(routing("1", null), ONE, TWO), true)).contains(new ServingPlan.Action.Load(ONE));
        assertThat(next(snapshot(null, ONE, TWO), true, ready(TWO))).isEmpty();
    }

    @Test
    void whereTheOldVersionStillAnswersTheNewOneIsLoaded() {
        RegistrySnapshot activated = snapshot(routing("2", "1"), ONE, TWO);
        assertThat(next(activated, false, ready(ONE))).contains(new ServingPlan.Action.Load(TWO));
        assertThat(next(activated, false, ready(ONE), status(TWO, ServableState.LOADING, null))).isEmpty();
        assertThat(next(activated, false, ready(ONE), ready(TWO))).isEmpty();
    }

    @Test
    void whatIsNotPublishedAnyMoreIsUnloadedFirst() {
        assertThat(next(snapshot(null, ONE), true, ready(TWO)))
                .contains(new ServingPlan.Action.Forget(new ModelId("t", "2")));
        assertThat(next(snapshot(null, model("1", "changed")), false, ready(ONE)))
                .contains(new ServingPlan.Action.Forget(new ModelId("t", "1")));
    }

    @Test
    void aDeletedVersionIsUnloaded() {
        Routing routing = new Routing("t", 2, null, null, null, Map.of(),
                Map.of("2", Routing.Retirement.of(NOW, "ops", null)), null, change());
        assertThat(next(snapshot(routing, ONE, TWO), false, ready(TWO)))
                .contains(new ServingPlan.Action.Forget(new ModelId("t", "2")));
    }

    @Test
    void whereAnotherVersionStillAnswersForAnAliasItsVersionIsLoaded() {
        RegistrySnapshot moved = snapshot(routing("1", null).withAliases(Map.of("best", "2")), ONE, TWO);
        assertThat(next(moved, false, ready(ONE))).isEmpty();
        assertThat(next(moved, Map.of(), Map.of("@best", ONE), false, ready(ONE)))
                .contains(new ServingPlan.Action.Load(TWO));
        assertThat(next(moved, Map.of(), Map.of("@best", ONE), false, ready(ONE), ready(TWO))).isEmpty();
    }

    @Test
    void whatWasLetGoStaysOutThoughItIsActiveButNotWhereAnotherAnswersForIt() {
        RegistrySnapshot active = snapshot(routing("2", "1"), ONE, TWO);
        ServableStatus out = status(TWO, ServableState.UNLOADED, null);
        assertThat(next(active, true, out)).isEmpty();
        assertThat(next(active, true, status(TWO, ServableState.DRAINING, null))).isEmpty();
        assertThat(next(active, false, ready(ONE), out)).contains(new ServingPlan.Action.Load(TWO));
        // It answered here before: a request for it loads it, and the one before does not step in.
        assertThat(next(active, Map.of(), Map.of("", TWO), true, ready(ONE), out)).isEmpty();
    }

    @Test
    void whatHasNoRoomIsNotLoadedUnasked() {
        assertThat(ServingPlan.next(snapshot(null, ONE, TWO), Map.of(), List.of(), NOTHING_KNOWN, TWO::equals, NOW))
                .contains(new ServingPlan.Action.Load(TWO));
        assertThat(ServingPlan.next(snapshot(null, ONE, TWO), Map.of(), List.of(), NOTHING_KNOWN, model -> false,
                NOW)).isEmpty();
    }

    @Test
    void aLocalOverrideIsPlannedForAsLongAsItIsNotOvertaken() {
        LocalOverride override = new LocalOverride("t", "1", "2", NOW, NOW.plusSeconds(9), "ops", null);
        assertThat(next(snapshot(routing("2", null), ONE, TWO), Map.of("t", override), Map.of(), true))
                .contains(new ServingPlan.Action.Load(ONE));
        assertThat(next(snapshot(routing("3", null), ONE, TWO, model("3", "c")), Map.of("t", override), Map.of(),
                true)).contains(new ServingPlan.Action.Load(model("3", "c")));
        Routing gone = routing("2", null).withRetired(Map.of("1", Routing.Retirement.of(NOW, null, null)));
        assertThat(next(snapshot(gone, ONE, TWO), Map.of("t", override), Map.of(), true))
                .contains(new ServingPlan.Action.Load(TWO));
    }

    @Test
    void aFailedLoadIsTriedAgainWhenItsTimeHasCome() {
        RegistrySnapshot snapshot = snapshot(routing("1", null), ONE);
        assertThat(next(snapshot, true, status(ONE, ServableState.FAILED, NOW.plusSeconds(1)))).isEmpty();
        assertThat(next(snapshot, true, status(ONE, ServableState.FAILED, NOW)))
                .contains(new ServingPlan.Action.Load(ONE));
    }

    private static Optional<ServingPlan.Action> next(RegistrySnapshot snapshot, boolean eager,
            ServableStatus... statuses) {
        return next(snapshot, Map.of(), Map.of(), eager, statuses);
    }

    private static Optional<ServingPlan.Action> next(RegistrySnapshot snapshot, Map<String, LocalOverride> overrides,
            Map<String, Model> standIns, boolean eager, ServableStatus... statuses) {
        return ServingPlan.next(snapshot, overrides, List.of(statuses), new Known(standIns), model -> eager, NOW);
    }

    private record Known(Map<String, Model> standIns) implements Readiness {
        @Override
        public boolean isReady(Model model) {
            throw new AssertionError("the statuses say so");
        }

        @Override
        public boolean hasFailed(Model model) {
            throw new AssertionError("the statuses say so");
        }

        @Override
        public Optional<Signature> learned(Model model) {
            return Optional.empty();
        }

        @Override
        public Optional<Model> standIn(String type, String asked) {
            return Optional.ofNullable(standIns.get(asked));
        }
    }

    private static ServableStatus ready(Model model) {
        return status(model, ServableState.READY, null);
    }

    private static ServableStatus status(Model model, ServableState state, @Nullable Instant retryAt) {
        return new ServableStatus(model, state, Optional.empty(), Optional.ofNullable(retryAt), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), 0, Optional.empty(), Optional.empty(), List.of());
    }

    private static RegistrySnapshot snapshot(@Nullable Routing routing, Model... models) {
        return RegistrySnapshot.of("id", NOW, List.of(models), routing == null ? Map.of() : Map.of("t", routing));
    }

    private static Routing routing(String active, @Nullable String previous) {
        return new Routing("t", 1, active, "digest", previous, Map.of(), Map.of(), null, change());
    }

    private static Routing.Change change() {
        return new Routing.Change("c", NOW, "ops", "activate", null, null, null);
    }

    private static Model model(String version, String digest) {
        Manifest manifest = new Manifest(1, "t", version, "xgboost", null, List.of(), List.of(), List.of(), List.of(),
                null, null, true, Map.of(), null, null, null, null, Instant.EPOCH.plusSeconds(version.charAt(0)), null,
                Map.of());
        return new Model(manifest, digest);
    }
}
