package io.modelyard.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.model.Model;
import io.modelyard.model.Routing;
import io.modelyard.model.ServingFailure;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What follows from a decision, given the newest routing. */
final class RoutingChangesTest {
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private static final Optional<String> NOBODY = Optional.empty();

    private final RoutingChanges changes = new RoutingChanges("t", "ops", "why");

    @Test
    void activatesAndRemembersWhatAnsweredBefore() {
        Routing first = changes.activate(Optional.empty(), model("1"), Optional.of("2"));
        assertThat(first.active()).isEqualTo("1");
        assertThat(first.activeDigest()).isEqualTo("digest-1");
        assertThat(first.previous()).isEqualTo("2");
        assertThat(first.change()).isEqualTo(change("activate", "2", "1"));

        Routing second = changes.activate(Optional.of(first), model("3"), Optional.of("9"));
        assertThat(second.previous()).isEqualTo("1");
        assertThat(changes.activate(Optional.of(second), model("3"), NOBODY)).isSameAs(second);
    }

    @Test
    void followsTheLatestAgain() {
        Routing pinned = changes.activate(Optional.empty(), model("1"), NOBODY);
        Routing following = changes.followLatest(Optional.of(pinned), Optional.of("2"));

        assertThat(following.active()).isNull();
        assertThat(following.activeDigest()).isNull();
        assertThat(following.previous()).isEqualTo("1");
        assertThat(following.change()).isEqualTo(change("activate", "1", "@latest"));
        assertThat(changes.followLatest(Optional.of(following), NOBODY)).isSameAs(following);
    }

    @Test
    void rollsBackAndForthButNotToWhatSomebodyElseMadeOfIt() {
        Routing one = changes.activate(Optional.empty(), model("1"), NOBODY);
        Routing two = changes.activate(Optional.of(one), model("2"), NOBODY);
        assertThat(RoutingChanges.previous(Optional.of(two))).hasValue("1");

        Routing back = changes.rollback(Optional.of(two), model("1"), NOBODY);
        assertThat(back.active()).isEqualTo("1");
        assertThat(back.previous()).isEqualTo("2");
        assertThat(back.change()).isEqualTo(change("rollback", "2", "1"));
        assertThatThrownBy(() -> changes.rollback(Optional.of(back), model("1"), NOBODY))
                .isInstanceOf(ServingFailure.RevisionConflict.class);
    }

    @Test
    void retiresWhatNobodyIsLedTo() {
        Routing pinned = changes.setAlias(
                Optional.of(changes.activate(Optional.empty(), model("1"), NOBODY)), "best", "2");

        assertThatThrownBy(() -> changes.retire(Optional.of(pinned), "1", NOBODY, NOW))
                .isInstanceOf(ServingFailure.Conflict.class).hasMessageContaining("t/1 is the active version");
        assertThatThrownBy(() -> changes.retire(Optional.of(pinned), "2", NOBODY, NOW))
                .isInstanceOf(ServingFailure.Conflict.class).hasMessageContaining("@best");
        assertThatThrownBy(() -> changes.retire(Optional.empty(), "3", Optional.of("3"), NOW))
                .isInstanceOf(ServingFailure.Conflict.class).hasMessageContaining("@latest");

        Routing retired = changes.retire(Optional.of(pinned), "3", Optional.of("3"), NOW);
        assertThat(retired.retired()).isEqualTo(Map.of("3", Routing.Retirement.of(NOW, "ops", "why")));
        assertThat(retired.change()).isEqualTo(change("retire", "3", null));
        assertThatThrownBy(() -> changes.retire(Optional.of(retired), "3", NOBODY, NOW))
                .isInstanceOf(ServingFailure.VersionDeleted.class).hasMessageContaining("by ops")
                .hasMessageContaining("/restore");
    }

    @Test
    void aRetiredVersionIsNeitherActivatedNorNamedUntilItIsRestored() {
        Routing retired = changes.retire(Optional.empty(), "1", Optional.of("2"), NOW);

        assertThatThrownBy(() -> changes.activate(Optional.of(retired), model("1"), NOBODY))
                .isInstanceOf(ServingFailure.VersionDeleted.class);
        assertThatThrownBy(() -> changes.setAlias(Optional.of(retired), "a", "1"))
                .isInstanceOf(ServingFailure.VersionDeleted.class);

        Routing restored = changes.restore(Optional.of(retired), "1");
        assertThat(restored.retired()).isEmpty();
        assertThat(restored.change()).isEqualTo(change("restore", null, "1"));
        assertThat(changes.activate(Optional.of(restored), model("1"), NOBODY).active()).isEqualTo("1");
        assertThat(changes.restore(Optional.of(restored), "1")).isSameAs(restored);
    }

    @Test
    void whatIsBeingPurgedCannotBeRestored() {
        Routing purging = changes.retire(Optional.empty(), "1", NOBODY, NOW)
                .withRetired(Map.of("1", new Routing.Retirement(NOW, "ops", null, NOW, null)));

        assertThatThrownBy(() -> changes.restore(Optional.of(purging), "1"))
                .isInstanceOf(ServingFailure.VersionDeleted.class)
                .hasMessageContaining("cannot be restored");
        assertThatThrownBy(() -> changes.restore(Optional.empty(), "1")).isInstanceOf(ServingFailure.NotFound.class);
    }

    @Test
    void retiringAllForgetsNothing() {
        Routing pinned = changes.setAlias(
                Optional.of(changes.activate(Optional.empty(), model("1"), NOBODY)), "best", "2");

        Routing gone = changes.retireAll(Optional.of(pinned), List.of("1", "2"), NOW);
        assertThat(gone.retired()).containsOnlyKeys("1", "2");
        assertThat(gone.active()).isEqualTo("1");
        assertThat(gone.aliases()).containsEntry("best", "2");
        assertThat(gone.change()).isEqualTo(change("retire_all", "1, 2", null));
        assertThat(changes.retireAll(Optional.of(gone), List.of("1", "2"), NOW)).isSameAs(gone);
    }

    private static Routing.Change change(String action, @Nullable String from, @Nullable String to) {
        return new Routing.Change("", Instant.EPOCH, "ops", action, from, to, "why");
    }

    private static Model model(String version) {
        return new Model(Manifests.of("t", version), "digest-" + version);
    }
}
