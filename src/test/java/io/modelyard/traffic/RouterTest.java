package io.modelyard.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.model.Routing;
import io.modelyard.model.ServingFailure;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.TensorSpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

final class RouterTest {
    private static final Model ONE = model("1", 4);
    private static final Model TWO = model("2", 4);
    private static final Model THREE = model("3", 4);
    private static final Model WIDER = model("4", 5);

    @Test
    void aTypeWithoutRoutingFollowsTheLatestVersion() {
        assertThat(choose(view(null, TWO, ONE), null, TWO, ONE)).isEqualTo(TWO);
    }

    @Test
    void theActiveVersionAnswersWhateverIsLatest() {
        assertThat(choose(view(routing("1", null), TWO, ONE), null, TWO, ONE)).isEqualTo(ONE);
    }

    @Test
    void theOldVersionAnswersUntilTheNewOneIsReady() {
        TypeView view = view(routing("2", "1"), TWO, ONE);
        assertThat(choose(view, null, ONE)).isEqualTo(ONE);
        assertThat(choose(view, null, ONE, TWO)).isEqualTo(TWO);
    }

    @Test
    void aNewLatestVersionAnswersWhenItIsReady() {
        TypeView view = view(null, THREE, TWO, ONE);
        assertThat(choose(view, null, ONE)).isEqualTo(ONE);
        assertThat(choose(view, null, ONE, THREE)).isEqualTo(THREE);
    }

    @Test
    void whereNothingIsReadyTheDesiredVersionIsTheOneToLoad() {
        assertThat(choose(view(routing("2", "1"), TWO, ONE), null)).isEqualTo(TWO);
    }

    @Test
    void latestPassesOverAVersionThatCannotBeLoadedHere() {
        TypeView view = view(null, TWO, ONE);
        assertThat(Router.choose(view, "@latest", readiness(Set.of(), Set.of(TWO)))).isEqualTo(ONE);
        assertThat(Router.choose(view, null, readiness(Set.of(), Set.of(TWO)))).isEqualTo(ONE);
        assertThat(Router.choose(view, null, readiness(Set.of(), Set.of(TWO, ONE)))).isEqualTo(TWO);
    }

    @Test
    void latestDoesNotFollowAVersionThatBreaksTheContract() {
        assertThat(choose(view(null, WIDER, TWO, ONE), null)).isEqualTo(TWO);
        assertThat(choose(view(null, WIDER, TWO, ONE), "4")).isEqualTo(WIDER);
        assertThat(choose(view(routing("4", null), WIDER, TWO, ONE), null)).isEqualTo(WIDER);
    }

    @Test
    void anAliasNamesAVersion() {
        TypeView view = view(routing("1", null), TWO, ONE);
        assertThat(choose(view, "@champion")).isEqualTo(TWO);
        assertThatThrownBy(() -> choose(view, "@nobody")).isInstanceOf(ServingFailure.NotFound.class)
                .extracting(e -> ((ServingFailure) e).code()).isEqualTo("alias_not_found");
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertThatThrownBy(() -> choose(view(null), null)).extracting(e -> ((ServingFailure) e).code())
                .isEqualTo("model_not_found");
        assertThatThrownBy(() -> choose(view(null, ONE), "9")).extracting(e -> ((ServingFailure) e).code())
                .isEqualTo("version_not_found");
        assertThatThrownBy(() -> choose(view(null, ONE), "../1")).extracting(e -> ((ServingFailure) e).code())
                .isEqualTo("version_not_found");
    }

    @Test
    void aDeletedVersionIsGoneAndNotFollowed() {
        Routing routing = new Routing("t", 3, null, null, null, Map.of(),
                Map.of("2", Routing.Retirement.of(Instant.EPOCH, "ops", "bad")), null, change());
        TypeView view = new TypeView("t", List.of(TWO, ONE), Optional.of(routing));
        assertThat(choose(view, null)).isEqualTo(ONE);
        assertThatThrownBy(() -> choose(view, "2")).isInstanceOf(ServingFailure.VersionDeleted.class)
                .hasMessageContaining("ops");
    }

