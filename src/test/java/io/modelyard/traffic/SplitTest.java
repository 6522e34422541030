package io.modelyard.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.model.Experiment;
import io.modelyard.model.Experiment.Arm;
import io.modelyard.model.Experiment.Strategy;
import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.model.Routing;
import io.modelyard.tensor.Signature;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

final class SplitTest {
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private static final Experiment.HashOn SESSION = new Experiment.HashOn("X-Session-Id", null);
    private static final Set<String> ALL = Set.of("1", "2", "3");

    @Test
    void withoutAnExperimentThatRunsThereIsNoArm() {
        assertThat(choose(null, ALL, 0.5, null)).isEmpty();
        assertThat(choose(random(arm("1", 1)).ended(NOW), ALL, 0.5, null)).isEmpty();
    }

    @Test
    void weightsAreShares() {
        Experiment experiment = random(arm("1", 1), arm("2", 2), arm("3", 1));
        assertThat(choose(experiment, ALL, 0, null)).contains("1");
        assertThat(choose(experiment, ALL, Math.nextDown(0.25), null)).contains("1");
        assertThat(choose(experiment, ALL, 0.25, null)).contains("2");
        assertThat(choose(experiment, ALL, Math.nextDown(0.75), null)).contains("2");
        assertThat(choose(experiment, ALL, 0.75, null)).contains("3");
        assertThat(choose(experiment, ALL, Math.nextDown(1.0), null)).contains("3");
    }

    @Test
    void anArmThatIsNotReadyGetsNothingAndTheOthersShareItsPart() {
        Experiment experiment = random(arm("1", 1), arm("2", 2), arm("3", 1));
        assertThat(choose(experiment, Set.of("1", "3"), 0.49, null)).contains("1");
        assertThat(choose(experiment, Set.of("1", "3"), 0.51, null)).contains("3");
        assertThat(choose(experiment, Set.of(), 0.5, null)).isEmpty();
        assertThat(choose(experiment, Set.of("4"), 0.5, null)).isEmpty();
    }

    @Test
    void anArmWithoutWeightGetsNothing() {
        assertThat(choose(random(arm("1", 0), arm("2", 1)), ALL, 0, null)).contains("2");
        assertThat(choose(random(arm("1", 0)), ALL, 0, null)).isEmpty();
    }

    @Test
    void aDeletedVersionAndOneThatIsNotThereTakeNoPart() {
        Experiment experiment = random(arm("1", 1), arm("2", 1), arm("9", 1));
        Routing routing = routing(experiment).withRetired(Map.of("1", Routing.Retirement.of(NOW, null, null)));
        TypeView view = new TypeView("t", List.of(model("2"), model("1")), Optional.of(routing));
        assertThat(Split.choose(view, readiness(ALL), draw(0, null))).map(chosen -> chosen.arm().name())
                .contains("2");
        assertThat(Split.arms(view, experiment)).extracting(chosen -> chosen.arm().name()).containsExactly("2");
    }

    @Test
    void theHashIsTheOneThatIsDocumented() {
        // printf 'salt\0a\0session' | sha256sum begins with 22d59f6eafb1d5d3: its first 53 bits and a half, by 2 to the 53rd.
        assertThat(Split.uniform("salt", "a", "session")).isEqualTo(0.13607212497999593);
    }

    @Test
    void aRequestWithoutTheValueDraws() {
        Experiment sticky = sticky("s", arm("1", 1), arm("2", 1));
        assertThat(choose(sticky, ALL, 0.1, null)).contains("1");
        assertThat(choose(sticky, ALL, 0.9, null)).contains("2");
    }

    @Property(seed = "1", tries = 300)
    void equalValuesStayTogetherWhateverIsDrawn(@ForAll @StringLength(min = 1, max = 40) String session,
            @ForAll String salt) {
        Experiment experiment = sticky(salt + "x", arm("1", 1), arm("2", 3), arm("3", 1));
        assertThat(choose(experiment, ALL, 0, session)).isEqualTo(choose(experiment, ALL, 0.99, session));
    }

