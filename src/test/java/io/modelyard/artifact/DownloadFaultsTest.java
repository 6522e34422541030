package io.modelyard.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.TestStore;
import io.modelyard.artifact.WatchedStore.Request;
import io.modelyard.model.Model;
import io.modelyard.store.StoreException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Wires that break, lie and change their mind: what is handed out is right, or nothing is. */
final class DownloadFaultsTest {
    private static final byte[] CONTENT = CacheHouse.bytes(3_000_000, 1);
    private static final String KEY = "models/t/1/p/f";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;
    @SuppressWarnings("NullAway.Init")
    private CacheHouse house;
    @SuppressWarnings("NullAway.Init")
    private Model model;

    @BeforeEach
    void open() {
        house = new CacheHouse(folder);
        model = house.publish("t/1", Map.of("f", CONTENT));
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void aDownloadThatBrokeOffGoesOnWhereItEnded() throws Exception {
        house.store.wire((request, bytes) -> request.offset() == 0 ? breaking(bytes, 1_000_000) : bytes);
        assertOpensRight();
        List<Request> requests = house.store.requests();
        assertThat(requests).hasSize(2);
        assertThat(requests.get(1).offset()).isEqualTo(1_000_000);
        assertThat(requests.get(1).etag()).isNotNull();
        assertThat(house.store.bytesRead()).isEqualTo(CONTENT.length);
        assertThat(house.cache().stats().brokenOff()).isEqualTo(1);
        assertThat(house.filesBelow("incoming")).isEmpty();
    }

    @Test
    void aDownloadThatBrokeOffGoesOnAfterARestart() throws Exception {
        house.store.wire((request, bytes) -> request.offset() == 0 ? breaking(bytes, 1_000_000) : breaking(bytes, 0));
        assertThatThrownBy(() -> house.cache().open(model)).isInstanceOf(ArtifactException.class)
                .hasMessageContaining(KEY).hasMessageContaining("byte 1000000 of 3000000")
                .hasMessageContaining("broken on purpose");
        assertThat(house.cache().stats().bytes()).isEqualTo(1_000_000);
        house.restarted();
        assertThat(house.cache().stats().bytes()).isEqualTo(1_000_000);
        house.store.wire(WatchedStore.Wire.SOUND);
        assertOpensRight();
        assertThat(house.store.bytesRead()).isEqualTo(CONTENT.length);
    }

    @Test
    void aStreamThatEndsEarlyWithoutAnErrorGoesOnToo() throws Exception {
        house.store.wire((request, bytes) -> request.offset() == 0 ? cut(bytes, 1_234_567) : bytes);
        assertOpensRight();
        assertThat(house.store.bytesRead()).isEqualTo(CONTENT.length);
    }

    @Test
    void manyBreaksAreNoFailureWhileTheDownloadAdvances() throws Exception {
        house.store.wire((request, bytes) -> breaking(bytes, 1 << 20));
        Model large = house.publish("t/2", Map.of("f", CacheHouse.bytes(12 << 20, 7)));
        try (Artifact artifact = house.cache().open(large)) {
            assertThat(artifact.folder().resolve("f")).hasBinaryContent(CacheHouse.bytes(12 << 20, 7));
        }
        assertThat(house.cache().stats().brokenOff()).isGreaterThanOrEqualTo(11);
    }

    @Test
    void anObjectThatWasReplacedMeanwhileIsFetchedFromItsStart() throws Exception {
        byte[] other = CacheHouse.bytes(3_000_000, 99);
        Model wanted = house.publish("t/2", Map.of("f", CONTENT));
        house.store.put("models/t/2/p/f", other);
        house.store.wire((request, bytes) -> request.offset() == 0 && house.store.requests().size() == 1
                ? breaking(bytes, 1_000_000, () -> house.store.put("models/t/2/p/f", CONTENT))
                : bytes);
        try (Artifact artifact = house.cache().open(wanted)) {
            assertThat(artifact.folder().resolve("f")).hasBinaryContent(CONTENT);
        }
        assertThat(house.store.requests()).extracting(Request::offset).containsExactly(0L, 1_000_000L, 0L);
    }

    @Test
    void aBitThatFlippedOnTheWireIsFetchedOnceMore() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        house.store.wire((request, bytes) -> opened.getAndIncrement() == 0 ? flipping(bytes, 2_000_000) : bytes);
        assertOpensRight();
        assertThat(house.store.requests()).extracting(Request::offset).containsExactly(0L, 0L);
    }

    @Test
    void anObjectThatIsNotWhatTheManifestSaysIsRefusedWithBothDigests() {
        byte[] other = CacheHouse.bytes(CONTENT.length, 5);
        house.store.put(KEY, other);
        assertThatThrownBy(() -> house.cache().open(model)).isInstanceOf(ArtifactException.class)
                .hasMessageContaining(KEY).hasMessageContaining(TestStore.sha256(CONTENT))
                .hasMessageContaining(TestStore.sha256(other)).hasMessageContaining("publish the version again");
        assertThat(house.store.requests()).hasSize(2);
        assertNothingIsThere();
    }

