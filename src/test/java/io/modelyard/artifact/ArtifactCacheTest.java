package io.modelyard.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.exceptions.ConfigurationException;
import io.modelyard.TestStore;
import io.modelyard.model.ArtifactFile;
import io.modelyard.model.Model;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What is kept on disk, for how long, and what is fetched for it. */
final class ArtifactCacheTest {
    private static final byte[] A = CacheHouse.bytes(3000, 1);
    private static final byte[] B = CacheHouse.bytes(2000, 2);
    private static final byte[] C = CacheHouse.bytes(1000, 3);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;
    @SuppressWarnings("NullAway.Init")
    private CacheHouse house;

    @BeforeEach
    void open() {
        house = new CacheHouse(folder);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void aVersionHasItsFilesUnderTheirPaths() throws Exception {
        Model model = house.publish("t/1", Map.of("a", A, "deep/er/b", B, "empty", new byte[0]));
        try (Artifact artifact = house.cache().open(model)) {
            assertThat(artifact.folder().resolve("a")).hasBinaryContent(A);
            assertThat(artifact.folder().resolve("deep/er/b")).hasBinaryContent(B);
            assertThat(artifact.folder().resolve("empty")).isEmptyFile();
        }
    }

    @Test
    void anotherOpeningFetchesNothingNorDoesOneAfterARestart() throws Exception {
        Model model = house.publish("t/1", Map.of("a", A));
        house.cache().open(model).close();
        house.cache().open(model).close();
        house.restarted().open(model).close();
        assertThat(house.store.requests()).hasSize(1);
    }

    @Test
    void whatTwoVersionsShareIsFetchedAndKeptOnce() throws Exception {
        Model one = house.publish("t/1", Map.of("a", A, "b", B));
        Model two = house.publish("t/2", Map.of("same", A, "again", A, "c", C));
        house.cache().open(one).close();
        try (Artifact artifact = house.cache().open(two)) {
            assertThat(artifact.folder().resolve("same")).hasBinaryContent(A);
            assertThat(artifact.folder().resolve("again")).hasBinaryContent(A);
        }
        assertThat(house.store.bytesRead()).isEqualTo(6000);
        assertThat(house.filesBelow("blobs")).hasSize(3);
        ArtifactStats stats = house.cache().stats();
        assertThat(stats.bytes()).isEqualTo(6000);
        assertThat(stats.fetchedBytes()).isEqualTo(6000);
        assertThat(stats.sharedBytes()).isEqualTo(6000);
        assertThat(Files.getAttribute(house.path("blobs").resolve(TestStore.sha256(A).substring(0, 2))
                .resolve(TestStore.sha256(A)), "unix:nlink")).isEqualTo(4);
    }

    @Test
    void whereLinksFailFilesAreCopied() throws Exception {
        house.links((blob, name) -> {
            throw new UnsupportedOperationException("no links here");
        });
        Model one = house.publish("t/1", Map.of("a", A));
        Model two = house.publish("t/2", Map.of("a", A));
        house.cache().open(one).close();
        try (Artifact artifact = house.cache().open(two)) {
            assertThat(artifact.folder().resolve("a")).hasBinaryContent(A);
        }
        assertThat(house.store.requests()).hasSize(1);
        assertThat(house.cache().stats().bytes()).isEqualTo(9000);
        assertThat(house.restarted().stats().bytes()).isEqualTo(9000);
    }

    @Test
    void manyThreadsFetchEachContentOnce() throws Exception {
        List<Model> models = new ArrayList<>();
        for (int version = 0; version < 8; version++) {
            Map<String, byte[]> files = new HashMap<>();
            for (int file = 0; file < 4; file++) {
                files.put("f" + file, CacheHouse.bytes(50_000, (version + file) % 8));
            }
            models.add(house.publish("t/" + version, files));
        }
        ArtifactCache cache = house.cache();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Artifact>> opened = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                Model model = models.get(i % 8);
                opened.add(threads.submit(() -> cache.open(model)));
            }
            for (int i = 0; i < 64; i++) {
                try (Artifact artifact = opened.get(i).get()) {
                    assertThat(artifact.folder().resolve("f1"))
                            .hasBinaryContent(CacheHouse.bytes(50_000, (i % 8 + 1) % 8));
                }
            }
        }
        assertThat(house.store.requests()).hasSize(8);
        assertThat(house.store.bytesRead()).isEqualTo(400_000);
    }

    @Test
    void theLeastRecentlyUsedVersionIsEvicted() throws Exception {
        house.maxBytes(1_000_000);
        List<Model> models = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            models.add(house.publish("t/" + i, Map.of("f", CacheHouse.bytes(300_000, i))));
        }
        for (int i : new int[]{0, 1, 2, 0}) {
            house.pass(Duration.ofMinutes(1));
            house.cache().open(models.get(i)).close();
        }
        // The use is remembered across a restart.
        house.restarted().open(models.get(3)).close();
        assertThat(house.cache().digests()).containsExactlyInAnyOrder(models.get(0).digest(), models.get(2).digest(),
                models.get(3).digest());
        assertThat(house.filesBelow("blobs")).hasSize(3);
        assertThat(house.filesBelow("trash")).isEmpty();
        assertThat(house.cache().stats().evictedVersions()).isEqualTo(1);
        assertThat(house.cache().stats().evictedBytes()).isEqualTo(300_000);
    }

    @Test
    void whatIsOpenIsNotEvictedAndTheLimitIsKeptAsSoonAsItIsClosed() throws Exception {
        house.maxBytes(1_000_000);
        Model one = house.publish("t/1", Map.of("f", CacheHouse.bytes(800_000, 1)));
        Model two = house.publish("t/2", Map.of("f", CacheHouse.bytes(800_000, 2)));
        Artifact held = house.cache().open(one);
        house.pass(Duration.ofMinutes(1));
        try (Artifact other = house.cache().open(two)) {
            assertThat(held.folder().resolve("f")).exists();
            assertThat(other.folder().resolve("f")).exists();
            assertThat(house.cache().stats().overBytes()).isEqualTo(600_000);
        }
        assertThat(house.cache().digests()).containsExactly(one.digest());
        held.close();
        assertThat(house.cache().digests()).containsExactly(one.digest());
    }

    @Test
    void whatIsToBeKeptStaysAboveTheLimitAndGoesOnlyWhereTheDiskIsFull() throws Exception {
        long[] free = {Long.MAX_VALUE / 2};
        house.maxBytes(1_000_000).disk(() -> free[0]);
        Model one = house.publish("t/1", Map.of("f", CacheHouse.bytes(800_000, 1)));
        Model two = house.publish("t/2", Map.of("f", CacheHouse.bytes(800_000, 2)));
        Model three = house.publish("t/3", Map.of("f", CacheHouse.bytes(1000, 3)));
        house.kept.addAll(List.of(one.digest(), two.digest()));
        house.cache().open(one).close();
        house.pass(Duration.ofMinutes(1));
        house.cache().open(two).close();
        assertThat(house.cache().digests()).containsExactlyInAnyOrder(one.digest(), two.digest());

        free[0] = 0;
        assertThatThrownBy(() -> house.cache().open(three)).isInstanceOf(ArtifactException.class)
                .hasMessageContaining("full").hasMessageContaining("t/3 needs 1000 bytes")
                .hasMessageContaining("modelyard.artifact.directory");
        assertThat(house.cache().digests()).isEmpty();
        assertThat(house.filesBelow("blobs")).isEmpty();
    }

    @Test
    void whatIsRemovedTakesOnlyWhatNoOtherVersionShares() throws Exception {
        Model one = house.publish("t/1", Map.of("a", A, "b", B));
        Model two = house.publish("t/2", Map.of("a", A, "c", C));
        house.cache().open(one).close();
        Artifact held = house.cache().open(two);
        assertThat(house.cache().remove(two.digest())).isEmpty();
        assertThat(house.cache().remove(one.digest())).hasValue(2000);
        assertThat(house.cache().remove(one.digest())).hasValue(0);
        assertThat(held.folder().resolve("a")).hasBinaryContent(A);
        held.close();
        assertThat(house.cache().remove(two.digest())).hasValue(4000);
        assertThat(house.filesBelow("blobs")).isEmpty();
        assertThat(house.filesBelow("versions")).isEmpty();
    }

    @Test
    void leftoversOfAKilledProcessAreRemovedAndWhatIsWholeIsTakenOver() throws Exception {
        Model one = house.publish("t/1", Map.of("a", A));
        Model two = house.publish("t/2", Map.of("b", B));
        house.cache().open(one).close();
        house.cache().open(two).close();
        house.close();
        Files.createDirectories(house.path("tmp/x/files"));
        Files.write(house.path("tmp/x/files/a"), A);
        Files.write(house.path("trash/y"), A);
        Files.write(house.path("incoming").resolve("f".repeat(64) + ".part"), A);
        Files.delete(house.path("versions").resolve(two.digest()).resolve("contents.json"));
        shorten(house.path("blobs").resolve(TestStore.sha256(A).substring(0, 2)).resolve(TestStore.sha256(A)));

        assertThat(house.cache().digests()).containsExactly(one.digest());
        for (String empty : List.of("tmp", "trash", "incoming")) {
            assertThat(house.filesBelow(empty)).isEmpty();
        }
        try (Artifact artifact = house.cache().open(one); Artifact other = house.cache().open(two)) {
            assertThat(artifact.folder().resolve("a")).hasBinaryContent(A);
            assertThat(other.folder().resolve("b")).hasBinaryContent(B);
        }
        assertThat(house.store.opened()).containsExactly("models/t/1/p/a", "models/t/2/p/b", "models/t/1/p/a");
    }

    @Test
    void contentsWithoutAVersionAreKeptForADay() throws Exception {
        Model one = house.publish("t/1", Map.of("a", A));
        house.cache().open(one).close();
        house.close();
        CacheFolder.delete(house.path("versions").resolve(one.digest()));
        assertThat(house.restarted().stats().blobs()).isEqualTo(1);
        house.pass(Duration.ofDays(2));
        assertThat(house.restarted().stats().blobs()).isZero();
        assertThat(house.filesBelow("blobs")).isEmpty();
    }

    @Test
    void twoCachesDoNotShareAFolder() {
        ArtifactCache first = house.cache();
        CacheHouse second = new CacheHouse(folder);
        assertThatThrownBy(second::cache).isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(house.path("").toString().replaceAll("/$", ""))
                .hasMessageContaining("in use by another process")
                .hasMessageContaining("modelyard.artifact.directory");
        first.close();
        second.cache();
        second.close();
    }

    @Test
    void aPathThatLeavesTheFolderIsRefused() {
        Model model = house.publish("t/1", Map.of("a", A));
        Model evil = CacheHouse.model("t", "1", List.of(new ArtifactFile("a", A.length, TestStore.sha256(A)),
                new ArtifactFile("../../x", A.length, TestStore.sha256(A))));
        assertThat(model.digest()).isEqualTo(evil.digest());
        assertThatThrownBy(() -> house.cache().open(evil)).isInstanceOf(ArtifactException.class)
                .hasMessageContaining("leaves the version's folder");
        assertThat(house.cache().digests()).isEmpty();
        assertThat(house.filesBelow("tmp")).isEmpty();
    }

    private static void shorten(Path file) throws IOException {
        assertThat(file.toFile().setWritable(true)).isTrue();
        Files.write(file, new byte[5]);
    }
}
