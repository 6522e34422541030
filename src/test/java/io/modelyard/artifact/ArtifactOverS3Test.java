package io.modelyard.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.modelyard.TestBucket;
import io.modelyard.model.Model;
import io.modelyard.store.ObjectStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The cache over a bucket. {@code -Dmodelyard.shared-version-bytes=200000000} makes the shared version that large. */
final class ArtifactOverS3Test {
    private static final int VERSION_BYTES = Integer.getInteger("modelyard.shared-version-bytes", 20_000_000);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path data;
    @SuppressWarnings("NullAway.Init")
    private static TestBucket bucket;
    @SuppressWarnings("NullAway.Init")
    private static ApplicationContext context;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;
    @SuppressWarnings("NullAway.Init")
    private CacheHouse house;

    @BeforeAll
    static void start() {
        bucket = TestBucket.start();
        Map<String, Object> properties = new HashMap<>(bucket.properties());
        properties.put("modelyard.data-dir", data.toString());
        context = ApplicationContext.run(properties);
    }

    @AfterAll
    static void stop() {
        context.close();
        bucket.close();
    }

    @BeforeEach
    void open() {
        house = new CacheHouse(folder, context.getBean(ObjectStore.class));
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void ofAVersionThatSharesNineTenthsOnlyTheRestIsDownloaded() throws Exception {
        int part = VERSION_BYTES / 10;
        Map<String, byte[]> files = new HashMap<>();
        for (int i = 0; i < 10; i++) {
            files.put("part-" + i, CacheHouse.bytes(part, i));
        }
        Model one = house.publish("large/1", files);
        files.put("part-3", CacheHouse.bytes(part, 33));
        Model two = house.publish("large/2", files);

        house.cache().open(one).close();
        assertThat(house.store.bytesRead()).isEqualTo(10L * part);
        try (Artifact artifact = house.cache().open(two)) {
            assertThat(house.store.bytesRead()).isEqualTo(11L * part);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                assertThat(artifact.folder().resolve(file.getKey())).hasBinaryContent(file.getValue());
            }
        }
        assertThat(house.cache().stats().bytes()).isEqualTo(11L * part);
        assertThat(house.cache().stats().fetchedBytes()).isEqualTo(11L * part);
        assertThat(house.cache().stats().sharedBytes()).isEqualTo(9L * part);
        System.out.printf("a version of %d bytes: %d downloaded, %d shared%n", 10L * part,
                house.store.bytesRead() - 10L * part, house.cache().stats().sharedBytes());
    }

    @Test
    void aDownloadGoesOnWithTheSameObjectAndBeginsAnewWithAnother() throws Exception {
        byte[] content = CacheHouse.bytes(3_000_000, 7);
        Model model = house.publish("t/1", Map.of("f", content));
        house.store.wire((request, bytes) -> request.offset() == 0 ? broken(bytes) : bytes);
        try (Artifact artifact = house.cache().open(model)) {
            assertThat(artifact.folder().resolve("f")).hasBinaryContent(content);
        }
        assertThat(house.store.bytesRead()).isEqualTo(content.length);

        Model other = house.publish("t/2", Map.of("f", CacheHouse.bytes(3_000_000, 8)));
        house.store.put("models/t/2/p/f", CacheHouse.bytes(3_000_000, 9));
        house.store.wire((request, bytes) -> {
            if (house.store.requests().size() == 3) {
                house.store.put("models/t/2/p/f", CacheHouse.bytes(3_000_000, 8));
                return broken(bytes);
            }
            return bytes;
        });
        try (Artifact artifact = house.cache().open(other)) {
            assertThat(artifact.folder().resolve("f")).hasBinaryContent(CacheHouse.bytes(3_000_000, 8));
        }
    }

    private static InputStream broken(InputStream bytes) {
        return new FilterInputStream(bytes) {
            private int left = 1_000_000;

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                if (left == 0) {
                    throw new IOException("broken on purpose");
                }
                int n = super.read(buffer, offset, Math.min(length, left));
                left -= Math.max(0, n);
                return n;
            }
        };
    }
}
