package io.modelyard.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.modelyard.model.ApiKey;
import io.modelyard.model.Example;
import io.modelyard.model.Manifest;
import io.modelyard.model.Role;
import io.modelyard.model.Routing;
import io.modelyard.model.ServingFailure;
import io.modelyard.store.ObjectStore.Content;
import io.modelyard.store.ObjectStore.Entry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Changes, alone and against others. */
final class RegistryWriterTest {
    private static final String TYPE = "penguins";

    @TempDir
    private Path folder;
    private Replica replica;

    @BeforeEach
    void open() {
        replica = new Replica(folder, 1);
    }

    private Routing activate(String version) {
        return replica.writer.changeRouting(TYPE, null, newest -> Replica.activate(newest, TYPE, version));
    }

    private List<String> keys(String prefix) {
        return replica.store.list(prefix).stream().map(Entry::key).toList();
    }

    @Test
    void everyChangeIsANewRevision() {
        Routing first = activate("1");
        replica.clock.advance(Duration.ofMinutes(1));
        Routing second = activate("2");

        assertThat(first.revision()).isEqualTo(1);
        assertThat(second.revision()).isEqualTo(2);
        assertThat(second.previous()).isEqualTo("1");
        assertThat(second.change().id()).isNotBlank().isNotEqualTo(first.change().id());
        assertThat(second.change().at()).isEqualTo(Replica.NOW.plus(Duration.ofMinutes(1)));
        assertThat(keys("routing/")).containsExactly("routing/penguins/0000000001.json",
                "routing/penguins/0000000002.json");
        assertThat(replica.writer.history(TYPE)).containsExactly(second, first);
    }

    @Test
    void theSnapshotShowsAChangeWhenTheCallReturns() {
        replica.registry.sync();
        Routing written = activate("1");

        assertThat(replica.registry.current().routing(TYPE)).hasValue(written);
        assertThat(replica.events).last().extracting(RegistryChanged::now).isSameAs(replica.registry.current());
        String id = replica.registry.current().id();
        replica.registry.sync();
        assertThat(replica.registry.current().id()).isEqualTo(id);
    }

    @Test
    void otherReplicasSeeAChangeAtTheirNextPoll() throws Exception {
        Replica other = new Replica(folder, 2);
        other.registry.sync();

        activate("1");
        other.registry.poll();

        assertThat(other.registry.current().routing(TYPE).flatMap(Routing::activeVersion)).hasValue("1");
        String notice = keys("changes/").getFirst();
        assertThat(notice).matches("changes/20261121T120000\\.000Z-[0-9a-f]{32}\\.json");
        ChangeNotice read = replica.format.readChange(replica.store.get(notice).orElseThrow().bytes());
        assertThat(read).isEqualTo(
                new ChangeNotice(Replica.NOW, "ops", List.of("routing/penguins/0000000001.json")));
    }

    @Test
    void aChangeThatCannotBeAnnouncedIsAChange() {
        replica.store.down = key -> key.startsWith("changes/") || key.equals("generation");

        assertThat(activate("1").revision()).isEqualTo(1);
        assertThat(replica.registry.current().routing(TYPE)).isPresent();
    }

    @Test
    void decidesOnWhatIsInTheStoreAndNotOnWhatItLastSaw() {
        activate("1");
        Replica other = new Replica(folder, 2);
        other.writer.changeRouting(TYPE, null, newest -> Replica.activate(newest, TYPE, "2"));

        assertThat(activate("3").previous()).isEqualTo("2");
    }

    @Test
    void whoComesSecondDecidesAgain() {
        Replica other = new Replica(folder, 2);
        replica.store.beforeCreate = () -> other.writer.changeRouting(TYPE, null,
                newest -> Replica.activate(newest, TYPE, "other"));

        Routing written = activate("mine");

        assertThat(written.revision()).isEqualTo(2);
        assertThat(written.previous()).isEqualTo("other");
    }

    @Test
    void whoInsistsOnARevisionIsToldOfAConflict() {
        activate("1");
        assertThat(replica.writer.changeRouting(TYPE, 1L, newest -> Replica.activate(newest, TYPE, "2")).revision())
                .isEqualTo(2);
        assertThatThrownBy(
                () -> replica.writer.changeRouting(TYPE, 1L, newest -> Replica.activate(newest, TYPE, "3")))
                .isInstanceOf(ServingFailure.RevisionConflict.class).hasMessageContaining("is 2 and not 1");
        assertThatThrownBy(
                () -> replica.writer.changeRouting(TYPE, 0L, newest -> Replica.activate(newest, TYPE, "3")))
                .isInstanceOf(ServingFailure.RevisionConflict.class);

        Replica other = new Replica(folder, 2);
        replica.store.beforeCreate = () -> other.writer.changeRouting(TYPE, null,
                newest -> Replica.activate(newest, TYPE, "other"));
        assertThatThrownBy(
                () -> replica.writer.changeRouting(TYPE, 2L, newest -> Replica.activate(newest, TYPE, "3")))
                .isInstanceOf(ServingFailure.RevisionConflict.class);
    }

