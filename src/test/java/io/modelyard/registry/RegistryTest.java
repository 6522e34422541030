package io.modelyard.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.model.ApiKey;
import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.model.Routing;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.RegistrySnapshot.Quarantined;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** What a replica sees of the documents in the store. */
final class RegistryTest {
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

    private List<String> reasons() {
        return current().quarantine().stream().map(Quarantined::reason).toList();
    }

    @Test
    void showsAnEmptyStoreAsEmpty() {
        SyncReport report = replica.registry.sync();

        assertThat(report).isEqualTo(new SyncReport(List.of(), List.of(), List.of(), List.of()));
        assertThat(current().models()).isEmpty();
        assertThat(current().readAt()).isEqualTo(Replica.NOW);
    }

    @Test
    void showsWhatWasPushedAndTakesBackWhatWasRemoved() {
        replica.push(Manifests.of("penguins", "1"));
        replica.push(Manifests.of("penguins", "2"));
        replica.put("routing/penguins/0000000001.json", Replica.routing("penguins", 1, "\"active\": \"1\","));

        assertThat(replica.registry.sync().added()).containsExactly("registry/penguins/1", "registry/penguins/2",
                "routing/penguins");
        assertThat(current().versions("penguins")).hasSize(2);
        assertThat(current().routing("penguins").flatMap(Routing::activeVersion)).hasValue("1");
        assertThat(current().defaultType()).hasValue("penguins");

        replica.store.delete("registry/penguins/2.json");
        replica.put("routing/penguins/0000000002.json", Replica.routing("penguins", 2, ""));
        SyncReport report = replica.registry.sync();
        assertThat(report.removed()).containsExactly("registry/penguins/2");
        assertThat(report.changed()).containsExactly("routing/penguins");
        assertThat(current().models()).containsOnlyKeys(PENGUINS_1);
        assertThat(current().routing("penguins").flatMap(Routing::activeVersion)).isEmpty();
    }

    @Test
    void namesAModelByTheDigestOfItsDocument() throws Exception {
        Manifest manifest = Manifests.of("penguins", "1");
        replica.push(manifest);
        replica.registry.sync();

        assertThat(current().model(PENGUINS_1)).map(Model::digest)
                .hasValue(DocumentFormat.digest(replica.format.write(manifest)));
    }

    @Test
    void aBadEntryHarmsNothingElse() {
        replica.push(Manifests.of("penguins", "1"));
        replica.put("registry/penguins/2.json", "{");
        replica.put("registry/penguins/3.json", replica.write(Manifests.of("penguins", "4")));
        replica.put("registry/penguins/latest.json", replica.write(Manifests.of("penguins", "1")));
        replica.put("registry/README.md", "# models");
        replica.put("routing/penguins/1.json", Replica.routing("penguins", 1, ""));
        replica.put("routing/penguins/0000000000.json", Replica.routing("penguins", 1, ""));
        replica.put("access/../x/y.json".replace("../", "a-/"), "{}");

        assertThat(replica.registry.sync().quarantined()).hasSize(7);
        assertThat(current().models()).containsOnlyKeys(PENGUINS_1);
        assertThat(current().routings()).isEmpty();
        assertThat(reasons()).anyMatch(reason -> reason.startsWith("invalid_document: it is not JSON"))
                .anyMatch(reason -> reason.contains("/version: it is 4 here and 3 in the key"))
                .anyMatch(reason -> reason.contains("word of the API"))
                .anyMatch(reason -> reason.contains("ten digits"));
    }

    @Test
    void mendedEntriesComeOutOfQuarantine() {
        replica.put("registry/penguins/1.json", "{");
        replica.registry.sync();
        assertThat(current().quarantine()).extracting(Quarantined::since).containsExactly(Replica.NOW);
        replica.clock.advance(Duration.ofHours(1));
        replica.registry.sync();
        assertThat(current().quarantine()).extracting(Quarantined::since).containsExactly(Replica.NOW);

        replica.push(Manifests.of("penguins", "1"));
        replica.registry.sync();
        assertThat(current().quarantine()).isEmpty();
        assertThat(current().model(PENGUINS_1)).isPresent();
    }

    @Test
    void refusesARuntimeThatItDoesNotHave() {
        replica.put("registry/penguins/1.json",
                replica.write(Manifests.of("penguins", "1")).replace("\"xgboost\"", "\"quantum\""));
        replica.registry.sync();

        assertThat(current().models()).isEmpty();
        assertThat(reasons()).containsExactly(
                "unknown_runtime: there is no runtime 'quantum' here; there are onnx, xgboost");
    }

