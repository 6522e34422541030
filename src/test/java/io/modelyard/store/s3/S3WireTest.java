package io.modelyard.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.FaultyWire;
import io.modelyard.FaultyWire.Fault;
import io.modelyard.FaultyWire.Request;
import io.modelyard.TestBucket;
import io.modelyard.store.ObjectStore.Content;
import io.modelyard.store.ObjectStore.Creation;
import io.modelyard.store.ObjectStore.Opening;
import io.modelyard.store.StoreException;
import io.modelyard.store.StoreObserver;
import io.modelyard.store.StoreObserver.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What networks and servers do to requests ends in the right bytes, or in an error, and in time. */
@Timeout(30)
final class S3WireTest {
    private static final byte[] TEXT = "{\"revision\": 1234567890}".getBytes(UTF_8);

    private static TestBucket bucket;
    private final List<StoreObserver.Request> seen = new CopyOnWriteArrayList<>();
    private FaultyWire wire;
    private S3Store store;

    @BeforeAll
    static void start() {
        bucket = TestBucket.start();
    }

    @AfterAll
    static void stop() {
        bucket.close();
    }

    @BeforeEach
    void open() {
        wire = new FaultyWire(bucket.endpoint(), 42);
        store = Buckets.store(bucket, "yard", Buckets.impatient(wire.uri()), seen::add);
    }

    @AfterEach
    void close() throws IOException {
        wire.heal();
        store.list("").forEach(entry -> store.delete(entry.key()));
        store.close();
        wire.close();
    }

    @Test
    void aCreationWhoseAnswerWasLostIsOurOwn(@TempDir Path folder) throws IOException {
        wire.failNext(1, Fault.LOSE_ANSWER, S3WireTest::isOfDocument);
        Creation creation = store.create("doc/1", TEXT);
        assertThat(wire.faults()).isEqualTo(1);
        assertThat(creation).isEqualTo(new Creation.Created(store.get("doc/1").orElseThrow().etag()));

        wire.failNext(1, Fault.LOSE_ANSWER, S3WireTest::isOfDocument);
        Creation fromFile = store.create("doc/2", Files.write(folder.resolve("file"), TEXT));
        assertThat(fromFile).isEqualTo(new Creation.Created(store.get("doc/2").orElseThrow().etag()));
        assertThat(store.create("doc/2", TEXT)).isEqualTo(new Creation.Exists());
    }

    @Test
    void aCreationOfAnotherIsNotOurOwnThoughAnAnswerWasLost() {
        store.create("doc/1", TEXT);
        wire.failNext(1, Fault.LOSE_ANSWER, S3WireTest::isOfDocument);

        assertThat(store.create("doc/1", TEXT)).isEqualTo(new Creation.Exists());
    }

    @Test
    void aRefusedCreationReadsNothing() {
        store.create("doc/1", TEXT);
        seen.clear();

        assertThat(store.create("doc/1", TEXT)).isEqualTo(new Creation.Exists());
        assertThat(seen).singleElement().satisfies(request -> {
            assertThat(request.operation()).isEqualTo("create");
            assertThat(request.outcome()).isEqualTo(Outcome.CONFLICT);
        });
    }

    @Test
    void anUploadWhoseLastAnswerWasLostIsOurOwn(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("large"), random(4 * Buckets.PART + 1));
        wire.failNext(1, Fault.LOSE_ANSWER, request -> request.is("POST") && request.line().contains("uploadId"));