    @Test
    void recognisesItsOwnSuccessAfterALostReply() {
        replica.store.losesReplies = true;

        assertThat(activate("1").revision()).isEqualTo(1);
        assertThat(replica.writer.changeRouting(TYPE, 1L, newest -> Replica.activate(newest, TYPE, "2")).revision())
                .isEqualTo(2);
        assertThat(replica.writer.publish(Manifests.of(TYPE, "1"))).isInstanceOf(Publication.Created.class);
        assertThat(keys("routing/")).hasSize(2);
    }

    @Test
    void givesUpWhenOthersWriteAllTheTime() {
        Replica other = new Replica(folder, 2);
        List<Integer> decisions = new ArrayList<>();
        assertThatThrownBy(() -> replica.writer.changeRouting(TYPE, null, newest -> {
            decisions.add(1);
            other.writer.changeRouting(TYPE, null, theirs -> Replica.activate(theirs, TYPE, "other"));
            return Replica.activate(newest, TYPE, "mine");
        })).isInstanceOf(ServingFailure.RevisionConflict.class).hasMessageContaining("gave up");
        assertThat(decisions).hasSizeGreaterThan(10);
    }

    @Test
    void writesNothingWhereTheDecisionIsToLeaveItAsItIs() {
        Routing first = activate("1");

        assertThat(replica.writer.changeRouting(TYPE, null, Optional::orElseThrow)).isEqualTo(first);
        assertThat(keys("routing/")).hasSize(1);
    }

    @Test
    void writesNothingWhereTheDecisionFails() {
        assertThatThrownBy(() -> replica.writer.changeRouting(TYPE, null, newest -> {
            throw ServingFailure.NotFound.type(TYPE);
        })).isInstanceOf(ServingFailure.NotFound.class);
        assertThat(keys("")).isEmpty();
    }

    @Test
    void buildsOnTheLastReadableRoutingWhereTheNewestIsBroken() {
        activate("1");
        replica.put("routing/penguins/0000000002.json", "{ by hand");

        Routing written = activate("3");
        assertThat(written.revision()).isEqualTo(3);
        assertThat(written.previous()).isEqualTo("1");
        replica.registry.sync();
        assertThat(replica.registry.current().quarantine()).isEmpty();
    }

    @Test
    void doesNotOverruleADocumentOfANewerForm() {
        activate("1");
        replica.put("routing/penguins/0000000002.json", "{\"schema_version\": 2}");

        assertThatThrownBy(() -> activate("3")).isInstanceOf(ServingFailure.RevisionConflict.class)
                .hasMessageContaining("upgrade");
    }

    @Test
    void everyOneOfManyConcurrentChangesHappensOnceAndInOneOrder() throws Exception {
        int writers = 10;
        long changes = 6;
        CyclicBarrier start = new CyclicBarrier(writers);
        Map<String, Long> revisions = new HashMap<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            List<Future<Map<String, Long>>> work = IntStream.range(0, writers).mapToObj(number -> {
                // Five replicas, two threads in each.
                Replica mine = number % 2 == 0 ? new Replica(folder, number) : replica;
                return threads.submit(() -> {
                    start.await();
                    Map<String, Long> mineDone = new HashMap<>();
                    for (int i = 0; i < changes; i++) {
                        String version = "v" + number + "." + i;
                        mineDone.put(version, patiently(mine, version).revision());
                    }
                    return mineDone;
                });
            }).toList();
            for (Future<Map<String, Long>> done : work) {
                revisions.putAll(done.get());
            }
        }