    @Test
    void waitsForAVersionOfTheFuture() {
        replica.push(Manifests.of("penguins", "1", Replica.NOW.plus(Duration.ofMinutes(4)), null, "a".repeat(64)));
        replica.push(Manifests.of("penguins", "2", Replica.NOW.plus(Duration.ofMinutes(6)), null, "a".repeat(64)));
        replica.registry.sync();
        assertThat(current().models()).containsOnlyKeys(PENGUINS_1);
        assertThat(reasons()).singleElement().asString().startsWith("created_in_future: ");

        replica.clock.advance(Duration.ofMinutes(2));
        replica.registry.sync();
        assertThat(current().models()).hasSize(2);
        assertThat(current().quarantine()).isEmpty();
    }

    @Test
    void goesOnServingTheFirstContentOfAVersionThatWasOverwritten() {
        replica.push(Manifests.of("penguins", "1"));
        replica.registry.sync();
        Model first = current().model(PENGUINS_1).orElseThrow();

        replica.push(Manifests.of("penguins", "1", Manifests.CREATED, null, "b".repeat(64)));
        replica.registry.sync();
        assertThat(current().model(PENGUINS_1)).hasValue(first);
        assertThat(reasons()).singleElement().asString().startsWith("manifest_changed: ").contains(first.digest());

        replica.put("registry/penguins/1.json", "{");
        replica.registry.sync();
        assertThat(current().model(PENGUINS_1)).hasValue(first);
        assertThat(reasons()).singleElement().asString().startsWith("manifest_changed: ");

        replica.push(Manifests.of("penguins", "1"));
        replica.registry.sync();
        assertThat(current().model(PENGUINS_1)).hasValue(first);
        assertThat(current().quarantine()).isEmpty();
    }

    @Test
    void servesNothingInPlaceOfWhatWasActivated() {
        replica.push(Manifests.of("penguins", "1"));
        replica.put("routing/penguins/0000000001.json", Replica.routing("penguins", 1,
                "\"active\": \"1\", \"active_digest\": \"" + "0".repeat(64) + "\","));
        replica.registry.sync();

        assertThat(current().models()).isEmpty();
        assertThat(reasons()).singleElement().asString().startsWith("manifest_changed: ").contains("was activated");
    }

    @Test
    void takesTheActivatedContentForTheTrueOneEvenIfItSawAnotherFirst() throws Exception {
        replica.push(Manifests.of("penguins", "1"));
        replica.registry.sync();
        Manifest activated = Manifests.of("penguins", "1", Manifests.CREATED, null, "b".repeat(64));
        String digest = DocumentFormat.digest(replica.format.write(activated));

        replica.push(activated);
        replica.put("routing/penguins/0000000001.json", Replica.routing("penguins", 1,
                "\"active\": \"1\", \"active_digest\": \"" + digest + "\","));
        assertThat(replica.registry.sync().changed()).contains("registry/penguins/1");

        assertThat(current().model(PENGUINS_1)).map(Model::digest).hasValue(digest);
        assertThat(current().quarantine()).isEmpty();
    }

    @Test
    void staysWithTheLastRoutingThatItCanRead() {
        replica.put("routing/penguins/0000000001.json", Replica.routing("penguins", 1, "\"active\": \"1\","));
        replica.put("routing/penguins/0000000002.json", Replica.routing("penguins", 2, "\"active\": \"2\","));
        replica.put("routing/penguins/0000000003.json", Replica.routing("penguins", 4, "\"active\": \"3\","));
        replica.put("routing/penguins/0000000004.json", "{\"schema_version\": 2}");
        replica.registry.sync();

        assertThat(current().routing("penguins").map(Routing::revision)).hasValue(2L);
        assertThat(reasons()).anyMatch(reason -> reason.startsWith("newer_form: "))
                .anyMatch(reason -> reason.contains("/revision"));
    }

    @Test
    void anUnreadableRevisionOfAKeyIsNoKey() {
        String key = """
                     {"id": "ci", "revision": %d, "change_id": "x", "hash": "%s", "roles": ["read"], %s
                      "created_at": "2026-11-20T10:00:00Z"}
                     """;
        replica.put("access/ci/0000000001.json", key.formatted(1, "0".repeat(64), ""));
        replica.registry.sync();
        assertThat(current().keys().get("ci")).isNotNull().extracting(ApiKey::revision).isEqualTo(1L);

        replica.put("access/ci/0000000002.json", key.formatted(2, "0".repeat(64), "\"revokd\": true,"));
        replica.registry.sync();
        assertThat(current().keys()).isEmpty();
        assertThat(reasons()).singleElement().asString().contains("revokd");
    }

