package io.modelyard.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.TestBucket;
import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.Publication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Of two publishers of one version, each a process of its own, one wins. */
final class PublisherRaceTest {
    private static final int RACES = Integer.getInteger("modelyard.torn.races", 20);

    @TempDir
    Path folder;

    /** How one of them ended. */
    private enum End {
        PUBLISHED, ALREADY_PUBLISHED, CONFLICT
    }

    @Test
    void exactlyOneWinsAndTheOthersFilesAreNotTouched() throws Exception {
        long start = System.nanoTime();
        try (TestBucket bucket = TestBucket.start();
                Yard one = new Yard(folder.resolve("one"), bucket.properties());
                Yard two = new Yard(folder.resolve("two"), bucket.properties());
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            CyclicBarrier together = new CyclicBarrier(2);
            for (int race = 0; race < RACES; race++) {
                ModelId id = new ModelId("race", String.valueOf(race));
                boolean same = race % 5 == 0;
                List<Future<End>> ends = new ArrayList<>();
                for (Yard yard : List.of(one, two)) {
                    ModelSource source = Yard.source(folder.resolve("models/" + race + "/" + ends.size()), 1,
                            "race " + race + (same ? "" : " of " + ends.size()));
                    Manifest manifest = Yard.manifest(id, source);
                    ends.add(threads.submit(() -> {
                        together.await();
                        return push(yard, manifest, source);
                    }));
                }
                assertThat(List.of(ends.get(0).get(), ends.get(1).get())).as("race %d", race)
                        .containsExactlyInAnyOrder(End.PUBLISHED, same ? End.ALREADY_PUBLISHED : End.CONFLICT);
                Model winner = one.look(id).orElseThrow();
                assertThat(two.look(id)).contains(winner);
                assertThat(one.files(id)).as("race %d", race)
                        .containsExactly(winner.manifest().filesPrefix() + "parts/0");
            }
        }
        System.out.printf("%d races: one winner each, in %.1f s%n", RACES, (System.nanoTime() - start) / 1e9);
    }

    private static End push(Yard yard, Manifest manifest, ModelSource source) throws Exception {
        try {
            return switch (yard.publisher().push(manifest, source)) {
                case Publication.Created _ -> End.PUBLISHED;
                case Publication.AlreadyPublished _ -> End.ALREADY_PUBLISHED;
            };
        } catch (ServingFailure.Conflict e) {
            return End.CONFLICT;
        }
    }
}