        assertThat(store.create("doc/large", file))
                .isEqualTo(new Creation.Created(store.list("doc/").getFirst().etag()));
    }

    @Test
    void anUploadThatFailsLeavesNothing(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("large"), random(4 * Buckets.PART + 1));
        wire.choose(request -> request.line().contains("partNumber=3") ? Fault.ERROR_500 : Fault.NONE);

        assertThatThrownBy(() -> store.create("doc/large", file)).isInstanceOf(StoreException.class)
                .hasMessageContaining("doc/large").hasMessageContaining("500");

        assertThat(store.list("doc/")).isEmpty();
        assertThat(bucket.client().listMultipartUploads(request -> request.bucket(bucket.name())).uploads()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, names = {"CUT", "TRUNCATE", "HANG"})
    void aReadThatBreaksGoesOnWhereItWas(Fault fault) throws IOException {
        byte[] content = random(3 * Buckets.PART);
        store.put("doc/large", content);
        wire.failNext(2, fault, S3WireTest::isRead);

        try (InputStream in = ((Opening.Found) store.open("doc/large", 0, null)).bytes()) {
            assertThat(Arrays.equals(in.readAllBytes(), content)).isTrue();
        }
        assertThat(wire.faults()).isEqualTo(2);
        assertThat(store.partsFree()).isEqualTo(4);
    }

    @Test
    void aReadThatAlwaysBreaksEnds() throws IOException {
        store.put("doc/large", random(3 * Buckets.PART));
        try (InputStream in = ((Opening.Found) store.open("doc/large", 0, null)).bytes()) {
            wire.fail(Fault.HANG);

            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class).hasMessageContaining("doc/large");
        }
        assertThat(store.partsFree()).isEqualTo(4);
    }

    @Test
    void closingAStreamEndsWhatIsUnderWay() throws Exception {
        store.put("doc/large", random(3 * Buckets.PART));
        wire.choose(request -> request.head().contains("ange: bytes=0-") ? Fault.NONE : Fault.HANG);
        InputStream in = ((Opening.Found) store.open("doc/large", 0, null)).bytes();
        in.readNBytes(Buckets.PART);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> waiting = threads.submit(() -> in.read());
            in.close();

            assertThatThrownBy(waiting::get).hasCauseInstanceOf(IOException.class);
        }
        assertThat(store.partsFree()).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, names = {"CUT", "TRUNCATE", "REFUSE", "CORRUPT", "ERROR_500", "SLOW_DOWN_503"})
    void aDocumentIsReadAgainUntilItIsWhole(Fault fault) {
        String etag = store.put("doc/1", TEXT);
        wire.failNext(2, fault, S3WireTest::isRead);

        Content content = store.get("doc/1").orElseThrow();

        assertThat(content.etag()).isEqualTo(etag);
        assertThat(content.bytes()).isEqualTo(TEXT);
        assertThat(wire.faults()).isEqualTo(2);
    }

    @Test
    void aDocumentThatIsAlwaysDamagedIsNotRead() {
        store.put("doc/1", TEXT);
        wire.fail(Fault.CORRUPT);

        assertThatThrownBy(() -> store.get("doc/1")).isInstanceOf(StoreException.class)
                .hasMessageContaining("doc/1");
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, names = {"REFUSE", "TRUNCATE", "HANG", "ERROR_500"})
    void everyCallEndsInAnError(Fault fault) {
        store.create("doc/1", TEXT);
        wire.fail(fault);

        assertThatThrownBy(() -> store.list("")).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store.get("doc/1")).isInstanceOf(StoreException.class).hasMessageContaining("doc/1");
        // The answer to a write has no content that could be cut off.
        if (fault != Fault.TRUNCATE) {
            assertThatThrownBy(() -> store.put("doc/1", TEXT)).isInstanceOf(StoreException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, names = {"CUT", "TRUNCATE", "REFUSE", "ERROR_500"})
    void aListingIsCompleteOrAskedForAgain(Fault fault) {
        for (int i = 0; i < 5; i++) {
            store.create("doc/" + i, TEXT);
        }
        for (int times = 1; times <= 2; times++) {
            wire.failNext(times, fault, S3WireTest::isRead);

            assertThat(store.list("doc/")).hasSize(5);
        }
    }

    @Test
    void whatIsNotThereIsToldFromWhatMayNotBeSeen() {
        assertThat(store.get("doc/none")).isEmpty();
        wire.fail(Fault.FORBIDDEN_403);

        assertThatThrownBy(() -> store.get("doc/none")).isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot read 'doc/none'")
                .hasMessageContaining("s3:GetObject on arn:aws:s3:::" + bucket.name() + "/yard/doc/none");
        assertThatThrownBy(() -> store.list("registry/")).isInstanceOf(StoreException.class)
                .hasMessageContaining("s3:ListBucket on arn:aws:s3:::" + bucket.name());
        assertThatThrownBy(() -> store.put("doc/1", TEXT)).hasMessageContaining("s3:PutObject");
        assertThatThrownBy(() -> store.delete("doc/1")).hasMessageContaining("s3:DeleteObject");
    }

    @Test
    void everyAttemptIsToldWithItsBytes() {
        wire.failNext(1, Fault.SLOW_DOWN_503, request -> request.is("PUT"));
        store.put("doc/1", TEXT);
        store.get("doc/1");
        store.get("doc/none");
        store.getIfChanged("doc/1", store.get("doc/1").orElseThrow().etag());

        assertThat(seen).extracting(request -> request.operation() + " " + request.outcome().word())
                .containsExactly("put throttled", "put ok", "get ok", "get not_found", "get ok",
                        "get_if_changed not_modified");
        assertThat(seen.get(1).bytesOut()).isEqualTo(TEXT.length);
        assertThat(seen.get(2).bytesIn()).isEqualTo(TEXT.length);
        assertThat(seen).allMatch(request -> request.nanos() > 0);
    }

    private static boolean isOfDocument(Request request) {
        return request.line().contains("yard/doc");
    }

    private static boolean isRead(Request request) {
        return request.is("GET");
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
