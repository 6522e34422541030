package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.registry.Registry;
import io.modelyard.runtime.onnx.OnnxModelBuilder;
import io.modelyard.serving.Lease;
import io.modelyard.serving.MemoryUse;
import io.modelyard.serving.Servables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What memory is shown, kept and refused, as operators and callers see it. */
final class MemoryOverHttpTest {
    private static final String DIGIT = "{\"inputs\": [[" + "0,".repeat(63) + "0]]}";
    private static final String CELLS = "{\"inputs\": [[" + "1,".repeat(29) + "1]]}";

    @TempDir
    Path store;
    @TempDir
    Path models;
    @SuppressWarnings("NullAway.Init") // every test starts its own
    private TestServer server;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void whatAModelTakesIsShownWhileItIsInMemory() {
        assumeTrue(System.getProperty("os.name").startsWith("Linux"), "memory is measured by glibc");
        start(TestServer.prepare());
        assertThat(version("digits/2").has("memory")).isFalse();
        JsonNode first = server.post("/models/digits/2/load", "").json();
        assertThat(first.at("/memory/estimated_from").asText()).isEqualTo("files");
        // With the first model of a runtime comes its library, so that one is not measured.
        assertThat(first.at("/memory").has("measured_bytes")).isFalse();
        server.post("/models/digits/2/unload", "");
        JsonNode loaded = server.post("/models/digits/2/load", "").json();
        assertThat(loaded.at("/memory/estimated_bytes").asLong()).isGreaterThan(19_499);
        assertThat(loaded.at("/memory/measured_bytes").asLong()).isGreaterThan(0);
        JsonNode memory = server.get("/health").json().at("/details/serving/details/memory");
        assertThat(memory.get("models").asInt()).isEqualTo(1);
        assertThat(memory.get("bytes").asLong()).isEqualTo(loaded.at("/memory/measured_bytes").asLong());
        assertThat(memory.get("max_bytes").asLong()).isGreaterThan(memory.get("bytes").asLong());
        server.post("/models/digits/2/unload", "");
        assertThat(version("digits/2").has("memory")).isFalse();
        assertThat(use().bytes()).isZero();
        assertThat(server.post("/models/digits/2/load", "").json().at("/memory/estimated_from").asText())
                .isEqualTo("measured");
    }

    @Test
    void anUnloadedModelStaysOutThoughItIsActiveUntilARequestWantsIt() {
        start(TestServer.prepare().with("modelyard.serving.loading", "eager"));
        Eventually.isTrue("loaded at start", () -> version("digits/2").get("state").asText().equals("READY"));
        JsonNode unloaded = server.post("/models/digits/2/unload", "").json();
        assertThat(unloaded.get("state").asText()).isEqualTo("UNLOADED");
        assertThat(unloaded.get("reason").asText()).isEqualTo("unloaded by admin");
        // The loop thinks everything over again.
        assertThat(server.post("/registry/sync", "").status()).isEqualTo(200);
        server.post("/models/digits/1/load", "");
        assertThat(version("digits/2").get("state").asText()).isEqualTo("UNLOADED");
        JsonNode answer = server.post("/predict/digits", DIGIT).json();
        assertThat(answer.get("model_version").asText()).isEqualTo("2");
    }

    @Test
    void aModelInUseIsSeenToDrain() {
        start(TestServer.prepare());
        server.post("/models/digits/2/load", "");
        try (Lease lease = lease("digits", "2")) {
            JsonNode draining = server.post("/models/digits/2/unload", "").json();
            assertThat(draining.get("state").asText()).isEqualTo("DRAINING");
            assertThat(draining.get("in_flight").asInt()).isEqualTo(1);
            assertThat(version("digits/2").get("state").asText()).isEqualTo("DRAINING");
            assertThat(lease.described().signature().inputs()).hasSize(1);
        }
        Eventually.isTrue("gone", () -> version("digits/2").get("state").asText().equals("UNLOADED"));
        assertThat(use().models()).isZero();
    }

    @Test
    void aModelThatIsLargerThanAllTheRoomIsRefusedWithBothNumbers() {
        new TestStore(store).publish("large", "1", "onnx", large(8_000_000));
        start(TestServer.prepare().with("modelyard.serving.max-memory", "4MB"));
        TestServer.Answer refused = server.post("/models/large/1/load", "");
        assertThat(refused.status()).as(refused.text()).isEqualTo(503);
        assertThat(refused.code()).isEqualTo("out_of_memory");
        assertThat(refused.detail()).contains("may take 4194304", "modelyard.serving.max-memory");
        assertThat(version("large/1").get("state").asText()).isEqualTo("FAILED");
        assertThat(server.post("/predict/digits", DIGIT).status()).isEqualTo(200);
    }