    @Test
    void anObjectOfAnotherSizeIsRefused() {
        house.store.put(KEY, new byte[10]);
        assertThatThrownBy(() -> house.cache().open(model)).isInstanceOf(ArtifactException.class)
                .hasMessageContaining("has 10 bytes, the manifest says 3000000");
        house.store.put(KEY, new byte[CONTENT.length + 1]);
        assertThatThrownBy(() -> house.cache().open(model)).isInstanceOf(ArtifactException.class)
                .hasMessageContaining("larger than the 3000000 bytes");
        assertNothingIsThere();
    }

    @Test
    void aMissingObjectIsSaidAtOnceUnlessAnotherVersionHasIt() throws Exception {
        house.store.delete(KEY);
        assertThatThrownBy(() -> house.cache().open(model)).isInstanceOf(ArtifactException.class)
                .hasMessageContaining(KEY + " is missing in " + house.store.location());
        assertThat(house.store.requests()).hasSize(1);
        house.cache().open(house.publish("t/2", Map.of("f", CONTENT))).close();
        assertOpensRight();
    }

    @Test
    void aStoreThatCannotBeReachedIsAFailureWithItsReason() {
        house.store.wire((request, bytes) -> {
            throw new StoreException("the bucket cannot be reached: no route to host", null);
        });
        assertThatThrownBy(() -> house.cache().open(model)).isInstanceOf(ArtifactException.class)
                .hasMessageContaining("no route to host");
        assertThat(house.store.requests()).hasSize(5);
    }

    /** Whatever the wire does, and however often the process ends, the right bytes come out, or none. */
    @Property(tries = 25, seed = "20261121")
    void noWireGetsWrongBytesIn(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        Path own = Files.createTempDirectory("artifact-faults");
        try (CacheHouse troubled = new CacheHouse(own)) {
            Map<String, byte[]> files = Map.of("a", CacheHouse.bytes(random.nextInt(400_000), seed), "b",
                    CacheHouse.bytes(random.nextInt(400_000), seed + 1));
            Model wanted = troubled.publish("t/1", files);
            troubled.store.wire((request, bytes) -> {
                synchronized (random) {
                    int at = random.nextInt(400_000);
                    return switch (random.nextInt(6)) {
                        case 0 -> breaking(bytes, at);
                        case 1 -> cut(bytes, at);
                        case 2 -> flipping(bytes, at);
                        case 3 -> new SequenceInputStream(bytes, new ByteArrayInputStream(new byte[1 + at % 10]));
                        default -> bytes;
                    };
                }
            });
            boolean opened = false;
            for (int tries = 0; tries < 50 && !opened; tries++) {
                try (Artifact artifact = troubled.cache().open(wanted)) {
                    for (Map.Entry<String, byte[]> file : files.entrySet()) {
                        assertThat(artifact.folder().resolve(file.getKey())).hasBinaryContent(file.getValue());
                    }
                    opened = true;
                } catch (ArtifactException e) {
                    if (random.nextBoolean()) {
                        troubled.restarted();
                    }
                }
            }
            assertThat(opened).isTrue();
        } finally {
            CacheFolder.delete(own);
        }
    }

    private void assertOpensRight() throws ArtifactException {
        try (Artifact artifact = house.cache().open(model)) {
            assertThat(artifact.folder().resolve("f")).hasBinaryContent(CONTENT);
        }
    }

    private void assertNothingIsThere() {
        assertThat(house.filesBelow("blobs")).isEmpty();
        assertThat(house.filesBelow("versions")).isEmpty();
        assertThat(house.cache().stats().bytes()).isZero();
    }

    private static InputStream breaking(InputStream bytes, int at) {
        return breaking(bytes, at, () -> {});
    }

    /** Throws where so many bytes were read. */
    private static InputStream breaking(InputStream bytes, int at, Runnable before) {
        return new FilterInputStream(bytes) {
            private int left = at;

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                if (left == 0) {
                    before.run();
                    throw new IOException("broken on purpose");
                }
                int n = super.read(buffer, offset, Math.min(length, left));
                left -= Math.max(0, n);
                return n;
            }
        };
    }

    /** Ends where so many bytes were read. */
    private static InputStream cut(InputStream bytes, int at) {
        return new FilterInputStream(bytes) {
            private int left = at;

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int n = left == 0 ? -1 : super.read(buffer, offset, Math.min(length, left));
                left -= Math.max(0, n);
                return n;
            }
        };
    }

    private static InputStream flipping(InputStream bytes, int at) {
        return new FilterInputStream(bytes) {
            private int position;

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int n = super.read(buffer, offset, length);
                if (position <= at && at < position + n) {
                    buffer[offset + at - position] ^= 4;
                }
                position += Math.max(0, n);
                return n;
            }
        };
    }
}
