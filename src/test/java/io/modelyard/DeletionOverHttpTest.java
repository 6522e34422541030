package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Versions are deleted, restored and purged, and the rest goes on. */
final class DeletionOverHttpTest {
    private static final String ROW = "{\"inputs\": [[" + "0,".repeat(63) + "0]]}";

    @TempDir
    Path store;
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.prepare().store(SampleModels.copyTo(store)).start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aDeletedVersionIsGoneWithWhoAndWhenUntilItIsRestored() {
        assertThat(server.post("/predict/digits/1", ROW).status()).isEqualTo(200);
        assertThat(server.post("/predict/digits/2", ROW).status()).isEqualTo(200);
        assertThat(ready()).isEqualTo(2);
        TestServer.Answer deleted = server.delete("/models/digits/1?reason=too+old");
        assertThat(deleted.status()).as(deleted.text()).isEqualTo(200);
        assertThat(deleted.json().get("by").asText()).isEqualTo("admin");
        assertThat(deleted.json().has("restorable_until")).isTrue();

        TestServer.Answer gone = server.post("/predict/digits/1", ROW);
        assertThat(gone.status()).isEqualTo(410);
        assertThat(gone.code()).isEqualTo("version_deleted");
        assertThat(gone.detail()).contains("by admin", deleted.json().get("at").asText().substring(0, 10), "/restore");
        for (String use : new String[]{"/models/digits/1/activate", "/models/digits/1/load"}) {
            assertThat(server.post(use, "").code()).isEqualTo("version_deleted");
        }
        assertThat(server.put("/models/digits/aliases/old", "{\"version\": \"1\"}").code())
                .isEqualTo("version_deleted");
        assertThat(server.get("/models/digits/1/schema").status()).isEqualTo(410);
        assertThat(server.delete("/models/digits/1").status()).isEqualTo(410);
        JsonNode shown = server.get("/models/digits/1").json();
        assertThat(shown.get("state").asText()).isEqualTo("DELETED");
        assertThat(shown.get("deleted").get("reason").asText()).isEqualTo("too old");
        assertThat(shown.get("deleted").get("restorable").asBoolean()).isTrue();
        assertThat(ready()).as("it left memory").isEqualTo(1);
        Eventually.isTrue("its log stays",
                () -> server.get("/logs?type=digits&version=1&status=200").json().get("logs").size() == 1);

        assertThat(server.post("/models/digits/1/restore", "{\"reason\": \"missed\"}").status()).isEqualTo(200);
        assertThat(server.post("/predict/digits/1", ROW).status()).isEqualTo(200);
        JsonNode history = server.get("/models/digits/history").json().get("revisions");
        assertThat(history.findValuesAsText("action")).containsExactly("restore", "retire");
        assertThat(history.get(0).get("to").asText()).isEqualTo("1");
        assertThat(history.get(1).get("from").asText()).isEqualTo("1");
        assertThat(history.get(1).get("reason").asText()).isEqualTo("too old");
    }

    @Test
    void whatIsInUseIsNotDeleted() {
        TestServer.Answer followed = server.delete("/models/digits/2");
        assertThat(followed.status()).isEqualTo(409);
        assertThat(followed.code()).isEqualTo("version_in_use");
        assertThat(followed.detail()).contains("@latest");

        assertThat(server.post("/models/digits/1/activate", "").status()).isEqualTo(200);
        assertThat(server.delete("/models/digits/1").detail()).contains("active");
        assertThat(server.put("/models/digits/aliases/champion", "{\"version\": \"2\"}").status()).isEqualTo(200);
        assertThat(server.delete("/models/digits/2").detail()).contains("@champion");
        assertThat(server.delete("/models/digits/aliases/champion").status()).isEqualTo(200);
        assertThat(server.delete("/models/digits/2").status()).isEqualTo(200);
        assertThat(server.post("/models/digits/rollback", "").code()).isEqualTo("version_deleted");
        assertThat(server.post("/predict/digits", ROW).json().get("model_version").asText()).isEqualTo("1");
    }

    @Test
    void whatIsNotThereOrNotAllowedIsSaid() {
        assertThat(server.delete("/models/digits/9").code()).isEqualTo("version_not_found");
        assertThat(server.delete("/models/nothing/1").status()).isEqualTo(404);
        assertThat(server.delete("/models/digits/@latest").code()).isEqualTo("version_not_found");
        assertThat(server.delete("/models/digits/1?purge=yes").code()).isEqualTo("bad_parameter");
        assertThat(server.post("/models/digits/1/restore", "").status()).isEqualTo(404);
        TestServer.Client client = server.as(server.adminKey());
        TestServer.Answer late = client.send(client.request("/models/digits/1").header("If-Match", "7").DELETE());
        assertThat(late.code()).isEqualTo("revision_conflict");
        TestServer.Client operator = server.as(server.post("/api-keys", "{\"name\": \"op\", \"roles\": [\"operate\"]}")
                .json().get("key").asText());
        assertThat(operator.delete("/models/digits/1?purge=now").code()).isEqualTo("forbidden");
        assertThat(operator.delete("/delete-models?scope=registry&confirm=5").code()).isEqualTo("forbidden");
        TestServer.Client reader = server.as(server.post("/api-keys", "{\"name\": \"r\", \"roles\": [\"read\"]}")
                .json().get("key").asText());
        assertThat(reader.delete("/models/digits/1").status()).isEqualTo(403);
        assertThat(reader.delete("/delete-models").status()).isEqualTo(403);
        assertThat(server.get("/models/digits/1").json().has("deleted")).isFalse();
    }

