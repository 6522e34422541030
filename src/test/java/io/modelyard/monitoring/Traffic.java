package io.modelyard.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.Eventually;
import io.modelyard.FaultyWire;
import io.modelyard.FaultyWire.Fault;
import io.modelyard.SampleModels;
import io.modelyard.SlowModel;
import io.modelyard.TestBucket;
import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import io.modelyard.TestStore;
import io.modelyard.redis.TestRedis;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A server over a bucket, with a Redis, and whatever can happen to it: every outcome of a prediction, an experiment with
 * feedback, changes of the registry, a store and a Redis that go and come back. It begins when {@link #round} is called, again and again.
 */
final class Traffic implements AutoCloseable {
    /** What is asked for: a classifier with two versions and an experiment, and a model that tells a number. */
    static final List<String> TYPES = List.of("breast-cancer", "slow");
    private static final String TYPE = TYPES.getFirst();
    private static final int FEATURES = 30;
    private static final Path MODEL = Path.of("models-local/models/breast-cancer/2/model.ubj");

    private final TestRedis redis = TestRedis.start();
    private final TestBucket bucket = TestBucket.start();
    private final FaultyWire wire = new FaultyWire(bucket.endpoint(), 1);
    private final Path store;
    private final TestServer server;
    /**
     * Of the same store. It alone tries models in a child process, which has the lowest priority: on a busy machine that takes
     * as long as it may.
     */
    private final TestServer trying;
    private final String key;
    private final String limited;
    private final String reader;
    private final Random random = new Random(7);
    private final Deque<String> predicted = new ArrayDeque<>();
    private int rounds;

    /** @param folder of its own, empty */
    Traffic(Path folder) throws IOException {
        store = Files.createDirectory(folder.resolve("store"));
        SampleModels.copyTo(store);
        SlowModel.publish(store, 1500);
        new TestStore(store).publish("broken", "1", "onnx",
                Files.writeString(folder.resolve("model.onnx"), "no model"));
        new TestStore(store).writeManifest("odd", "1", "{\"this is\": \"no manifest\"}");
        bucket.upload(store);
        Map<String, Object> properties = new HashMap<>(bucket.properties(wire.uri()));
        properties.putAll(Map.of(
                // So the key of Prometheus is needed.
                "modelyard.access.public-paths", "/docs",
                "modelyard.redis.uri", redis.uri(),
                "modelyard.predictioncache.policy", "always",
                "modelyard.serving.batching", "always",
                "modelyard.serving.prediction-threads", 1,
                "modelyard.serving.max-queue-per-model", 4,
                "modelyard.serving.load-retry", "500ms",
                "modelyard.registry.poll-interval", "200ms",
                "modelyard.registry.reconcile-interval", "1s",
                "modelyard.feedback.refresh", "1s"));
        server = TestServer.prepare().with(properties).start();
        Eventually.isTrue("there is a key", () -> Files.exists(server.dataDirectory().resolve("admin.key")));
        key = server.adminKey();
        trying = TestServer.prepare().with(properties).with("modelyard.trial.enabled", true)
                .with("modelyard.trial.timeout", "1s").start();
        limited = newKey("{\"name\": \"hasty\", \"roles\": [\"predict\"], \"limits\":"
                + " {\"requests\": {\"per_second\": 1, \"burst\": 2}}}");
        reader = newKey("{\"name\": \"reader\", \"roles\": [\"read\"]}");
        awaitLoaded(TYPE + "/1", row());
        awaitLoaded(TYPE + "/2", row());
        awaitLoaded("slow/1", SlowModel.ROW);
        done(server.post("/ab-test/configure", "{\"type\": \"" + TYPE + "\", \"strategy\": \"weighted\","
                + " \"goal\": {\"metric\": \"accuracy\"}, \"models\": [\"1\", \"2\"]}"));
        done(server.post("/models/slow/1/activate?local=true&for=1h", "{\"reason\": \"for a test\"}"));
    }

    /** On a busy machine that may take longer than a request. */
    private void awaitLoaded(String id, String body) {
        Eventually.isTrue(id + " is loaded", Duration.ofMinutes(3),
                () -> server.as(key).post("/predict/" + id, body).status() == 200);
    }

    private String newKey(String body) {
        return done(server.post("/api-keys", body)).json().path("key").asText();
    }

    private static Answer done(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isBetween(200, 299);
        return answer;
    }

    /** Where Prometheus finds the servers. */
    List<String> targets() {
        return Stream.of(server, trying).map(each -> "127.0.0.1:" + each.port()).toList();
    }

    /** For Prometheus. */
    String reader() {
        return reader;
    }

    /** Everything that can happen while all is well, once or more. */
    void round() {
        rounds++;
        for (int i = 0; i < 10; i++) {
            String body = row();
            // The second time it comes from the cache.
            predicted.add(expect(200, "/predict/" + TYPE, body).json().path("prediction_id").asText());
            expect(200, "/predict/" + TYPE + "/" + (1 + i % 2), body);
            expect(200, "/predict/" + TYPE + "/" + (1 + i % 2), body);
        }
        expect(200, "/predict/" + TYPE, row().replaceFirst("}$", ", \"preprocessing\": {\"clip\": {\"max\": 90}},"
                + " \"postprocessing\": {\"top_k\": 1, \"round\": 4}}"));
        expect(200, "/batch-predict", "{\"model_type\": \"" + TYPE + "\", \"items\": ["
                + Stream.generate(this::row).limit(12).collect(Collectors.joining(",")) + ", {\"inputs\": [[1]]}]}");
        expect(400, "/predict/" + TYPE, "{");
        expect(404, "/predict/nothing", row());
        expect(404, "/predict/" + TYPE + "/77", row());
        expect(422, "/predict/" + TYPE, "{\"inputs\": [[1, 2, 3]]}");
        for (TestServer each : List.of(server, trying)) {
            Eventually.isTrue("a model cannot be loaded", Duration.ofMinutes(3),
                    () -> each.as(key).post("/predict/broken", "{\"inputs\": [[1]]}").status() == 503);
        }
        assertThat(server.as("my_wrong").post("/predict/" + TYPE, row()).status()).isIn(401, 429);
        assertThat(server.as(reader).post("/predict/" + TYPE, row()).status()).isEqualTo(403);
        Eventually.isTrue("the limit of a key is reached",
                () -> server.as(limited).post("/predict/" + TYPE, row()).status() == 429);
        tooSlowAndTooMany();
        tellWhatBecameTrue();
        changeTheRegistry();
    }

    private String row() {
        StringBuilder row = new StringBuilder("{\"inputs\": [[");
        for (int i = 0; i < FEATURES; i++) {
            row.append(i == 0 ? "" : ",").append(random.nextInt(1000) / 10.0);
        }
        return row.append("]]}").toString();
    }

    /** @param status that, or where it is 200, 202 */
    private Answer expect(int status, String path, String body) {
        Answer answer = server.as(key).post(path, body);
        assertThat(answer.status()).as("%s: %s", path, answer.text()).isIn(status, status == 200 ? 202 : status);
        return answer;
    }

    private void tooSlowAndTooMany() {
        assertThat(flood(2, "5")).extracting(Answer::status).contains(504);
        Eventually.isTrue("more wait than may", () -> {
            List<Answer> answers = flood(8, "20000");
            answers.stream().filter(answer -> answer.status() == 200).limit(1).forEach(answer -> expect(200,
                    "/feedback/" + answer.json().path("prediction_id").asText(), "{\"outcomes\": [1.5]}"));
            return answers.stream().anyMatch(answer -> answer.status() == 429);
        });
    }

    /** Asks for something slow, all at once. */
    private List<Answer> flood(int requests, String milliseconds) {
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            var request = server.as(key).request("/predict/slow").header("Content-Type", "application/json")
                    .header("X-Timeout-Ms", milliseconds).POST(BodyPublishers.ofString(SlowModel.ROW));
            answers.add(CompletableFuture.supplyAsync(() -> server.as(key).send(request), Thread::startVirtualThread));
        }
        return answers.stream().map(CompletableFuture::join).toList();
    }

    private void tellWhatBecameTrue() {
        while (predicted.size() > 5) {
            String id = predicted.remove();
            expect(200, "/feedback/" + id, random.nextInt(4) == 0
                    ? "{\"reward\": 0.5}"
                    : "{\"outcomes\": [\"" + (random.nextBoolean() ? "benign" : "malignant") + "\"]}");
        }
        expect(404, "/feedback/none", "{\"reward\": 1}");
    }

    /** A version is pushed, found, and served. */
    private void changeTheRegistry() {
        String version = String.valueOf(rounds);
        Path pushed = store.resolveSibling("push-" + version);
        new TestStore(pushed).publish("pushed", version, "xgboost", MODEL,
                manifest -> manifest.put("created_at", Instant.now().toString()));
        bucket.upload(pushed);
        done(server.post("/registry/sync", ""));
        awaitLoaded("pushed/" + version, row());
    }

    /** The store does not answer while this runs. */
    void withoutTheStore(Runnable meanwhile) {
        wire.fail(Fault.ERROR_500);
        Eventually.isTrue("the server has noticed",
                () -> server.anonymous().get("/health").text().contains("\"store_failing\":true"));
        meanwhile.run();
        wire.heal();
    }

    /** Redis goes, and nobody asks it any more; then it comes back. */
    void withoutRedis(Runnable meanwhile) {
        redis.kill();
        meanwhile.run();
        redis.startAgain();
    }

    @Override
    public void close() throws IOException {
        trying.close();
        server.close();
        wire.close();
        bucket.close();
        redis.close();
    }
}
