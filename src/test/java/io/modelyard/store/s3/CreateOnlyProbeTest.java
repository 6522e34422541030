package io.modelyard.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.TestBucket;
import io.modelyard.store.ObjectStore.Creation;
import io.modelyard.store.StoreException;
import io.modelyard.store.StoreObserver;
import io.modelyard.store.s3.CreateOnlyProbe.Verdict;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A server that overwrites what was to be created is found out before it does harm. */
final class CreateOnlyProbeTest {
    private static final byte[] ONE = "1".getBytes(UTF_8);
    private static final byte[] TWO = "22".getBytes(UTF_8);

    @BeforeAll
    static void credentials() {
        System.setProperty("aws.accessKeyId", TestBucket.ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", TestBucket.SECRET_KEY);
    }

    private static S3Store store(FakeS3 server, boolean unconditionalAllowed) {
        return new S3Store(S3Location.of("s3://bucket/yard"), Buckets.configuration(server.uri()), unconditionalAllowed,
                StoreObserver.NONE);
    }

    @Test
    void aServerThatRefusesToOverwriteIsTrusted() {
        try (TestBucket bucket = TestBucket.start(); S3Store store = Buckets.store(bucket, "yard")) {
            store.probe().atStart();

            assertThat(store.probe().verdict()).isEqualTo(Verdict.HONOURED);
            assertThat(bucket.keys("")).isEmpty();
        }
    }

    @Test
    void nothingIsCreatedWhereTheServerWouldOverwrite(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("file"), ONE);
        try (FakeS3 server = new FakeS3(); S3Store store = store(server, false)) {
            assertThatThrownBy(() -> store.create("registry/t/1.json", ONE)).isInstanceOf(StoreException.class)
                    .hasMessageContaining("registry/t/1.json").hasMessageContaining("s3://bucket/yard")
                    .hasMessageContaining("If-None-Match")
                    .hasMessageContaining("modelyard.store.allow-unconditional-writes");
            assertThatThrownBy(() -> store.create("models/t/1/a", file)).isInstanceOf(StoreException.class);

            assertThat(store.probe().verdict()).isEqualTo(Verdict.IGNORED);
            assertThat(server.objects).isEmpty();
            assertThat(server.requests).hasSize(3).allMatch(request -> request.contains("/bucket/yard/probe/"));
        }
    }

    @Test
    void aServerThatDoesNotKnowTheHeaderIsNoBetter() {
        try (FakeS3 server = new FakeS3(); S3Store store = store(server, false)) {
            server.conditionalStatus = 501;

            assertThatThrownBy(() -> store.create("registry/t/1.json", ONE)).isInstanceOf(StoreException.class)
                    .hasMessageContaining("modelyard.store.allow-unconditional-writes");
            assertThat(server.objects).isEmpty();
        }
    }

    @Test
    void anErrorIsNoVerdict() {
        try (FakeS3 server = new FakeS3(); S3Store store = store(server, false)) {
            server.conditionalStatus = 400;
            assertThatThrownBy(() -> store.create("registry/t/1.json", ONE)).isInstanceOf(StoreException.class)
                    .hasMessageContaining("400");

            assertThat(store.probe().verdict()).isEqualTo(Verdict.UNDECIDED);
        }
    }

    @Test
    void whoAllowsItGetsALookBeforeEachWrite() {
        try (FakeS3 server = new FakeS3(); S3Store store = store(server, true)) {
            server.conditionalStatus = 501;
            assertThat(store.create("registry/t/1.json", ONE)).isInstanceOf(Creation.Created.class);
            assertThat(store.create("registry/t/1.json", TWO)).isEqualTo(new Creation.Exists());

            assertThat(server.objects.keySet()).containsExactly("/bucket/yard/registry/t/1.json");
            assertThat(new String(server.objects.firstEntry().getValue(), UTF_8)).isEqualTo("1");
        }
    }

    @Test
    void whoMayNotWriteTheScratchObjectIsNotKeptFromWriting() {
        try (FakeS3 server = new FakeS3(); S3Store store = store(server, false)) {
            server.denied = path -> path.contains("/probe/");
            store.probe().atStart();

            assertThat(store.create("registry/t/1.json", ONE)).isInstanceOf(Creation.Created.class);
            assertThat(store.create("registry/t/2.json", ONE)).isInstanceOf(Creation.Created.class);

            assertThat(store.probe().verdict()).isEqualTo(Verdict.UNDECIDED);
            assertThat(server.requests.stream().filter(request -> request.startsWith("PUT /bucket/yard/probe/")))
                    .as("at start and at the first write").hasSize(2);
        }
    }

    @Test
    void aServerThatCannotBeReachedIsAskedAtTheFirstWrite() {
        FakeS3 gone = new FakeS3();
        gone.close();
        try (S3Store store = store(gone, false)) {
            store.probe().atStart();

            assertThat(store.probe().verdict()).isEqualTo(Verdict.UNDECIDED);
            assertThatThrownBy(() -> store.create("registry/t/1.json", ONE)).isInstanceOf(StoreException.class)
                    .hasMessageContaining(gone.uri().toString());
        }
    }
}
