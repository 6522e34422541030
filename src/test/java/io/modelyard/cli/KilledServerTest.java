package io.modelyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelyard.TestStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The whole server is killed while it downloads, evicts and loads, and the next one serves from what is left.
 * {@code -Dmodelyard.kills=100} kills more often than the build does.
 */
final class KilledServerTest {
    private static final int KILLS = Integer.getInteger("modelyard.kills", 2);
    private static final int VERSIONS = 6;
    private static final Path MODEL = Path.of("models-local/models/breast-cancer/2/model.ubj");
    private static final String ROW = "{\"inputs\": [[" + "1,".repeat(29) + "1]]}";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void everyServerStartsAndPredictsAsTheOneBefore() throws Exception {
        publish();
        Map<String, String> environment = Map.of("MODELYARD_DATA_DIR", folder.resolve("data").toString(),
                "MODELYARD_STORE_URI", folder.resolve("store").toString());
        Random random = new Random(20261121);
        String expected = null;
        int unfinished = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            try (ChildProcess server = ChildProcess.modelyard(environment, "serve", "--port", "0",
                    "-Dmodelyard.artifact.max-bytes=50MB", "-Dmodelyard.publish.drop=off",
                    "-Dmodelyard.trial.enabled=false")) {
                String url = server.await("Modelyard serves at (http://\\S+)").group(1);
                String key = Files.readString(folder.resolve("data/admin.key")).strip();
                String model = "padded/" + random.nextInt(VERSIONS);
                // It may have been the one that was being loaded when the server before was killed: then an operator says so.
                http.send(request(url, key, "/models/" + model + "/load", ""), BodyHandlers.discarding());
                HttpResponse<String> answer = http.send(request(url, key, "/predict/" + model, ROW),
                        BodyHandlers.ofString());
                assertThat(answer.statusCode()).as("after kill %d: %s", kill, answer.body()).isEqualTo(200);
                String predictions = new ObjectMapper().readTree(answer.body()).get("predictions").toString();
                expected = expected == null ? predictions : expected;
                assertThat(predictions).isEqualTo(expected);
                for (int i = 0; i < 12; i++) {
                    int version = random.nextInt(VERSIONS);
                    http.sendAsync(request(url, key, "/models/padded/" + version + (random.nextInt(3) == 0
                            ? "/unload"
                            : "/load"), ""), BodyHandlers.discarding()).exceptionally(killed -> null);
                }
                // Time is the point here: any moment may be the last.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(600)));
                server.kill();
            }
            Path cache = folder.resolve("data/artifacts");
            unfinished += isEmpty(cache.resolve("tmp")) && isEmpty(cache.resolve("trash"))
                    && isEmpty(cache.resolve("incoming")) ? 0 : 1;
            assertThatAllIsRight(cache);
        }
        System.out.printf("%d kills of the server, %d of them in the middle of something%n", KILLS, unfinished);
    }

    /** Versions that share a large file, and have another of their own. */
    private void publish() throws IOException {
        TestStore store = new TestStore(folder.resolve("store"));
        for (int version = 0; version < VERSIONS; version++) {
            Path model = Files.createDirectories(folder.resolve("model-" + version));
            Files.copy(MODEL, model.resolve("model.ubj"));
            Files.write(model.resolve("shared.bin"), random(15_000_000, version % 2));
            Files.write(model.resolve("own.bin"), random(5_000_000 + version, version + 2));
            store.publish("padded", Integer.toString(version), "xgboost", model);
        }
    }

    private static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static HttpRequest request(String url, String key, String path, String body) {
        return HttpRequest.newBuilder(URI.create(url + path)).header("X-API-Key", key)
                .header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)).build();
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    /** Blobs are what their names say, and folders consist of blobs. */
    private static void assertThatAllIsRight(Path cache) throws IOException {
        List<Path> blobs;
        try (Stream<Path> all = Files.walk(cache.resolve("blobs"))) {
            blobs = all.filter(Files::isRegularFile).toList();
        }
        for (Path blob : blobs) {
            assertThat(TestStore.sha256(Files.readAllBytes(blob))).isEqualTo(blob.getFileName().toString());
        }
        try (Stream<Path> all = Files.walk(cache.resolve("versions"))) {
            for (Path file : all.filter(path -> path.resolveSibling("").endsWith("files")).toList()) {
                assertThat(blobs).as(file.toString()).anyMatch(blob -> isSame(blob, file));
            }
        }
    }

    private static boolean isSame(Path blob, Path file) {
        try {
            return Files.isSameFile(blob, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
