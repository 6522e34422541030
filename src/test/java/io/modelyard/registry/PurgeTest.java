package io.modelyard.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.model.ModelId;
import io.modelyard.model.Routing;
import io.modelyard.model.Routing.Retirement;
import io.modelyard.model.ServingFailure;
import io.modelyard.store.ObjectStore.Entry;
import io.modelyard.store.StoreException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** What becomes of the files of deleted versions. */
final class PurgeTest {
    private static final String PUSH = "01a1fd1d-0000-7000-8000-000000000000";
    private static final PurgeConfiguration WEEK = new PurgeConfiguration(Duration.ofDays(7), Duration.ofDays(1),
            Duration.ofHours(1));
    private static final RoutingChanges OPS = new RoutingChanges("t", "ops", "old");

    @TempDir
    private Path folder;
    private Replica replica;
    private Purge purge;

    @BeforeEach
    void open() {
        replica = new Replica(folder, 1);
        purge = purge(replica);
        replica.push(Manifests.of("t", "1", Manifests.CREATED, PUSH, "a".repeat(64)));
        replica.push(Manifests.of("t", "2"));
        replica.push(Manifests.of("t", "3"));
        replica.put("models/t/1/" + PUSH + "/model.ubj", "pushed");
        replica.put("models/t/1/" + PUSH + "/more/part", "pushed, too");
        replica.put("models/t/2/model.ubj", "dropped");
        replica.put("models/t/2/notes.txt", "a person's");
        replica.put("models/t/3/model.ubj", "in use");
        replica.registry.sync();
    }

    private static Purge purge(Replica replica) {
        return new Purge(replica.store, replica.registry, replica.writer, WEEK, replica.clock);
    }

    private void retire(String version) {
        replica.writer.changeRouting("t", null,
                newest -> OPS.retire(newest, version, Optional.of("3"), replica.clock.instant()));
    }

    private Retirement retirement(String version) {
        return replica.registry.current().routing("t").orElseThrow().retirement(version).orElseThrow();
    }

    private List<String> files() {
        return replica.store.list("models/").stream().map(Entry::key).toList();
    }

    @Test
    void removesTheFilesWhenTheTimeHasComeAndNothingElse() {
        retire("1");
        retire("2");
        replica.clock.advance(Duration.ofDays(7).minusSeconds(1));
        purge.sweep();
        assertThat(files()).hasSize(5);
        assertThat(retirement("1").isRestorable()).isTrue();

        replica.clock.advance(Duration.ofSeconds(1));
        purge.sweep();
        assertThat(files()).containsExactly("models/t/2/notes.txt", "models/t/3/model.ubj");
        assertThat(retirement("1").purgedAt()).isEqualTo(replica.clock.instant());
        assertThat(replica.store.get("registry/t/1.json")).isPresent();
        assertThat(replica.registry.current().model(new ModelId("t", "1"))).isPresent();
        assertThat(replica.writer.history("t")).extracting(routing -> routing.change().action())
                .containsExactly("purged", "purge", "retire", "retire");
        assertThat(replica.writer.history("t")).extracting(routing -> routing.change().from())
                .containsExactly("1, 2", "1, 2", "2", "1");
    }

    @Test
    void whatIsPurgedIsDoneWith() {
        retire("1");
        replica.clock.advance(Duration.ofDays(8));
        purge.sweep();
        long revision = replica.registry.current().routing("t").orElseThrow().revision();
        replica.put("models/t/1/" + PUSH + "/again", "not looked at any more");
        replica.clock.advance(Duration.ofDays(8));
        purge.sweep();

        assertThat(replica.registry.current().routing("t").orElseThrow().revision()).isEqualTo(revision);
        assertThat(files()).contains("models/t/1/" + PUSH + "/again");
    }

    @Test
    void aPurgeThatDiedHalfWayCannotBeUndoneAndIsFinishedByAnotherReplica() {
        retire("1");
        replica.clock.advance(Duration.ofDays(7));
        replica.store.undeletable = key -> key.endsWith("/part");
        assertThatThrownBy(purge::sweep).isInstanceOf(StoreException.class);
        assertThat(files()).contains("models/t/1/" + PUSH + "/more/part")
                .doesNotContain("models/t/1/" + PUSH + "/model.ubj");
        assertThatThrownBy(() -> replica.writer.changeRouting("t", null, newest -> OPS.restore(newest, "1")))
                .isInstanceOf(ServingFailure.VersionDeleted.class);

        Replica other = new Replica(folder, 2);
        other.registry.sync();
        other.clock.advance(Duration.ofDays(7).plusMinutes(9));
        purge(other).sweep();
        assertThat(files()).contains("models/t/1/" + PUSH + "/more/part");
        other.clock.advance(Duration.ofMinutes(1));
        purge(other).sweep();
        assertThat(files()).noneMatch(key -> key.startsWith("models/t/1/"));
        assertThat(other.registry.current().routing("t").orElseThrow().retirement("1").orElseThrow().purgedAt())
                .isNotNull();
    }

