package io.modelyard.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.TestStore;
import io.modelyard.background.BackgroundConfiguration;
import io.modelyard.background.BackgroundThreads;
import io.modelyard.model.ArtifactFile;
import io.modelyard.model.Model;
import io.modelyard.store.directory.DirectoryStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that downloads, evicts, verifies and removes without a pause is killed at random moments, and the next one
 * takes over what it left. {@code -Dmodelyard.kills=100} kills more often than the build does.
 */
final class KilledCacheTest {
    private static final int KILLS = Integer.getInteger("modelyard.kills", 8);
    private static final int VERSIONS = 12;
    private static final int CONTENTS = 20;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void whateverTheMomentTheNextProcessStartsAndNothingWrongIsHandedOut() throws Exception {
        CacheHouse house = new CacheHouse(folder);
        for (int id = 0; id < CONTENTS; id++) {
            for (Model model : models()) {
                for (ArtifactFile file : model.manifest().files()) {
                    if (file.sha256().equals(TestStore.sha256(content(id)))) {
                        house.store.put(model.manifest().filesPrefix() + file.path(), content(id));
                    }
                }
            }
        }
        Random random = new Random(20261121);
        int opened = 0;
        int unfinished = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            List<String> said = runAndKill(random.nextInt(), random.nextInt(12), random.nextInt(100));
            assertThat(said).as("kill %d", kill).contains("ready").noneMatch(line -> line.startsWith("BAD"));
            opened += (int) said.stream().filter("opened"::equals).count();
            unfinished += house.filesBelow("tmp").size() + house.filesBelow("trash").size()
                    + house.filesBelow("incoming").size() > 0 ? 1 : 0;
            assertThatAllIsRight(house);
        }
        System.out.printf("%d kills, %d of them in the middle of something, %d openings%n", KILLS, unfinished, opened);
        assertThat(opened).isPositive();
        assertThat(unfinished).isPositive();

