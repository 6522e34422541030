package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.runtime.onnx.OnnxModelBuilder;
import io.modelyard.runtime.tensorflow.TestSavedModels;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;

/**
 * A hundred models with room for ten. Each answers otherwise than the others, so that no answer of another one is taken for
 * its own. {@code -Dmodelyard.test.many-models-seconds=60} for longer.
 */
final class ManyModelsTest {
    private static final int MODELS = 100;
    private static final int ROOM = 10;
    private static final int CALLERS = 16;
    /** Requests of each caller, however slow the machine is. */
    private static final int LEAST = 15;
    private static final Duration TIME = Duration
            .ofSeconds(Integer.getInteger("modelyard.test.many-models-seconds", 3));

    @TempDir
    Path folder;
    @SuppressWarnings("NullAway.Init") // every test starts its own
    private TestServer server;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void everyRequestIsAnsweredRightlyByModelsThatComeAndGo() throws ExecutionException, InterruptedException,
            IOException {
        start(MODELS);
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Future<?>> callers = new ArrayList<>();
        long end = System.nanoTime() + TIME.toNanos();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < CALLERS; caller++) {
                Random random = new Random(caller);
                callers.add(threads.submit(() -> {
                    TestServer.Client client = server.as(server.adminKey());
                    for (int asked = 0; asked < LEAST || System.nanoTime() < end; asked++) {
                        // Some are asked often and most are not, as in life.
                        int model = random.nextInt(3) == 0 ? random.nextInt(MODELS) : random.nextInt(ROOM);
                        ask(client, model, random.nextInt(1000));
                        answered.incrementAndGet();
                    }
                }));
            }
            callers.add(threads.submit(() -> {
                while (System.nanoTime() < end) {
                    most.accumulateAndGet(memory().get("models").asInt(), Math::max);
                }
            }));
        }
        for (Future<?> caller : callers) {
            caller.get();
        }
        assertThat(answered.get()).isGreaterThanOrEqualTo(CALLERS * LEAST);
        assertThat(most.get()).isBetween(1, ROOM);
        Eventually.isTrue("all are at rest", () -> states("LOADING").isEmpty() && states("DRAINING").isEmpty());
        assertThat(states("READY")).hasSizeLessThanOrEqualTo(ROOM);
        assertThat(states("FAILED")).isEmpty();
        System.out.printf("%d requests to %d models with room for %d, none wrong; %d evictions%n", answered.get(),
                MODELS, ROOM, Math.round(metric("modelyard_serving_evictions_total{cause=\"room\"}")));
    }

    @Test
    void theLeastRecentlyUsedLeaveFirstAndPinnedOnesLast() throws IOException {
        start(ROOM + 4);
        // Two versions of a type: the older one is active in none and aliased nowhere.
        publish("pinned", "1", 7);
        publish("pinned", "2", 8);
        assertThat(server.post("/registry/sync", "").status()).isEqualTo(200);
        TestServer.Client client = server.as(server.adminKey());
        assertThat(client.post("/predict/pinned/2", row(1)).status()).isEqualTo(200);
        assertThat(client.post("/predict/pinned/1", row(1)).status()).isEqualTo(200);
        for (int model = 0; model < ROOM - 2; model++) {
            ask(client, model, 1);
        }
        assertThat(client.post("/predict/pinned/1", row(1)).status()).isEqualTo(200);
        ask(client, 0, 1);
        // What is not pinned leaves first, though it was used a moment ago.
        ask(client, ROOM - 2, 1);
        assertThat(state("pinned", "1")).isEqualTo("UNLOADED");
        assertThat(server.get("/models/pinned/1").json().get("reason").asText()).isEqualTo("made room for m8/1");
        // All others are active: then they by use.
        ask(client, ROOM - 1, 1);
        assertThat(state("pinned", "2")).isEqualTo("UNLOADED");
        ask(client, ROOM, 1);
        assertThat(state("m1", "1")).isEqualTo("UNLOADED");
        assertThat(state("m0", "1")).isEqualTo("READY");
        ask(client, 1, 5);
        assertThat(state("m1", "1")).isEqualTo("READY");
        assertThat(state("m2", "1")).isEqualTo("UNLOADED");
    }

    private void start(int models) throws IOException {
        Files.createDirectories(folder.resolve("store"));
        for (int model = 0; model < models; model++) {
            publish("m" + model, "1", model);
        }
        server = TestServer.prepare().store(folder.resolve("store"))
                .with("modelyard.serving.max-models-in-memory", ROOM).start();
    }

    /** Answers {@code x · 1000 + number}, or {@code x · number} where TensorFlow does. */
    private void publish(String type, String version, int number) throws IOException {
        Path model = Files.createDirectories(folder.resolve(type + "-" + version));
        TestStore store = new TestStore(folder.resolve("store"));
        if (isTensorflow(number)) {
            store.publish(type, version, "tensorflow", TestSavedModels.weighted(model, number).root());
        } else {
            store.publish(type, version, "onnx", OnnxModelBuilder.model().input("x", OnnxModelBuilder.FLOAT, -1, 1)
                    .output("y", OnnxModelBuilder.FLOAT, -1, 1).initializer("thousand", new long[0], 1000f)
                    .initializer("number", new long[0], (float) number)
                    .node("Mul", List.of("x", "thousand"), List.of("h"))
                    .node("Add", List.of("h", "number"), List.of("y")).writeTo(model));
        }
    }

    private static boolean isTensorflow(int number) {
        return number % 20 == 19;
    }

    private static void ask(TestServer.Client client, int model, int x) {
        TestServer.Answer answer = client.post("/predict/m" + model, row(x));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().at("/predictions/0").asDouble())
                .isEqualTo(isTensorflow(model) ? (double) x * model : x * 1000.0 + model);
        assertThat(answer.json().get("model_type").asText()).isEqualTo("m" + model);
    }

    private static String row(int x) {
        return "{\"inputs\": [[" + x + "]]}";
    }

    private JsonNode memory() {
        return server.get("/health").json().at("/details/serving/details/memory");
    }

    private String state(String type, String version) {
        Eventually.isTrue("it has left", () -> !server.get("/models/" + type + "/" + version).json().get("state")
                .asText().equals("DRAINING"));
        return server.get("/models/" + type + "/" + version).json().get("state").asText();
    }

    private Set<String> states(String state) {
        Set<String> types = new TreeSet<>();
        StreamSupport.stream(server.get("/models").json().get("models").spliterator(), false)
                .filter(type -> type.at("/versions/0/state").asText().equals(state))
                .forEach(type -> types.add(type.get("model_type").asText()));
        return types;
    }

    private double metric(String name) {
        return server.get("/metrics").text().lines().filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ')))).sum();
    }
}