    @Test
    void whereAllIsDeletedEveryUseSaysWhoDidIt() {
        var gone = Map.of("1", Routing.Retirement.of(Instant.EPOCH, "ops", "bad"), "2",
                Routing.Retirement.of(Instant.EPOCH, "eve", "bad"));
        TypeView pinned = view(routing("1", "2").withRetired(gone), TWO, ONE);
        TypeView following = view(routing("1", "2").with(null, null, "1").withRetired(gone), TWO, ONE);

        assertThat(Router.desired(pinned, readiness(Set.of(ONE, TWO), Set.of()))).isEmpty();
        assertThatThrownBy(() -> choose(pinned, null, ONE, TWO)).isInstanceOf(ServingFailure.VersionDeleted.class)
                .hasMessageContaining("t/1").hasMessageContaining("by ops");
        assertThatThrownBy(() -> choose(following, null)).isInstanceOf(ServingFailure.VersionDeleted.class)
                .hasMessageContaining("by eve");
        assertThatThrownBy(() -> choose(pinned, "@latest")).isInstanceOf(ServingFailure.VersionDeleted.class);
        assertThatThrownBy(() -> choose(pinned, "@champion")).isInstanceOf(ServingFailure.VersionDeleted.class);
    }

    @Test
    void whoeverAnsweredHereGoesOnUntilTheOneThatShouldIsReady() {
        Model three = model("3", 4);
        TypeView view = view(routing("3", "2"), three, TWO, ONE);
        Map<String, Model> answered = Map.of(Router.ACTIVE, ONE, "@champion", ONE);

        assertThat(Router.choose(view, null, readiness(Set.of(ONE), Set.of(), answered))).isEqualTo(ONE);
        assertThat(Router.choose(view, null, readiness(Set.of(ONE, three), Set.of(), answered))).isEqualTo(three);
        assertThat(Router.choose(view, null, readiness(Set.of(), Set.of(), answered))).isEqualTo(three);
        assertThat(Router.choose(view, "@champion", readiness(Set.of(ONE), Set.of(), answered))).isEqualTo(ONE);
        assertThat(Router.choose(view, "@champion", readiness(Set.of(ONE, TWO), Set.of(), answered)))
                .isEqualTo(TWO);
        TypeView retired = view(routing("3", "2").withRetired(
                Map.of("1", Routing.Retirement.of(Instant.EPOCH, null, null))), three, TWO, ONE);
        assertThat(Router.choose(retired, null, readiness(Set.of(ONE), Set.of(), answered))).isEqualTo(three);
        assertThat(Router.choose(retired, "@champion", readiness(Set.of(ONE), Set.of(), answered))).isEqualTo(TWO);
    }

    private static Model choose(TypeView view, @Nullable String asked, Model... ready) {
        return Router.choose(view, asked, readiness(Set.of(ready), Set.of()));
    }

    private static Readiness readiness(Set<Model> ready, Set<Model> failed) {
        return readiness(ready, failed, Map.of());
    }

    private static Readiness readiness(Set<Model> ready, Set<Model> failed, Map<String, Model> answered) {
        return new Readiness() {
            @Override
            public boolean isReady(Model model) {
                return ready.contains(model);
            }

            @Override
            public boolean hasFailed(Model model) {
                return failed.contains(model);
            }

            @Override
            public Optional<Signature> learned(Model model) {
                return Optional.empty();
            }

            @Override
            public Optional<Model> standIn(String type, String asked) {
                return Optional.ofNullable(answered.get(asked));
            }
        };
    }

    private static TypeView view(@Nullable Routing routing, Model... latestFirst) {
        return new TypeView("t", List.of(latestFirst), Optional.ofNullable(routing));
    }

    private static Routing routing(String active, @Nullable String previous) {
        return new Routing("t", 2, active, "digest", previous, Map.of("champion", "2"), Map.of(), null, change());
    }

    private static Routing.Change change() {
        return new Routing.Change("c", Instant.EPOCH, "ops", "activate", null, null, null);
    }

    private static Model model(String version, long width) {
        Manifest manifest = new Manifest(1, "t", version, "xgboost", null, List.of(),
                List.of(TensorSpec.of("features", DataType.FLOAT32, Shape.of(-1, width))),
                List.of(TensorSpec.of("prediction", DataType.FLOAT32, Shape.of(-1))), List.of(), null, null, true,
                Map.of(), null, null, null, null, Instant.EPOCH, null, Map.of());
        return new Model(manifest, "digest-" + version);
    }
}