    @Test
    void whereAllIsInUseALoadWaitsUntilSomethingIsFree() {
        start(TestServer.prepare().with("modelyard.serving.max-models-in-memory", 1));
        server.post("/models/digits/2/load", "");
        CompletableFuture<TestServer.Answer> waiting;
        try (Lease lease = lease("digits", "2")) {
            waiting = CompletableFuture.supplyAsync(() -> server.post("/predict/breast-cancer", CELLS),
                    Thread::startVirtualThread);
            Eventually.isTrue("a load waits", () -> use().waiting() == 1);
            assertThat(lease.described().signature().inputs()).hasSize(1);
            assertThat(waiting).isNotDone();
            assertThat(use().models()).isEqualTo(1);
        }
        assertThat(waiting.join().status()).as(waiting.join().text()).isEqualTo(200);
        assertThat(use().models()).isEqualTo(1);
    }

    @Test
    void whereNothingBecomesFreeTheLoadFailsAfterItsTimeAndTheNextRequestTriesAgain() {
        start(TestServer.prepare().with("modelyard.serving.max-models-in-memory", 1)
                .with("modelyard.serving.room-wait", "10ms"));
        server.post("/models/digits/2/load", "");
        try (Lease lease = lease("digits", "2")) {
            TestServer.Answer refused = server.post("/predict/breast-cancer", CELLS);
            assertThat(refused.status()).as(refused.text()).isEqualTo(503);
            assertThat(refused.code()).isEqualTo("out_of_memory");
            assertThat(refused.detail()).contains("all of them are in use");
            assertThat(lease.described().signature().inputs()).hasSize(1);
        }
        Eventually.isTrue("there is room again",
                () -> server.post("/predict/breast-cancer", CELLS).status() == 200);
    }

    @Test
    void anAbsurdWantOfMemoryFailsTheLoadAndNotTheServer() {
        // 4 TB: more than any machine that runs this has.
        Path model = OnnxModelBuilder.model().input("x", OnnxModelBuilder.FLOAT, -1, 1)
                .output("y", OnnxModelBuilder.FLOAT, -1)
                .initializer("shape", new long[]{1}, 1L << 40)
                .node("ConstantOfShape", List.of("shape"), List.of("zeros"))
                .node("ReduceSum", List.of("zeros"), List.of("sum"))
                .node("Add", List.of("x", "sum"), List.of("z"))
                .node("Flatten", List.of("z"), List.of("y")).writeTo(folder("absurd"));
        new TestStore(store).publish("absurd", "1", "onnx", model, manifest -> manifest.putArray("examples").addObject()
                .putArray("inputs").addArray().add(1));
        start(TestServer.prepare());
        TestServer.Answer refused = server.post("/models/absurd/1/load", "");
        assertThat(refused.status()).as(refused.text()).isEqualTo(503);
        assertThat(refused.code()).as(refused.text()).isEqualTo("out_of_memory");
        assertThat(use().bytes()).isZero();
        assertThat(server.post("/predict/digits", DIGIT).status()).isEqualTo(200);
    }

    @Test
    void manyCyclesOfLoadingAndUnloadingLeaveNothing() {
        new TestStore(store).publish("tensors", "1", "tensorflow", Path.of("models-local/models/digits/1"));
        start(TestServer.prepare());
        List<String> versions = List.of("tensors/1", "digits/2", "breast-cancer/2");
        for (int cycle = 0; cycle < 30; cycle++) {
            String version = versions.get(cycle % versions.size());
            String body = version.startsWith("breast") ? CELLS : DIGIT;
            assertThat(server.post("/predict/" + version, body).status()).isEqualTo(200);
            assertThat(server.post("/models/" + version + "/unload", "").json().get("state").asText())
                    .isEqualTo("UNLOADED");
            assertThat(use().models()).isZero();
            assertThat(use().bytes()).isZero();
        }
    }

    private void start(TestServer.Builder builder) {
        server = builder.store(SampleModels.copyTo(store)).start();
    }

    private Lease lease(String type, String version) {
        Model model = server.bean(Registry.class).current().model(new ModelId(type, version)).orElseThrow();
        return server.bean(Servables.class).lease(model).orElseThrow();
    }

    private MemoryUse use() {
        return server.bean(Servables.class).memory();
    }

    private JsonNode version(String path) {
        return server.get("/models/" + path).json();
    }

    private Path large(int bytes) {
        return OnnxModelBuilder.model().input("x", OnnxModelBuilder.FLOAT, -1, 1)
                .output("y", OnnxModelBuilder.FLOAT, -1, bytes / 4)
                .initializer("w", new long[]{1, bytes / 4}, new float[bytes / 4])
                .node("MatMul", List.of("x", "w"), List.of("y")).writeTo(folder("large"));
    }

    private Path folder(String name) {
        try {
            return Files.createDirectories(models.resolve(name));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
