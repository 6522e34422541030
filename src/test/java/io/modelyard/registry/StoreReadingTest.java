package io.modelyard.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.model.ModelId;
import io.modelyard.model.Routing;
import io.modelyard.model.ServingFailure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What is asked of the store, by whichever way it is read, and that nothing is missed by it. */
final class StoreReadingTest {
    private static final ModelId PENGUINS_1 = new ModelId("penguins", "1");

    @TempDir
    private Path folder;
    private Replica replica;

    @BeforeEach
    void open() {
        replica = new Replica(folder, 1);
    }

    private RegistrySnapshot current() {
        return replica.registry.current();
    }

    @Test
    void fetchesOnlyWhatIsNew() {
        for (int i = 0; i < 50; i++) {
            replica.push(Manifests.of("many", "1." + i));
        }
        for (int i = 1; i <= 20; i++) {
            replica.put("routing/many/%010d.json".formatted(i), Replica.routing("many", i, ""));
        }
        replica.registry.sync();
        assertThat(replica.store.reads).hasSize(52).contains("generation", "routing/many/0000000020.json");

        replica.store.reads.clear();
        replica.push(Manifests.of("many", "2"));
        replica.registry.sync();
        assertThat(replica.store.reads).containsExactlyInAnyOrder("generation", "registry/many/2.json");
    }

    @Test
    void keepsWhatItFetchedBeforeTheStoreWentDown() {
        replica.push(Manifests.of("many", "1"));
        for (int i = 0; i < 20; i++) {
            replica.put("routing/many-" + i + "/0000000001.json", Replica.routing("many-" + i, 1, ""));
        }
        replica.store.down = key -> key.equals("registry/many/1.json");
        assertThatThrownBy(replica.registry::sync).isInstanceOf(ServingFailure.Unavailable.class);
        assertThat(current().routings()).isEmpty();

        replica.store.down = key -> false;
        replica.store.reads.clear();
        replica.registry.sync();
        assertThat(replica.store.reads).containsExactlyInAnyOrder("generation", "registry/many/1.json");
        assertThat(current().routings()).hasSize(20);
        assertThat(current().models()).hasSize(1);
    }

    @Test
    void aPollSyncsOnlyWhenAToolHasWritten() {
        replica.registry.sync();
        replica.push(Manifests.of("penguins", "1"));
        replica.registry.poll();
        assertThat(current().models()).isEmpty();

        replica.put("generation", "1");
        replica.registry.poll();
        assertThat(current().models()).hasSize(1);

        replica.push(Manifests.of("penguins", "2"));
        replica.registry.poll();
        assertThat(current().models()).hasSize(1);
        replica.put("generation", "2");
        replica.registry.poll();
        assertThat(current().models()).hasSize(2);
    }

    @Test
    void aPollCostsOneRequestWhereNothingWasWrittenAndAFewWhereSomethingWas() {
        for (int i = 0; i < 50; i++) {
            replica.push(Manifests.of("many", "1." + i));
        }
        Replica writer = new Replica(folder, 7);
        writer.writer.publish(Manifests.of("many", "2"));
        replica.registry.sync();

        replica.store.requests.clear();
        replica.registry.poll();
        replica.registry.poll();
        assertThat(replica.store.requests).containsExactly("getIfChanged generation", "getIfChanged generation");

        writer.writer.publish(Manifests.of("many", "3"));
        writer.writer.changeRouting("many", null, newest -> Replica.activate(newest, "many", "3"));
        replica.store.requests.clear();
        replica.registry.poll();
        assertThat(replica.store.requests).hasSize(6).contains("getIfChanged generation", "page changes/",
                "get registry/many/3.json", "get routing/many/0000000001.json");
        assertThat(current().routing("many").flatMap(Routing::activeVersion)).hasValue("3");

        replica.store.requests.clear();
        replica.registry.poll();
        assertThat(replica.store.requests).containsExactly("getIfChanged generation");
    }

    @Test
    void aReconcileIsDoneInStepsOfAFewRequests() {
        for (int i = 10; i < 80; i++) {
            replica.push(Manifests.of("many", "1." + i));
        }
        replica.registry.sync();
        replica.push(Manifests.of("many", "1.00"));
        replica.push(Manifests.of("many", "1.99"));
        replica.store.pageSize = 5;
        replica.store.requests.clear();

        replica.registry.reconcile();
        assertThat(replica.store.requests).containsExactly("page access/", "page routing/", "page registry/",
                "get registry/many/1.00.json", "page registry/", "page registry/", "page registry/", "page registry/",
                "page registry/", "page registry/", "page registry/");
        assertThat(current().models()).hasSize(71);
        replica.registry.reconcile();
        assertThat(current().models()).hasSize(72);
    }