        List<Routing> history = replica.writer.history(TYPE).reversed();
        assertThat(history).extracting(Routing::revision)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, writers * changes).boxed().toList());
        assertThat(history).allSatisfy(
                routing -> assertThat(revisions).containsEntry(String.valueOf(routing.active()), routing.revision()));
        for (int i = 1; i < history.size(); i++) {
            assertThat(history.get(i).previous()).isEqualTo(history.get(i - 1).active());
        }
        replica.registry.sync();
        assertThat(replica.registry.current().routing(TYPE)).hasValue(history.getLast());
    }

    /** As a client does that is told to try again. */
    private static Routing patiently(Replica replica, String version) {
        while (true) {
            try {
                return replica.writer.changeRouting(TYPE, null, newest -> Replica.activate(newest, TYPE, version));
            } catch (ServingFailure.RevisionConflict e) {
                assertThat(e.retryable()).isTrue();
            }
        }
    }

    @Test
    void keepsAHundredRevisionsAndThoseOfTheLastDay() throws IOException {
        Files.createDirectories(folder.resolve("routing/penguins"));
        for (int i = 1; i <= 130; i++) {
            Path file = Files.writeString(folder.resolve("routing/penguins/%010d.json".formatted(i)),
                    Replica.routing(TYPE, i, ""));
            Duration age = Duration.ofHours(i <= 20 ? 25 : 23);
            Files.setLastModifiedTime(file, FileTime.from(Replica.NOW.minus(age)));
        }
        activate("next");
        assertThat(keys("routing/")).hasSize(111).startsWith("routing/penguins/0000000021.json");

        replica.clock.advance(Duration.ofHours(2));
        activate("last");

        List<String> left = keys("routing/");
        assertThat(left).hasSize(100).startsWith("routing/penguins/0000000033.json")
                .endsWith("routing/penguins/0000000132.json");
    }

    @Test
    void removesOldNotices() {
        replica.put("changes/20261114T115959.000Z-x.json", "{}");
        replica.put("changes/20261114T120001.000Z-x.json", "{}");
        activate("1");

        assertThat(keys("changes/")).hasSize(2).doesNotContain("changes/20261114T115959.000Z-x.json")
                .contains("changes/20261114T120001.000Z-x.json");
    }

    @Test
    void changesKeys() {
        ApiKey made = replica.writer.changeKey("ci", none -> {
            assertThat(none).isEmpty();
            return new ApiKey("ci", 0, "", null, "0".repeat(64), Set.of(Role.PUBLISH), Set.of(), null, false,
                    Replica.NOW, "admin");
        });
        ApiKey revoked = replica.writer.changeKey("ci", newest -> {
            ApiKey k = newest.orElseThrow();
            return new ApiKey(k.id(), 0, "", k.name(), k.hash(), k.roles(), k.types(), k.expiresAt(), true,
                    k.createdAt(), k.createdBy());
        });

        assertThat(made.revision()).isEqualTo(1);
        assertThat(revoked.revision()).isEqualTo(2);
        assertThat(revoked.changeId()).isNotEqualTo(made.changeId());
        assertThat(replica.registry.current().keys()).containsEntry("ci", revoked);
        assertThatThrownBy(() -> replica.writer.changeKey("../x", newest -> made))
                .isInstanceOf(ServingFailure.BadParameter.class);
        assertThatThrownBy(() -> replica.writer.changeKey("other", newest -> made))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bringsNoKeyBackThatABrokenRevisionMayHaveRevoked() {
        replica.put("access/ci/0000000001.json",
                """
                {"id": "ci", "revision": 1, "change_id": "x", "hash": "%s", "created_at": "2026-11-20T10:00:00Z"}
                """.formatted("0".repeat(64)));
        replica.put("access/ci/0000000002.json", "{ revoked");

        assertThatThrownBy(() -> replica.writer.changeKey("ci", Optional::orElseThrow))
                .isInstanceOf(ServingFailure.RevisionConflict.class).hasMessageContaining("0000000002");
    }

    @Test
    void changesTheDefaultType() {
        replica.writer.changeDefaultType("penguins", "ops");
        replica.writer.changeDefaultType("penguins", "ops");
        replica.writer.changeDefaultType("digits", null);

        assertThat(replica.registry.current().defaultType()).hasValue("digits");
        assertThat(keys("routing/_platform/")).hasSize(2);
    }

    @Test
    void publishesAVersionOnce() throws Exception {
        Manifest manifest = Manifests.of(TYPE, "1", Manifests.CREATED, "push-1", "a".repeat(64));
        Publication created = replica.writer.publish(manifest);

        byte[] stored = replica.store.get("registry/penguins/1.json").map(Content::bytes).orElseThrow();
        assertThat(created).isInstanceOf(Publication.Created.class);
        assertThat(created.model().digest()).isEqualTo(DocumentFormat.digest(stored));
        assertThat(replica.registry.current().model(manifest.id())).hasValue(created.model());
        assertThat(keys("changes/")).hasSize(1);

        Publication again = replica.writer.publish(Manifests.of(TYPE, "1", Replica.NOW, "push-2", "a".repeat(64)));
        assertThat(again).isEqualTo(new Publication.AlreadyPublished(created.model()));
        assertThat(keys("changes/")).hasSize(1);
    }

    @Test
    void takesAnAnswerThatTheExampleToleratesForTheSame() {
        replica.writer.publish(Manifests.of(TYPE, "1").withExamples(List.of(example(0.5))));
        // Another processor adds up in another order.
        assertThat(replica.writer.publish(Manifests.of(TYPE, "1").withExamples(List.of(example(0.50005)))))
                .isInstanceOf(Publication.AlreadyPublished.class);
        assertThatThrownBy(() -> replica.writer.publish(Manifests.of(TYPE, "1").withExamples(List.of(example(0.502)))))
                .isInstanceOf(ServingFailure.Conflict.class).hasMessageContaining("/examples/0/outputs/0 is 0.5 there");
    }

    private static Example example(double answer) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return new Example(json.arrayNode().add(json.arrayNode().add(1)), json.arrayNode().add(answer), 1e-3);
    }

    @Test
    void neverPublishesOtherContentUnderTheSameName() {
        Manifest manifest = Manifests.of(TYPE, "1");
        replica.writer.publish(manifest);

        assertThatThrownBy(
                () -> replica.writer.publish(Manifests.of(TYPE, "1", Manifests.CREATED, null, "b".repeat(64))))
                .isInstanceOf(ServingFailure.Conflict.class).hasMessageContaining("/files/0/sha256 is \"aaaa")
                .hasMessageContaining("there and \"bbbb");
        replica.put("registry/penguins/2.json", "{");
        assertThatThrownBy(() -> replica.writer.publish(Manifests.of(TYPE, "2")))
                .isInstanceOf(ServingFailure.Conflict.class).hasMessageContaining("cannot be read");
    }

    @Test
    void ofManyPublishersOfOneVersionOneWins() throws Exception {
        int publishers = 8;
        CyclicBarrier start = new CyclicBarrier(publishers);
        try (ExecutorService threads = Executors.newFixedThreadPool(publishers)) {
            List<Future<String>> work = IntStream.range(0, publishers).mapToObj(number -> threads.submit(() -> {
                Manifest mine = Manifests.of(TYPE, "1", Manifests.CREATED, "push" + number,
                        Integer.toString(number).repeat(64));
                start.await();
                try {
                    return replica.writer.publish(mine).getClass().getSimpleName();
                } catch (ServingFailure.Conflict e) {
                    return e.code();
                }
            })).toList();
            List<String> answers = new ArrayList<>();
            for (Future<String> answer : work) {
                answers.add(answer.get());
            }
            assertThat(answers).containsOnlyOnce("Created").containsOnly("Created", "version_exists");
        }
    }

    @Test
    void refusesToPublishWhatNoServerWouldServe() {
        assertThatThrownBy(() -> replica.writer.publish(Manifests.of(TYPE, "latest")))
                .isInstanceOf(ServingFailure.InvalidManifest.class).hasMessageContaining("word of the API");
        assertThatThrownBy(() -> replica.writer.publish(
                Manifests.of(TYPE, "1", Replica.NOW.plus(Duration.ofHours(1)), null, "a".repeat(64))))
                .isInstanceOf(ServingFailure.InvalidManifest.class).hasMessageContaining("/created_at");
        Manifest m = Manifests.of(TYPE, "1");
        Manifest quantum = new Manifest(1, TYPE, "1", "quantum", null, m.files(), List.of(), List.of(), List.of(),
                null, null, true, Map.of(), null, null, null, null, m.createdAt(), null, Map.of());
        assertThatThrownBy(() -> replica.writer.publish(quantum)).isInstanceOf(ServingFailure.InvalidManifest.class)
                .hasMessageContaining("quantum");
        assertThat(keys("")).isEmpty();
    }

    @Test
    void saysThatTheStoreIsDown() {
        replica.store.down = key -> true;

        assertThatThrownBy(() -> activate("1")).isInstanceOf(ServingFailure.Unavailable.class)
                .hasMessageContaining("cannot be reached");
        assertThatThrownBy(() -> replica.writer.publish(Manifests.of(TYPE, "1")))
                .isInstanceOf(ServingFailure.Unavailable.class);
        assertThatThrownBy(() -> replica.writer.history(TYPE)).isInstanceOf(ServingFailure.Unavailable.class);
    }
}
