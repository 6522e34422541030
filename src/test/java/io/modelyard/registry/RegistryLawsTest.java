package io.modelyard.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.model.ServingFailure;
import io.modelyard.store.ObjectStore.Entry;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Whatever is written, by whom, and however the store is read: in the end every replica sees the same. */
final class RegistryLawsTest {
    private static final List<String> TYPES = List.of("a", "a-b", "b");

    /** Something that happens to the store, or a way in which a replica reads it. */
    enum Event {
        TOOL_PUBLISHES, TOOL_ROUTES, HAND_PUBLISHES, HAND_ROUTES, HAND_WRITES_NONSENSE, HAND_DELETES, POLL, RECONCILE, SYNC, STORE_FAILS, STORE_ANSWERS, RESTART
    }

    record Step(Event event, int type, int number) {}

    @Provide
    Arbitrary<List<Step>> histories() {
        Arbitrary<Step> step = Combinators.combine(Arbitraries.of(Event.class), Arbitraries.integers().between(0, 2),
                Arbitraries.integers().between(1, 6)).as(Step::new);
        return step.list().ofMinSize(5).ofMaxSize(40);
    }

    @Property(tries = 60, seed = "2611")
    void everyReplicaEndsWithWhatTheStoreHolds(@ForAll("histories") List<Step> history) throws IOException {
        Path folder = Files.createTempDirectory("laws");
        try {
            MemoryCopy copy = new MemoryCopy();
            Replica writer = new Replica(folder, 1);
            Replica replica = replica(folder, copy);
            for (Step step : history) {
                if (step.event() == Event.RESTART) {
                    replica = replica(folder, copy);
                    replica.registry.restore();
                } else {
                    happen(step, writer, replica);
                }
            }
            replica.store.down = key -> false;
            RegistrySnapshot expected = fresh(folder);
            Replica asked = replica;
            asked.registry.sync();

            assertSame(asked.registry.current(), expected);
            // What is kept on disk says the same.
            Replica restarted = replica(folder, copy);
            restarted.registry.restore();
            assertSame(restarted.registry.current(), expected);
        } finally {
            delete(folder);
        }
    }

    @Property(tries = 40, seed = "2612")
    void stepsOfAReconcileComeToTheSameAsOneLongListing(@ForAll("histories") List<Step> history) throws IOException {
        Path folder = Files.createTempDirectory("laws");
        try {
            Replica writer = new Replica(folder, 1);
            Replica replica = replica(folder, new MemoryCopy());
            replica.registry.sync();
            for (Step step : history) {
                if (step.event().name().startsWith("TOOL") || step.event().name().startsWith("HAND")) {
                    happen(step, writer, replica);
                }
            }
            RegistrySnapshot expected = fresh(folder);
            // Every call lists ten pages of two; a round may begin in the middle, and a revision below one that was
            // removed is found by the next.
            long documents = Stream.of("access/", "routing/", "registry/").mapToLong(prefix -> writer.store.list(prefix)
                    .size()).sum();
            for (int i = 0; i < 3 * (documents / 20 + 2); i++) {
                replica.registry.reconcile();
            }

            assertSame(replica.registry.current(), expected);
        } finally {
            delete(folder);
        }
    }

    private static Replica replica(Path folder, DocumentCopy copy) {
        Replica replica = new Replica(folder, 2, copy);
        replica.store.pageSize = 2;
        return replica;
    }

    private static RegistrySnapshot fresh(Path folder) {
        Replica replica = new Replica(folder, 3);
        replica.registry.sync();
        return replica.registry.current();
    }

    private static void assertSame(RegistrySnapshot actual, RegistrySnapshot expected) {
        assertThat(actual.models()).isEqualTo(expected.models());
        assertThat(actual.routings()).isEqualTo(expected.routings());
        assertThat(actual.id()).isEqualTo(expected.id());
        assertThat(actual.quarantine()).extracting(RegistrySnapshot.Quarantined::key)
                .containsExactlyElementsOf(
                        expected.quarantine().stream().map(RegistrySnapshot.Quarantined::key).toList());
    }

    private static void happen(Step step, Replica writer, Replica replica) {
        String type = TYPES.get(step.type());
        String version = String.valueOf(step.number());
        String revision = "routing/%s/%010d.json".formatted(type, step.number());
        switch (step.event()) {
            case TOOL_PUBLISHES -> writer.writer.publish(Manifests.of(type, version));
            case TOOL_ROUTES -> tolerating(() -> writer.writer.changeRouting(type, null,
                    newest -> Replica.activate(newest, type, version)));
            // What is published never changes, so a hand writes the same again or something new.
            case HAND_PUBLISHES -> writer.push(Manifests.of(type, version));
            case HAND_ROUTES -> createByHand(writer, revision,
                    Replica.routing(type, step.number(), "\"active\": \"" + version + "\","));
            case HAND_WRITES_NONSENSE -> createByHand(writer, revision, "{");
            case HAND_DELETES -> {
                List<Entry> all = writer.store.list("");
                Entry victim = all.isEmpty() ? null : all.get(step.number() * 7 % all.size());
                // A manifest that is removed and comes back with other content is another law.
                if (victim != null && !victim.key().startsWith("changes/")) {
                    writer.store.delete(victim.key());
                }
            }
            case POLL -> tolerating(replica.registry::poll);
            case RECONCILE -> tolerating(replica.registry::reconcile);
            case SYNC -> tolerating(replica.registry::sync);
            case STORE_FAILS -> replica.store.down = key -> key.hashCode() % 3 == step.number() % 3;
            case STORE_ANSWERS -> replica.store.down = key -> false;
            case RESTART -> throw new IllegalArgumentException("handled by the caller");
        }
    }

    private static void createByHand(Replica writer, String key, String text) {
        writer.store.create(key, text.getBytes(UTF_8));
    }

    /** A store that fails is part of the history. */
    private static void tolerating(Runnable action) {
        try {
            action.run();
        } catch (ServingFailure expected) {
            assertThat(expected).isNotNull();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
