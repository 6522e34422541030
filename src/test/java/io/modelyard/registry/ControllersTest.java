package io.modelyard.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.model.Caller;
import io.modelyard.model.Role;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.RoutingController.AliasBody;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/** What the controllers answer, and to whom. */
final class ControllersTest {
    private static final Caller OPS = new Caller("ops", Set.of(Role.OPERATE), Set.of());
    private static final Caller BIRDS = new Caller("birds", Set.of(Role.OPERATE), Set.of("penguins"));

    @TempDir
    private Path folder;
    private Replica replica;
    private RegistryController registry;
    private RoutingController routing;

    @BeforeEach
    void open() {
        replica = new Replica(folder, 1);
        registry = new RegistryController(replica.registry, replica.writer, replica.clock);
        routing = new RoutingController(replica.registry, replica.writer,
                new PublishedVersions(replica.registry));
        replica.push(Manifests.of("penguins", "1"));
        replica.push(Manifests.of("penguins", "2"));
        replica.push(Manifests.of("digits", "1"));
        replica.put("registry/penguins/3.json", "{");
        replica.put("registry/digits/3.json", "{");
        replica.put("access/x/0000000001.json", "{");
        replica.registry.sync();
    }

    @Test
    void showsTheStateOfTheRegistry() {
        replica.clock.advance(Duration.ofSeconds(3));
        RegistryView view = registry.show(OPS);

        assertThat(view.store()).isEqualTo(replica.store.location());
        assertThat(view.snapshotId()).isEqualTo(replica.registry.current().id());
        assertThat(view.readAt()).isEqualTo(Replica.NOW);
        assertThat(view.staleMs()).isEqualTo(3000);
        assertThat(view.failing()).isFalse();
        assertThat(view.counts()).isEqualTo(new RegistryView.Counts(2, 3, 0, 3));
        assertThat(view.quarantine()).extracting(RegistryView.Entry::key).containsExactly("access/x/0000000001.json",
                "registry/digits/3.json", "registry/penguins/3.json");
    }

    @Test
    void showsAKeyThatIsLimitedToTypesOnlyThose() {
        replica.push(Manifests.of("penguins", "4"));
        replica.push(Manifests.of("digits", "4"));
        SyncView sync = registry.sync(BIRDS);
        RegistryView view = registry.show(BIRDS);

        assertThat(sync.added()).containsExactly("registry/penguins/4");
        assertThat(sync.quarantined()).containsExactly("registry/penguins/3.json");
        assertThat(view.counts()).isEqualTo(new RegistryView.Counts(1, 3, null, 1));
        assertThat(view.quarantine()).extracting(RegistryView.Entry::key).containsExactly("registry/penguins/3.json");
        assertThatThrownBy(() -> routing.history("digits", BIRDS)).isInstanceOf(ServingFailure.NotFound.class)
                .hasMessageContaining("no model type 'digits'");
        assertThatThrownBy(() -> routing.setAlias("digits", "a", new AliasBody("1", null), null, BIRDS))
                .isInstanceOf(ServingFailure.NotFound.class);
        assertThatThrownBy(() -> registry.changeDefaultType(new RegistryController.DefaultType("digits"), BIRDS))
                .isInstanceOf(ServingFailure.NotFound.class);
    }

    @Test
    void syncsNow() {
        replica.push(Manifests.of("digits", "4"));

        assertThat(registry.sync(OPS).added()).containsExactly("registry/digits/4");
        assertThat(registry.sync(OPS).added()).isEmpty();
    }

    @Test
    void setsMovesAndRemovesAnAlias() {
        assertThat(routing.setAlias("penguins", "champion", new AliasBody("1", "best"), null, OPS).aliases())
                .containsEntry("champion", "1");
        replica.clock.advance(Duration.ofMinutes(1));
        assertThat(routing.setAlias("penguins", "champion", new AliasBody("2", null), "\"1\"", OPS).revision())
                .isEqualTo(2);
        assertThat(routing.removeAlias("penguins", "champion", null, OPS).aliases()).isEmpty();

        assertThat(routing.history("penguins", OPS).revisions()).containsExactly(
                new RoutingController.Entry(3, Replica.NOW.plusSeconds(60), "ops", "remove_alias @champion", "2", null,
                        null, null),
                new RoutingController.Entry(2, Replica.NOW.plusSeconds(60), "ops", "set_alias @champion", "1", "2",
                        null, null),
                new RoutingController.Entry(1, Replica.NOW, "ops", "set_alias @champion", null, "1", "best", null));
    }