    @Test
    void purgeNowRemovesTheFilesForGoodAndKeepsTheManifest() {
        assertThat(server.delete("/models/digits/1").status()).isEqualTo(200);
        assertThat(files("models/digits/1")).isNotZero();
        TestServer.Answer purged = server.delete("/models/digits/1?purge=now&reason=a+leak");
        assertThat(purged.status()).as(purged.text()).isEqualTo(200);
        assertThat(purged.json().has("purged_at")).isTrue();
        assertThat(purged.json().has("restorable_until")).isFalse();
        assertThat(files("models/digits/1")).isZero();
        assertThat(store.resolve("registry/digits/1.json")).exists();

        TestServer.Answer restore = server.post("/models/digits/1/restore", "");
        assertThat(restore.status()).isEqualTo(410);
        assertThat(restore.detail()).contains("cannot be restored", "publish it as a new version");
        assertThat(server.post("/predict/digits/1", ROW).status()).isEqualTo(410);
        assertThat(server.get("/models/digits/1").json().at("/deleted/restorable").asBoolean()).isFalse();
    }

    @Test
    void localCopiesAreDroppedButThoseInUse() {
        assertThat(server.post("/predict/digits/1", ROW).status()).isEqualTo(200);
        assertThat(server.post("/predict/digits/2", ROW).status()).isEqualTo(200);
        TestServer.Answer dropped = server.delete("/delete-models");
        assertThat(dropped.status()).as(dropped.text()).isEqualTo(200);
        JsonNode one = dropped.json().get("dropped");
        assertThat(one).hasSize(1);
        assertThat(one.get(0).get("model_version").asText()).isEqualTo("1");
        assertThat(one.get(0).get("unloaded").asBoolean()).isTrue();
        assertThat(dropped.json().get("bytes").asLong()).isPositive()
                .isEqualTo(server.get("/models/digits/1").json().get("size_bytes").asLong());
        assertThat(server.get("/models/digits/1").json().get("state").asText()).isEqualTo("REGISTERED");
        assertThat(server.get("/models/digits/2").json().get("state").asText()).isEqualTo("READY");

        JsonNode all = server.delete("/delete-models?all=true").json();
        assertThat(all.get("dropped")).hasSize(1);
        assertThat(all.get("dropped").get(0).get("model_version").asText()).isEqualTo("2");
        assertThat(server.delete("/delete-models?all=true").json().get("bytes").asLong()).isZero();
        assertThat(server.post("/predict/digits", ROW).status()).isEqualTo(200);
        assertThat(server.post("/predict/digits/1", ROW).status()).isEqualTo(200);
        assertThat(server.delete("/delete-models?scope=moon").code()).isEqualTo("bad_parameter");
    }

    @Test
    void noPredictionFailsWhileLocalCopiesAreDropped() throws InterruptedException, ExecutionException {
        List<Future<Integer>> failures = new ArrayList<>();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger answers = new AtomicInteger();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                String path = "/predict/digits/" + (1 + i % 2);
                failures.add(callers.submit(() -> {
                    int failed = 0;
                    while (!over.get()) {
                        failed += server.post(path, ROW).status() == 200 ? 0 : 1;
                        answers.incrementAndGet();
                    }
                    return failed;
                }));
            }
            long dropped = 0;
            for (int i = 0; i < 50 || answers.get() < 100; i++) {
                dropped += server.delete("/delete-models?all=true").json().get("dropped").size();
            }
            over.set(true);
            assertThat(dropped).isGreaterThan(5);
        } finally {
            over.set(true);
        }
        for (Future<Integer> failed : failures) {
            assertThat(failed.get()).isZero();
        }
    }

    @Test
    void theWholeRegistryIsDeletedByWhoeverKnowsItsSizeAndCanBeRestored() {
        assertThat(server.delete("/models/digits/1").status()).isEqualTo(200);
        int versions = files("registry") - 1;
        TestServer.Answer wrong = server.delete("/delete-models?scope=registry&confirm=" + (versions + 1));
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.detail()).contains("confirm=" + versions);
        assertThat(server.delete("/delete-models?scope=registry").status()).isEqualTo(400);
        assertThat(server.post("/predict/digits", ROW).status()).isEqualTo(200);

        TestServer.Answer gone = server
                .delete("/delete-models?scope=registry&confirm=" + versions + "&reason=start+over");
        assertThat(gone.status()).as(gone.text()).isEqualTo(200);
        assertThat(gone.json().get("versions").asInt()).isEqualTo(versions);
        assertThat(server.post("/predict/digits", ROW).code()).isEqualTo("version_deleted");
        assertThat(server.post("/predict/digits/@latest", ROW).code()).isEqualTo("version_deleted");

        assertThat(server.post("/models/digits/2/restore", "").status()).isEqualTo(200);
        assertThat(server.post("/predict/digits", ROW).json().get("model_version").asText()).isEqualTo("2");
    }

    @Test
    void deletedVersionsArePurgedByThemselvesAfterTheirTime() {
        try (TestServer hasty = TestServer.prepare().store(store).with("modelyard.registry.purge-after", "0s")
                .with("modelyard.registry.purge-interval", "20ms").with("modelyard.data-dir", server.dataDirectory())
                .with("modelyard.artifact.directory", server.dataDirectory().resolve("artifacts-2"))
                .start()) {
            assertThat(hasty.delete("/models/digits/1").status()).isEqualTo(200);
            Eventually.isTrue("purged",
                    () -> hasty.get("/models/digits/1").json().at("/deleted").has("purged_at"));
            assertThat(files("models/digits/1")).isZero();
        }
    }

    private int ready() {
        return server.get("/health").json().at("/details/serving/details/READY").asInt();
    }

    private int files(String below) {
        try (Stream<Path> all = Files.walk(store.resolve(below))) {
            return (int) all.filter(Files::isRegularFile).count();
        } catch (IOException e) {
            return 0;
        }
    }
}