    @Test
    void readsTheDefaultType() {
        replica.put("routing/_platform/0000000001.json", "{\"default_type\": \"a\"}");
        replica.put("routing/_platform/0000000002.json", "{\"default_type\": \"b\"}");
        replica.registry.sync();

        assertThat(current().defaultType()).hasValue("b");
    }

    @Test
    void goesOnWithTheLastSnapshotWhileTheStoreIsDown() {
        replica.push(Manifests.of("penguins", "1"));
        replica.registry.sync();
        RegistrySnapshot before = current();
        replica.push(Manifests.of("penguins", "2"));
        replica.store.down = key -> key.startsWith("registry/");
        replica.clock.advance(Duration.ofMinutes(1));

        assertThatThrownBy(replica.registry::sync).isInstanceOf(ServingFailure.Unavailable.class)
                .hasMessageContaining("cannot be reached");
        assertThat(current()).isSameAs(before);
        assertThat(replica.registry.state().isFailing()).isTrue();
        assertThat(replica.registry.state().lastError()).contains("cannot be reached");
        assertThat(replica.registry.state().staleness(replica.clock.instant())).hasValue(Duration.ofMinutes(1));

        replica.store.down = key -> false;
        replica.clock.advance(Duration.ofMinutes(1));
        replica.registry.poll();
        assertThat(current().models()).hasSize(2);
        assertThat(replica.registry.state().isFailing()).isFalse();
        assertThat(replica.registry.state().staleness(replica.clock.instant())).hasValue(Duration.ZERO);
    }

    @Test
    void twoReplicasNameTheSameSnapshotTheSame(@TempDir Path elsewhere) {
        Replica other = new Replica(elsewhere, 2);
        for (Replica each : List.of(replica, other)) {
            each.push(Manifests.of("penguins", "1"));
            each.put("routing/penguins/0000000001.json", Replica.routing("penguins", 1, "\"active\": \"1\","));
        }
        other.put("registry/penguins/2.json", "{");
        other.clock.advance(Duration.ofHours(3));
        replica.registry.sync();
        other.registry.sync();
        assertThat(other.registry.current().id()).isEqualTo(current().id());

        other.put("routing/penguins/0000000002.json", Replica.routing("penguins", 2, "\"active\": \"1\","));
        other.registry.sync();
        assertThat(other.registry.current().id()).isNotEqualTo(current().id());
    }

    @Test
    void tellsOfEveryChangeOnceAndInOrder() {
        replica.registry.sync();
        replica.registry.sync();
        replica.push(Manifests.of("penguins", "1"));
        replica.registry.sync();
        replica.registry.sync();

        assertThat(replica.events).hasSize(2);
        assertThat(replica.events.get(0).now()).isSameAs(replica.events.get(1).previous());
        assertThat(replica.events.get(1).now()).isSameAs(current());
        assertThat(replica.events.get(1).now().models()).hasSize(1);
    }

    @Test
    void aListenerMayChangeTheRegistryAndMayFail() {
        replica.push(Manifests.of("penguins", "1"));
        List<Integer> seen = new ArrayList<>();
        replica.listener = event -> {
            seen.add(event.now().routings().size());
            if (event.now().routings().isEmpty()) {
                replica.writer.changeRouting("penguins", null, newest -> Replica.activate(newest, "penguins", "1"));
                throw new IllegalStateException("and fails");
            }
        };
        replica.registry.sync();

        assertThat(seen).containsExactly(0, 1);
        assertThat(current().routing("penguins").flatMap(Routing::activeVersion)).hasValue("1");
    }

    @Test
    void aListenerMaySyncWhileAnotherThreadDoes() throws Exception {
        CountDownLatch listening = new CountDownLatch(1);
        replica.push(Manifests.of("penguins", "1"));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writing = new ArrayList<>();
            replica.store.afterList = () -> {
                replica.listener = event -> {
                    listening.countDown();
                    replica.registry.sync();
                };
                writing.add(threads.submit(() -> replica.writer.changeRouting("penguins", null,
                        newest -> Replica.activate(newest, "penguins", "1"))));
                await(listening);
            };
            threads.submit(replica.registry::sync).get(30, TimeUnit.SECONDS);
            writing.getFirst().get(30, TimeUnit.SECONDS);
        }
        assertThat(current().routing("penguins")).isPresent();
        assertThat(current().models()).hasSize(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
