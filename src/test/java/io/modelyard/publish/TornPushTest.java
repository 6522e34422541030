package io.modelyard.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.publish.MortalStore.Killed;
import io.modelyard.registry.Publication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A publisher that dies at any step leaves nothing that a server could take for a version, and pushing again finishes. */
final class TornPushTest {
    private static final int TRIALS = Integer.getInteger("modelyard.torn.trials", 100);
    private static final long SEED = Long.getLong("modelyard.torn.seed", 20261121);
    private static final int FILES = 3;
    /** Files, manifest, notice, generation. */
    private static final int STEPS = FILES + 3;

    @TempDir
    Path folder;

    @Test
    void neverShowsAPartOfAVersionAndFinishesWhenItIsPushedAgain() throws Exception {
        Map<String, Object> store = Map.of("modelyard.store.uri", folder.resolve("store").toString());
        Random random = new Random(SEED);
        int seenBeforeTheEnd = 0;
        int resumed = 0;
        try (Yard pipeline = new Yard(folder.resolve("pipeline"), store);
                Yard server = new Yard(folder.resolve("server"), store)) {
            for (int trial = 0; trial < TRIALS; trial++) {
                ModelId id = new ModelId("torn-" + trial % 7, String.valueOf(trial));
                ModelSource source = Yard.source(folder.resolve("models/" + trial), FILES, "trial " + trial);
                // A runner of a pipeline may come back without what it remembered.
                boolean remembers = random.nextInt(4) > 0;
                int deaths = 1 + random.nextInt(2);
                for (int death = 0; death < deaths; death++) {
                    pipeline.store().dieAfter(random.nextInt(STEPS), random.nextBoolean());
                    boolean finished = push(pipeline, id, source, journal(trial, remembers ? 0 : death));
                    Optional<Model> seen = server.look(id);
                    if (finished) {
                        assertThat(seen).as("trial %d", trial).isPresent();
                    }
                    seenBeforeTheEnd += seen.isPresent() ? 1 : 0;
                }
                pipeline.store().live();
                Manifest manifest = Yard.manifest(id, source);
                Publication done = pipeline.publisher().push(manifest, source, journal(trial, remembers ? 0 : deaths),
                        UploadProgress.NONE);
                Model listed = server.look(id).orElseThrow();
                assertThat(listed).as("trial %d", trial).isEqualTo(done.model());
                if (remembers) {
                    // All of it went on under one push, of which nothing is left over.
                    assertThat(server.files(id)).as("trial %d", trial).hasSize(FILES);
                    resumed++;
                }
            }
        }
        System.out.printf(
                "%d trials of seed %d: %d times the version was there when the publisher died, %d pushes resumed%n",
                TRIALS, SEED, seenBeforeTheEnd, resumed);
        assertThat(seenBeforeTheEnd).isPositive();
        assertThat(resumed).isPositive();
    }

    /** Whether the publisher lived to the end: what comes after the notice of the change may not be needed. */
    private static boolean push(Yard pipeline, ModelId id, ModelSource source, PushJournal journal) throws Exception {
        if (pipeline.store().isDead()) {
            throw new IllegalStateException("the dead do not push");
        }
        try {
            pipeline.publisher().push(Yard.manifest(id, source), source, journal, UploadProgress.NONE);
            return true;
        } catch (Killed killed) {
            return false;
        }
    }

    @Test
    void diesWhereItIsTold() {
        try (Yard yard = new Yard(folder, Map.of("modelyard.store.uri", folder.resolve("store").toString()))) {
            MortalStore store = yard.store();
            store.dieAfter(1, false);
            store.create("a", new byte[1]);
            assertThrows(Killed.class, () -> store.create("b", new byte[1]));
            assertThrows(Killed.class, () -> store.get("a"));
            store.dieAfter(0, true);
            assertThrows(Killed.class, () -> store.create("c", new byte[1]));
            store.live();
            assertThat(store.get("b")).isEmpty();
            assertThat(store.get("c")).isPresent();
        }
    }

    private PushJournal journal(int trial, int machine) {
        return Yard.journal(folder.resolve("machines/" + trial + "/" + machine));
    }
}