    @Test
    void aRoutingBringsTheVersionThatItNames() {
        replica.registry.sync();
        replica.push(Manifests.of("penguins", "1"));
        new Replica(folder, 7).writer.changeRouting("penguins", null,
                newest -> Replica.activate(newest, "penguins", "1"));
        replica.registry.poll();

        assertThat(current().models()).containsOnlyKeys(PENGUINS_1);
    }

    @Test
    void aNoticeThatCannotBeReadCostsOnlyTime() {
        replica.registry.sync();
        replica.push(Manifests.of("penguins", "1"));
        replica.put("changes/20261121T115959.000Z-abc.json", "{");
        replica.put("generation", "new");
        replica.registry.poll();

        assertThat(current().models()).containsOnlyKeys(PENGUINS_1);
    }

    @Test
    void aWriterWhoseClockIsWrongIsHeardOfAllTheSame() {
        replica.registry.sync();
        Replica slow = new Replica(folder, 7);
        slow.clock.advance(Duration.ofMinutes(-4));
        slow.writer.publish(Manifests.of("penguins", "1"));
        replica.registry.poll();
        assertThat(current().models()).hasSize(1);

        slow.clock.advance(Duration.ofMinutes(-4));
        slow.writer.publish(Manifests.of("penguins", "2"));
        replica.registry.poll();
        assertThat(current().models()).hasSize(2);
    }

    @Test
    void whatOnlyTheListingLacksIsNotGone() {
        replica.push(Manifests.of("penguins", "1"));
        replica.push(Manifests.of("penguins", "2"));
        replica.put("routing/penguins/0000000001.json", Replica.routing("penguins", 1, "\"active\": \"1\","));
        replica.registry.sync();
        replica.store.unlisted = key -> key.equals("registry/penguins/1.json") || key.startsWith("routing/");

        assertThat(replica.registry.sync().removed()).isEmpty();
        assertThat(current().models()).hasSize(2);
        assertThat(current().routing("penguins").flatMap(Routing::activeVersion)).hasValue("1");
        replica.store.delete("registry/penguins/1.json");
        assertThat(replica.registry.sync().removed()).containsExactly("registry/penguins/1");
    }

    @Test
    void aWriteDuringAListingIsNotLostFromTheSnapshot() {
        replica.push(Manifests.of("penguins", "1"));
        replica.registry.sync();
        List<String> seenMeanwhile = new ArrayList<>();
        replica.store.afterList = () -> replica.store.afterList = () -> {
            replica.writer.changeRouting("penguins", null, newest -> Replica.activate(newest, "penguins", "1"));
            seenMeanwhile.add(current().routing("penguins").orElseThrow().active());
        };
        replica.registry.sync();

        assertThat(seenMeanwhile).containsExactly("1");
        assertThat(current().routing("penguins").flatMap(Routing::activeVersion)).hasValue("1");
    }

    @Test
    void oneVersionIsAskedForByItselfAndSaysNothingOfTheRest() {
        MemoryCopy copy = new MemoryCopy();
        new Replica(folder, 2, copy).registry.sync();
        Replica restarted = new Replica(folder, 3, copy);
        restarted.registry.restore();
        restarted.push(Manifests.of("penguins", "1"));
        restarted.store.requests.clear();

        restarted.registry.lookFor(PENGUINS_1);
        restarted.registry.lookFor(new ModelId("penguins", "2"));

        assertThat(restarted.store.requests).containsExactly("get registry/penguins/1.json",
                "get registry/penguins/2.json");
        assertThat(restarted.registry.current().models()).containsOnlyKeys(PENGUINS_1);
        // Of keys, for one, the store has not said a word.
        assertThat(restarted.registry.state().isFromDisk()).isTrue();
        assertThat(restarted.registry.state().isFromStore()).isFalse();
    }

    @Test
    void aVersionThatIsFoundWhileAllElseFailsDoesNotHideTheFailure() {
        replica.registry.sync();
        replica.push(Manifests.of("penguins", "1"));
        replica.push(Manifests.of("penguins", "2"));
        replica.store.down = key -> key.equals("generation");
        replica.clock.advance(Duration.ofSeconds(1));
        assertThatThrownBy(replica.registry::poll).isInstanceOf(ServingFailure.Unavailable.class);

        replica.registry.lookFor(PENGUINS_1);
        assertThat(replica.registry.state().isFailing()).isTrue();
        replica.store.down = key -> false;
        replica.clock.advance(Duration.ofSeconds(1));
        replica.registry.poll();
        assertThat(current().models()).hasSize(2);
        assertThat(replica.registry.state().isFailing()).isFalse();
    }
}