        // What is left is in order: no leftovers, and all that is on disk is known.
        assertThat(house.cache().stats().bytes()).isEqualTo(bytesBelow(house, "blobs") + bytesOfParts(house));
        assertThat(house.filesBelow("tmp")).isEmpty();
        assertThat(house.filesBelow("trash")).isEmpty();
        for (Model model : models()) {
            try (Artifact artifact = house.cache().open(model)) {
                assertThat(wrong(model, artifact.folder())).isEmpty();
            }
        }
        house.close();
    }

    /** Kills some time after the child has opened so many versions. */
    private List<String> runAndKill(int seed, int openings, int millis) throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp", System.getProperty("java.class.path"),
                Child.class.getName(), folder.toString(), Integer.toString(seed)).redirectErrorStream(true).start();
        ConcurrentLinkedQueue<String> said = new ConcurrentLinkedQueue<>();
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                said.add(line);
                if (said.stream().filter("opened"::equals).count() >= openings && said.contains("ready")) {
                    Thread.ofVirtual().start(() -> {
                        // Time is the point here: any moment may be the last.
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
                        process.toHandle().destroyForcibly();
                    });
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        return List.copyOf(said);
    }

    /** What has its name has its content, at any moment. */
    private static void assertThatAllIsRight(CacheHouse house) throws IOException {
        for (String blob : house.filesBelow("blobs")) {
            assertThat(TestStore.sha256(Files.readAllBytes(house.path("blobs").resolve(blob)))).isEqualTo(blob
                    .substring(3));
        }
        try (var versions = Files.list(house.path("versions"))) {
            for (Path version : versions.toList()) {
                Contents contents = Contents.read(version.resolve("contents.json"));
                Model model = models().stream().filter(each -> each.digest().equals(contents.digest())).findFirst()
                        .orElseThrow();
                assertThat(wrong(model, version.resolve("files"))).isEmpty();
            }
        }
    }

    private static long bytesBelow(CacheHouse house, String name) throws IOException {
        long bytes = 0;
        for (String file : house.filesBelow(name)) {
            bytes += Files.size(house.path(name).resolve(file));
        }
        return bytes;
    }

    private static long bytesOfParts(CacheHouse house) throws IOException {
        long bytes = 0;
        for (String file : house.filesBelow("incoming")) {
            bytes += file.endsWith(".part") ? Files.size(house.path("incoming").resolve(file)) : 0;
        }
        return bytes;
    }

    static List<Model> models() {
        List<Model> models = new ArrayList<>();
        for (int version = 0; version < VERSIONS; version++) {
            List<ArtifactFile> files = new ArrayList<>();
            for (int file = 0; file < 4; file++) {
                byte[] content = content((version * 3 + file) % CONTENTS);
                files.add(new ArtifactFile("deep/f" + file, content.length, TestStore.sha256(content)));
            }
            models.add(CacheHouse.model("t", Integer.toString(version), files));
        }
        return models;
    }

    static byte[] content(int id) {
        return CacheHouse.bytes(20_000 + 10_000 * id, id);
    }

    /** The files that are not what the manifest says. */
    static List<String> wrong(Model model, Path folder) throws IOException {
        List<String> wrong = new ArrayList<>();
        for (ArtifactFile file : model.manifest().files()) {
            if (!TestStore.sha256(Files.readAllBytes(folder.resolve(file.path()))).equals(file.sha256())) {
                wrong.add(file.path());
            }
        }
        return wrong;
    }

    /** Uses the cache on several threads until it is killed, over a wire that breaks and lies. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) {
            Path folder = Path.of(arguments[0]);
            Random random = new Random(Integer.parseInt(arguments[1]));
            WatchedStore store = new WatchedStore(new DirectoryStore(folder.resolve("store")));
            store.wire((request, bytes) -> troubled(bytes, random.nextInt(1_000_000), random.nextInt(1_000_000)));
            ArtifactCache cache = new ArtifactCache(store, new ArtifactConfiguration(folder.resolve("cache"),
                    1_200_000L, 4, Duration.ofMillis(1), Duration.ofSeconds(2), 1_000_000_000), Set::of, event -> {},
                    Clock.systemUTC(), new BackgroundThreads(new BackgroundConfiguration(10)), Links.HARD,
                    Optional.empty());
            System.out.println("ready");
            List<Model> models = models();
            for (int i = 0; i < 4; i++) {
                Thread.ofPlatform().start(() -> {
                    while (true) {
                        use(cache, models.get(random.nextInt(models.size())));
                    }
                });
            }
            while (true) {
                LockSupport.parkNanos(20_000_000);
                cache.verify();
                try {
                    cache.remove(models.get(random.nextInt(models.size())).digest());
                } catch (ArtifactException e) {
                    System.out.println("failed " + e.reason());
                }
            }
        }

        private static void use(ArtifactCache cache, Model model) {
            try (Artifact artifact = cache.open(model)) {
                List<String> wrong = wrong(model, artifact.folder());
                System.out.println(wrong.isEmpty() ? "opened" : "BAD " + model.id() + " " + wrong);
            } catch (ArtifactException e) {
                System.out.println("failed " + e.reason());
            } catch (IOException e) {
                System.out.println("BAD " + model.id() + " " + e);
            }
        }

        /** Breaks or flips a bit where the position is reached, and takes its time. */
        private static InputStream troubled(InputStream bytes, int breakAt, int flipAt) {
            return new FilterInputStream(bytes) {
                private int position;

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    LockSupport.parkNanos(50_000);
                    int n = super.read(buffer, offset, Math.min(length, 16_384));
                    if (position <= flipAt && flipAt < position + n) {
                        buffer[offset + flipAt - position] ^= 1;
                    }
                    position += Math.max(0, n);
                    if (position > breakAt) {
                        throw new IOException("broken on purpose");
                    }
                    return n;
                }
            };
        }
    }
}