    @Test
    void whereFilesMayNotBeRemovedTheVersionCanStillBeRestored() {
        retire("1");
        replica.clock.advance(Duration.ofDays(7));
        replica.store.undeletable = key -> key.startsWith("models/");
        assertThatThrownBy(purge::sweep).isInstanceOf(StoreException.class).hasMessageContaining("403");

        assertThat(retirement("1").isRestorable()).isTrue();
        assertThat(files()).hasSize(5);
    }

    @Test
    void aVersionThatWasRestoredMeanwhileKeepsItsFiles() {
        retire("1");
        Replica late = new Replica(folder, 2);
        late.registry.sync();
        replica.writer.changeRouting("t", null, newest -> OPS.restore(newest, "1"));

        late.clock.advance(Duration.ofDays(7));
        purge(late).sweep();
        assertThat(files()).hasSize(5);

        replica.clock.advance(Duration.ofSeconds(1));
        retire("1");
        purge(late).sweep();
        assertThat(files()).as("the second deletion has a time of its own").hasSize(5);
    }

    @Test
    void oneTypeThatCannotBePurgedDoesNotKeepTheOthers() {
        replica.push(Manifests.of("a", "1"));
        replica.push(Manifests.of("a", "2"));
        replica.registry.sync();
        replica.writer.changeRouting("a", null, newest -> new RoutingChanges("a", "ops", null).retire(newest, "1",
                Optional.of("2"), replica.clock.instant()));
        retire("1");
        replica.clock.advance(Duration.ofDays(7));
        replica.store.undeletable = key -> key.startsWith("models/a/");

        assertThatThrownBy(purge::sweep).isInstanceOf(StoreException.class);
        assertThat(files()).noneMatch(key -> key.startsWith("models/t/1/"));
    }

    @Test
    void severalAtOnceDoNoHarm() throws InterruptedException {
        retire("1");
        retire("2");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> purges = IntStream.range(2, 8).mapToObj(seed -> {
                Replica racer = new Replica(folder, seed);
                racer.registry.sync();
                racer.clock.advance(Duration.ofDays(7));
                return (Callable<Void>) () -> {
                    purge(racer).sweep();
                    return null;
                };
            }).toList();
            assertThat(threads.invokeAll(purges)).allSatisfy(done -> assertThat(done.get()).isNull());
        }
        replica.registry.sync();

        assertThat(files()).containsExactly("models/t/2/notes.txt", "models/t/3/model.ubj");
        assertThat(retirement("1").purgedAt()).isNotNull();
        assertThat(replica.writer.history("t")).extracting(routing -> routing.change().action())
                .containsExactly("purged", "purge", "retire", "retire");
    }

    @Test
    void purgesOneVersionNow() {
        retire("1");
        Routing purged = purge.now(new ModelId("t", "1"), "root", "a leak");

        assertThat(purged.retirement("1").orElseThrow().purgedAt()).isEqualTo(replica.clock.instant());
        assertThat(purged.change().by()).isEqualTo("root");
        assertThat(purged.change().reason()).isEqualTo("a leak");
        assertThat(files()).noneMatch(key -> key.startsWith("models/t/1/"));
        assertThatThrownBy(() -> purge.now(new ModelId("t", "2"), "root", null))
                .isInstanceOf(ServingFailure.NotFound.class);
        assertThat(files()).contains("models/t/2/model.ubj");
    }

    @Test
    void filesOfAManifestInQuarantineStay() {
        retire("1");
        replica.put("registry/t/1.json", "{");
        Replica fresh = new Replica(folder, 2);
        fresh.registry.sync();
        fresh.clock.advance(Duration.ofDays(7));
        purge(fresh).sweep();

        assertThat(files()).contains("models/t/1/" + PUSH + "/model.ubj");
    }
}
