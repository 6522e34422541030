package io.modelyard.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.TestBucket;
import io.modelyard.store.ObjectStore.Changed;
import io.modelyard.store.ObjectStore.Creation;
import io.modelyard.store.ObjectStore.Opening;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Objects of many parts are sent and read in parts, and are one object all the same. */
final class LargeObjectTest {
    private static final int SIZE = 40_000_001;
    private static final String KEY = "models/t/1/large.bin";

    @TempDir
    static Path folder;
    private static TestBucket bucket;
    private static byte[] content;
    private static Path file;

    @BeforeAll
    static void upload() throws IOException {
        bucket = TestBucket.start();
        content = new byte[SIZE];
        new Random(7).nextBytes(content);
        file = Files.write(folder.resolve("large.bin"), content);
        try (S3Store store = Buckets.store(bucket, "yard")) {
            assertThat(store.create(KEY, file)).isInstanceOf(Creation.Created.class);
        }
    }

    @AfterAll
    static void stop() {
        bucket.close();
    }

    @Test
    void isOneObjectThatIsCreatedOnce() {
        try (S3Store store = Buckets.store(bucket, "yard")) {
            String etag = store.list("models/").getFirst().etag();
            assertThat(store.list("models/").getFirst().size()).isEqualTo(SIZE);
            assertThat(store.getIfChanged(KEY, etag)).isEqualTo(new Changed.NotModified());
            assertThat(store.create(KEY, file)).isEqualTo(new Creation.Exists());
            assertThat(store.list("models/").getFirst().etag()).isEqualTo(etag);
        }
        assertThat(bucket.client().listMultipartUploads(request -> request.bucket(bucket.name())).uploads()).isEmpty();
    }

    @Test
    void manyStreamsShareTheMemoryAndReadAllBytes() throws Exception {
        try (S3Store store = Buckets.store(bucket, "yard", Buckets.configuration(bucket.endpoint(), 3));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> same = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                same.add(threads.submit(() -> {
                    try (InputStream in = opened(store, 0)) {
                        return Arrays.equals(in.readAllBytes(), content);
                    }
                }));
            }
            for (Future<Boolean> each : same) {
                assertThat(each.get()).isTrue();
            }
            assertThat(store.partsFree()).isEqualTo(3);
        }
    }

    @Test
    void openStreamsHoldNoMoreThanTheSharedMemoryAndGiveItBack() throws IOException {
        try (S3Store store = Buckets.store(bucket, "yard", Buckets.configuration(bucket.endpoint(), 6))) {
            InputStream first = opened(store, 0);
            assertThat(store.partsFree()).isEqualTo(2);
            InputStream second = opened(store, 0);
            assertThat(store.partsFree()).isZero();
            InputStream third = opened(store, 0);

            assertThat(third.readNBytes(SIZE)).hasSize(SIZE);
            third.close();
            assertThat(store.partsFree()).isZero();
            first.close();
            second.close();

            assertThat(store.partsFree()).isEqualTo(6);
            assertThatThrownBy(first::read).isInstanceOf(IOException.class).hasMessageContaining("closed");
        }
    }

    @Test
    void beginsAtAnyByte() throws IOException {
        try (S3Store store = Buckets.store(bucket, "yard")) {
            for (int offset : new int[]{1, Buckets.PART - 1, Buckets.PART, 3 * Buckets.PART + 5, SIZE - 1}) {
                try (InputStream in = opened(store, offset)) {
                    assertThat(in.read()).isEqualTo(content[offset] & 0xff);
                    assertThat(Arrays.equals(in.readAllBytes(), Arrays.copyOfRange(content, offset + 1, SIZE)))
                            .isTrue();
                }
            }
            try (InputStream in = opened(store, SIZE)) {
                assertThat(in.read()).isEqualTo(-1);
            }
            try (InputStream in = opened(store, SIZE + 10)) {
                assertThat(in.read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void neverGoesOnWithAnotherObject() throws IOException {
        // Without memory to read ahead, the second part is asked for when the first was read.
        try (S3Store store = Buckets.store(bucket, "yard", Buckets.configuration(bucket.endpoint(), 0))) {
            byte[] first = Arrays.copyOf(content, 2 * Buckets.PART);
            store.put("overwritten", first);
            try (InputStream in = ((Opening.Found) store.open("overwritten", 0, null)).bytes()) {
                assertThat(in.readNBytes(Buckets.PART)).isEqualTo(Arrays.copyOf(first, Buckets.PART));
                byte[] second = first.clone();
                second[0]++;
                store.put("overwritten", second);

                assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessageContaining("overwritten");
            }
            store.delete("overwritten");
        }
    }

    @Test
    void saysThatTheObjectWasDeletedMeanwhile() throws IOException {
        try (S3Store store = Buckets.store(bucket, "yard", Buckets.configuration(bucket.endpoint(), 0))) {
            store.put("deleted", new byte[Buckets.PART + 1]);
            try (InputStream in = ((Opening.Found) store.open("deleted", 0, null)).bytes()) {
                in.readNBytes(Buckets.PART);
                store.delete("deleted");

                assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessageContaining("deleted");
            }
        }
    }

    @Test
    void foldersOfOtherToolsAreNoObjects() {
        try (S3Store store = Buckets.store(bucket, "other")) {
            bucket.client().putObject(request -> request.bucket(bucket.name()).key("other/registry/"),
                    RequestBody.empty());
            store.put("registry/t/1.json", "{}".getBytes(UTF_8));

            assertThat(store.list("")).extracting("key").containsExactly("registry/t/1.json");
        }
    }

    private static InputStream opened(S3Store store, long offset) {
        return ((Opening.Found) store.open(KEY, offset, null)).bytes();
    }
}
