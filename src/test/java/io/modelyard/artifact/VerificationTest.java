package io.modelyard.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.TestStore;
import io.modelyard.model.Model;
import io.modelyard.store.StoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;

/** Bits that flip on disk are found and fetched again, and nobody is handed them. */
final class VerificationTest {
    private static final byte[] CONTENT = CacheHouse.bytes(600_000, 1);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;
    @SuppressWarnings("NullAway.Init")
    private CacheHouse house;
    @SuppressWarnings("NullAway.Init")
    private Model one;
    @SuppressWarnings("NullAway.Init")
    private Model two;

    @BeforeEach
    void open() {
        house = new CacheHouse(folder);
        one = house.publish("t/1", Map.of("f", CONTENT, "own", new byte[]{1}));
        two = house.publish("t/2", Map.of("g", CONTENT));
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void nothingIsReadBeforeItsTime() throws Exception {
        house.cache().open(one).close();
        house.pass(Duration.ofHours(23));
        house.cache().verify();
        assertThat(house.cache().stats().verifiedBytes()).isZero();
        house.pass(Duration.ofHours(2));
        house.cache().verify();
        assertThat(house.cache().stats().verifiedBytes()).isEqualTo(CONTENT.length + 1);
        house.cache().verify();
        assertThat(house.cache().stats().verifiedBytes()).isEqualTo(CONTENT.length + 1);
    }

    @Test
    void aFlippedBitIsFetchedAgainForAllVersionsThatHoldItAndTheLoadedOnesAreTold() throws Exception {
        try (Artifact loaded = house.cache().open(one)) {
            house.cache().open(two).close();
            flipSilently(blob());
            house.pass(Duration.ofHours(25));
            house.cache().verify();
            assertThat(loaded.folder().resolve("f")).hasBinaryContent(CONTENT);
            assertThat(house.path("versions").resolve(two.digest()).resolve("files/g")).hasBinaryContent(CONTENT);
            assertThat(blob()).hasBinaryContent(CONTENT);
        }
        assertThat(house.mended).containsExactly(one.digest());
        ArtifactStats stats = house.cache().stats();
        assertThat(stats.damaged()).isEqualTo(2);
        assertThat(stats.unmended()).isZero();
        assertThat(house.store.opened()).hasSize(3);
    }

    @Test
    void whatSomebodyWroteToIsFoundBeforeItIsHandedOutAgain() throws Exception {
        try (Artifact artifact = house.cache().open(one)) {
            flip(artifact.folder().resolve("f"));
        }
        try (Artifact artifact = house.cache().open(two)) {
            assertThat(artifact.folder().resolve("g")).hasBinaryContent(CONTENT);
        }
        try (Artifact artifact = house.cache().open(one)) {
            assertThat(artifact.folder().resolve("f")).hasBinaryContent(CONTENT);
        }
    }

    @Test
    void whatIsDueIsReadAtItsFirstUseAfterAStart() throws Exception {
        house.cache().open(one).close();
        house.close();
        flipSilently(blob());
        house.pass(Duration.ofDays(3));
        try (Artifact artifact = house.cache().open(one)) {
            assertThat(artifact.folder().resolve("f")).hasBinaryContent(CONTENT);
        }
        assertThat(house.cache().stats().damaged()).isEqualTo(1);
    }

    @Test
    void whatCannotBeFetchedAgainIsNotHandedOutAndTriedUntilItCan() throws Exception {
        house.cache().open(one).close();
        flipSilently(blob());
        house.pass(Duration.ofHours(25));
        house.store.wire((request, bytes) -> {
            throw new StoreException("no store today", null);
        });
        house.cache().verify();
        assertThat(house.cache().stats().unmended()).isEqualTo(1);
        assertThatThrownBy(() -> house.cache().open(one)).isInstanceOf(ArtifactException.class)
                .hasMessageContaining("no store today");
        assertThatThrownBy(() -> house.restarted().open(one)).isInstanceOf(ArtifactException.class)
                .hasMessageContaining("no store today");
        house.store.wire(WatchedStore.Wire.SOUND);
        house.cache().verify();
        assertThat(house.cache().stats().unmended()).isZero();
        int requests = house.store.requests().size();
        try (Artifact artifact = house.cache().open(one)) {
            assertThat(artifact.folder().resolve("f")).hasBinaryContent(CONTENT);
        }
        assertThat(house.store.requests()).hasSize(requests);
    }

    @Test
    void aCopyThatIsDamagedIsReplacedFromItsBlob() throws Exception {
        house.links((blob, name) -> {
            throw new UnsupportedOperationException("no links here");
        });
        try (Artifact artifact = house.cache().open(one)) {
            flipSilently(artifact.folder().resolve("f"));
            house.pass(Duration.ofHours(25));
            house.cache().verify();
            assertThat(artifact.folder().resolve("f")).hasBinaryContent(CONTENT);
        }
        assertThat(house.mended).containsExactly(one.digest());
        assertThat(house.store.opened()).hasSize(2);
    }

    private Path blob() {
        String sha256 = TestStore.sha256(CONTENT);
        return house.path("blobs").resolve(sha256.substring(0, 2)).resolve(sha256);
    }

    /** As a disk does it: nothing else about the file changes. */
    private static void flipSilently(Path file) throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        flip(file);
        Files.setLastModifiedTime(file, time);
    }

    private static void flip(Path file) throws IOException {
        assertThat(file.toFile().setWritable(true)).isTrue();
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(300_000);
            int before = bytes.read();
            bytes.seek(300_000);
            bytes.write(before ^ 8);
        }
    }
}
