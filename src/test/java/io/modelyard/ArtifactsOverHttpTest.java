package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.modelyard.artifact.WatchedStore;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.directory.DirectoryStore;
import jakarta.inject.Singleton;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/** What operators and callers see of files that are on their way, or damaged. */
@Timeout(120)
final class ArtifactsOverHttpTest {
    private static final Path MODEL = Path.of("models-local/models/breast-cancer/2/model.ubj");
    private static final String ROW = "{\"inputs\": [[" + "1,".repeat(29) + "1]]}";

    @TempDir
    Path store;
    @TempDir
    Path scratch;
    private TestServer server;

    @Factory
    @Requires(property = "spec.name", value = "ArtifactsOverHttpTest")
    static final class Store {
        @Singleton
        @Replaces(ObjectStore.class)
        WatchedStore store(@Property(name = "modelyard.store.uri") String uri) {
            return new WatchedStore(new DirectoryStore(Path.of(uri)));
        }
    }

    @BeforeEach
    void start() {
        server = TestServer.prepare().spec("ArtifactsOverHttpTest").store(SampleModels.copyTo(store)).start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void howFarADownloadIsShowsAndNobodyElseWaitsForIt() throws Exception {
        Path model = Files.createDirectories(scratch.resolve("model"));
        Files.copy(MODEL, model.resolve("model.ubj"));
        Files.write(model.resolve("more.bin"), new byte[500_000]);
        new TestStore(store).publish("slow", "1", "xgboost", model);
        assertThat(server.post("/registry/sync", "").status()).isEqualTo(200);
        CountDownLatch goOn = new CountDownLatch(1);
        server.bean(WatchedStore.class).wire((request, bytes) -> request.key().endsWith("more.bin")
                ? waiting(bytes, 100_000, goOn)
                : bytes);

        long modelBytes = Files.size(MODEL);
        Thread loading = Thread.ofVirtual().start(() -> server.post("/models/slow/1/load", ""));
        await(() -> slow().path("download").path("bytes").asLong() == modelBytes + 100_000);
        assertThat(slow().get("state").asText()).isEqualTo("DOWNLOADING");
        assertThat(slow().get("download").get("total_bytes").asLong()).isEqualTo(modelBytes + 500_000);
        assertThat(server.post("/predict/breast-cancer/2", ROW).status()).isEqualTo(200);

        goOn.countDown();
        loading.join();
        assertThat(slow().get("state").asText()).isEqualTo("READY");
        assertThat(slow().has("download")).isFalse();
        assertThat(server.get("/metrics").text()).contains("modelyard_artifact_fetched_bytes_total")
                .contains("modelyard_artifact_bytes ");
        assertThat(server.get("/health").json().at("/details/artifacts/details/versions").asInt()).isEqualTo(2);
    }

    @Test
    void aModelWhoseFilesWereDamagedIsLoadedAnewWhileTheOldOneAnswers() throws Exception {
        JsonNode first = predictions();
        String digest = version().get("digest").asText();
        double loadTime = version().get("load_time_ms").asDouble();
        Path file = server.dataDirectory().resolve("artifacts/versions/" + digest + "/files/model.ubj");
        byte[] right = Files.readAllBytes(file);
        assertThat(file.toFile().setWritable(true)).isTrue();
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(500);
            bytes.write(right[500] ^ 1);
        }
        // Another version with the same content is loaded: that is when the damage is seen.
        new TestStore(store).publish("same", "1", "xgboost", MODEL);
        assertThat(server.post("/registry/sync", "").status()).isEqualTo(200);
        TestServer.Answer loaded = server.post("/models/same/1/load", "");
        assertThat(loaded.status()).as(loaded.text()).isEqualTo(200);

        await(() -> {
            assertThat(predictions()).isEqualTo(first);
            return version().get("load_time_ms").asDouble() != loadTime;
        });
        assertThat(file).hasBinaryContent(right);
        assertThat(version().get("state").asText()).isEqualTo("READY");
        assertThat(server.get("/health").json().at("/details/artifacts/status").asText()).isEqualTo("UP");
    }

    private JsonNode slow() {
        return server.get("/models/slow/1").json();
    }

    private JsonNode version() {
        return server.get("/models/breast-cancer/2").json();
    }

    private JsonNode predictions() {
        TestServer.Answer answer = server.post("/predict/breast-cancer/2", ROW);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().get("predictions");
    }

    /** Asks until it is so; the time limit of the test ends it. */
    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    /** Stops at the position until it may go on. */
    private static InputStream waiting(InputStream bytes, int at, CountDownLatch goOn) {
        return new FilterInputStream(bytes) {
            private int left = at;

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                if (left > 0) {
                    int n = super.read(buffer, offset, Math.min(length, left));
                    left -= Math.max(0, n);
                    return n;
                }
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted", e);
                }
                return super.read(buffer, offset, length);
            }
        };
    }
}