    @Test
    void keepsTheRestOfTheRoutingWhenAnAliasChanges() {
        replica.writer.changeRouting("penguins", null, newest -> Replica.activate(newest, "penguins", "2"));
        routing.setAlias("penguins", "b", new AliasBody("2", null), null, OPS);
        routing.setAlias("penguins", "a", new AliasBody("1", null), null, OPS);

        assertThat(replica.registry.current().routing("penguins")).hasValueSatisfying(now -> {
            assertThat(now.active()).isEqualTo("2");
            assertThat(now.aliases()).containsOnlyKeys("a", "b");
        });
    }

    @Test
    void settingAnAliasToWhatItIsChangesNothing() {
        routing.setAlias("penguins", "champion", new AliasBody("1", null), null, OPS);

        assertThat(routing.setAlias("penguins", "champion", new AliasBody("1", null), null, OPS).revision())
                .isEqualTo(1);
    }

    @Test
    void anAliasMayNameAVersionThatAnotherReplicaPublishedJustNow() {
        new Replica(folder, 2).writer.publish(Manifests.of("penguins", "9"));

        assertThat(routing.setAlias("penguins", "new", new AliasBody("9", null), null, OPS).aliases())
                .containsEntry("new", "9");
    }

    @Test
    void refusesAnAliasForWhatIsNotThere() {
        assertThatThrownBy(() -> routing.setAlias("penguins", "a", new AliasBody("7", null), null, OPS))
                .isInstanceOf(ServingFailure.NotFound.class).hasMessageContaining("no version '7'");
        assertThatThrownBy(() -> routing.setAlias("penguins", "a", new AliasBody("@b", null), null, OPS))
                .isInstanceOf(ServingFailure.NotFound.class);
        assertThatThrownBy(() -> routing.setAlias("none", "a", new AliasBody("1", null), null, OPS))
                .isInstanceOf(ServingFailure.NotFound.class);
        assertThatThrownBy(() -> routing.removeAlias("penguins", "a", null, OPS))
                .isInstanceOf(ServingFailure.NotFound.class).hasMessageContaining("@a");
        assertThatThrownBy(() -> routing.setAlias("penguins", "a", new AliasBody(null, null), null, OPS))
                .isInstanceOf(ServingFailure.BadParameter.class).hasMessageContaining("version");
    }

    @Test
    void refusesAnAliasForADeletedVersion() {
        replica.put("routing/penguins/0000000001.json", Replica.routing("penguins", 1,
                "\"retired\": {\"2\": {\"at\": \"2026-11-20T10:00:00Z\", \"by\": \"eve\"}},"));

        assertThatThrownBy(() -> routing.setAlias("penguins", "a", new AliasBody("2", null), null, OPS))
                .isInstanceOf(ServingFailure.VersionDeleted.class).hasMessageContaining("by eve");
    }

    @ParameterizedTest
    @ValueSource(strings = {"latest", "@a", "A", "", "a b", ".a"})
    void refusesNamesThatAreNoAliases(String alias) {
        assertThatThrownBy(() -> routing.setAlias("penguins", alias, new AliasBody("1", null), null, OPS))
                .isInstanceOf(ServingFailure.BadParameter.class);
    }

    @Test
    void insistsOnTheRevisionOfIfMatch() {
        assertThat(ExpectedRevision.parse(null)).isNull();
        assertThat(ExpectedRevision.parse("*")).isNull();
        assertThat(ExpectedRevision.parse(" \"12\" ")).isEqualTo(12);
        assertThat(ExpectedRevision.parse("12")).isEqualTo(12);
        assertThatThrownBy(() -> ExpectedRevision.parse("W/\"1\"")).isInstanceOf(ServingFailure.BadParameter.class);
        assertThatThrownBy(() -> routing.setAlias("penguins", "a", new AliasBody("1", null), "7", OPS))
                .isInstanceOf(ServingFailure.RevisionConflict.class);
    }

    @Test
    void changesTheDefaultTypeForThoseWhoMay() {
        assertThat(registry.changeDefaultType(new RegistryController.DefaultType("digits"), OPS).type())
                .isEqualTo("digits");
        assertThat(replica.registry.current().defaultType()).hasValue("digits");
        assertThatThrownBy(() -> registry.changeDefaultType(new RegistryController.DefaultType("none"), OPS))
                .isInstanceOf(ServingFailure.NotFound.class);
        assertThatThrownBy(() -> registry.changeDefaultType(new RegistryController.DefaultType(null), OPS))
                .isInstanceOf(ServingFailure.BadParameter.class);
        assertThatThrownBy(() -> registry.changeDefaultType(new RegistryController.DefaultType("penguins"), BIRDS))
                .isInstanceOf(ServingFailure.Forbidden.class);
    }
}