    @Property(seed = "2", tries = 300)
    void aNewArmTakesAndGivesNothingElse(@ForAll @IntRange(max = 1_000_000) int session) {
        Experiment before = sticky("s", arm("1", 1), arm("2", 1));
        Experiment after = sticky("s", arm("1", 1), arm("2", 1), arm("3", 1));
        Optional<String> now = choose(after, ALL, 0, "session-" + session);
        assertThat(now).satisfiesAnyOf(arm -> assertThat(arm).contains("3"),
                arm -> assertThat(arm).isEqualTo(choose(before, ALL, 0, "session-" + session)));
        // The same for one that is not ready.
        assertThat(choose(after, Set.of("1", "2"), 0, "session-" + session))
                .isEqualTo(choose(before, ALL, 0, "session-" + session));
    }

    @Property(seed = "3", tries = 300)
    void moreWeightOnlyAttracts(@ForAll @IntRange(max = 1_000_000) int session) {
        Optional<String> before = choose(sticky("s", arm("1", 1), arm("2", 1), arm("3", 1)), ALL, 0, "u" + session);
        Optional<String> after = choose(sticky("s", arm("1", 2), arm("2", 1), arm("3", 1)), ALL, 0, "u" + session);
        assertThat(after).satisfiesAnyOf(arm -> assertThat(arm).contains("1"),
                arm -> assertThat(arm).isEqualTo(before));
    }

    @Test
    void hashingFollowsTheWeightsAndExperimentsAreIndependent() {
        Experiment one = sticky("one", arm("1", 1), arm("2", 3));
        Experiment two = sticky("two", arm("1", 1), arm("2", 3));
        int sessions = 40_000;
        long ofOne = count(sessions, i -> choose(one, ALL, 0, "s" + i).equals(Optional.of("1")));
        long ofBoth = count(sessions, i -> choose(one, ALL, 0, "s" + i).equals(Optional.of("1"))
                && choose(two, ALL, 0, "s" + i).equals(Optional.of("1")));
        // Always the same numbers: expected 10,000 and 2,500, within five standard deviations of a fair draw.
        assertThat(ofOne).isBetween(10_000L - 433, 10_000L + 433);
        assertThat(ofBoth).isBetween(2_500L - 242, 2_500L + 242);
    }

    private static long count(int sessions, IntPredicate is) {
        return IntStream.range(0, sessions).filter(is).count();
    }

    private static Optional<String> choose(@Nullable Experiment experiment, Set<String> ready, double random,
            @Nullable String session) {
        TypeView view = new TypeView("t", List.of(model("3"), model("2"), model("1")),
                Optional.of(routing(experiment)));
        return Split.choose(view, readiness(ready), draw(random, session)).map(chosen -> chosen.arm().name());
    }

    private static Routing routing(@Nullable Experiment experiment) {
        return new Routing("t", 1, "1", "d", null, Map.of(), Map.of(), experiment,
                new Routing.Change("c", NOW, "ops", "begin_experiment", null, null, null));
    }

    private static Experiment random(Arm... arms) {
        return new Experiment("e", Strategy.RANDOM, "salt", null, List.of(arms), null, NOW, null);
    }

    private static Experiment sticky(String salt, Arm... arms) {
        return new Experiment("e", Strategy.HASH_BASED, salt, SESSION, List.of(arms), null, NOW, null);
    }

    private static Arm arm(String version, double weight) {
        return new Arm(version, version, weight, NOW);
    }

    private static Draw draw(double random, @Nullable String session) {
        return new Draw() {
            @Override
            public double random() {
                return random;
            }

            @Override
            public Optional<String> value(Experiment.HashOn on) {
                return Optional.ofNullable(session);
            }
        };
    }

    private static Readiness readiness(Set<String> versions) {
        return new Readiness() {
            @Override
            public boolean isReady(Model model) {
                return versions.contains(model.id().version());
            }

            @Override
            public boolean hasFailed(Model model) {
                return false;
            }

            @Override
            public Optional<Signature> learned(Model model) {
                return Optional.empty();
            }
        };
    }

    private static Model model(String version) {
        return new Model(new Manifest(1, "t", version, "onnx", null, List.of(), List.of(), List.of(), List.of(), null,
                null, true, Map.of(), null, null, null, null, NOW, null, Map.of()), "digest" + version);
    }
}
