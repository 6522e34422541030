package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.registry.DocumentFormat;
import io.modelyard.registry.InvalidDocumentException;
import io.modelyard.registry.RegistryWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * Versions are pushed, activated, named, rolled back and deleted while eight connections ask two replicas of one store. No
 * request fails, and each is answered by a version that could be meant at some moment while it ran. Takes some seconds;
 * {@code -Dmodelyard.test.swap-seconds=60} for longer, {@code -Dmodelyard.test.swaps=50} for at least so many changes of the
 * active version.
 */
final class SwapUnderLoadTest {
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("modelyard.test.swap-seconds", 4));
    private static final int SWAPS = Integer.getInteger("modelyard.test.swaps", 3);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final String ROW = "{\"inputs\": [[" + "0,".repeat(63) + "0]]}";
    private static final List<String> PATHS = List.of("/predict/digits", "/predict/digits/@champion");

    @TempDir
    Path store;
    /** By path, what could be meant from when to when, in nanoseconds. */
    private final Map<String, List<Meant>> meant = new HashMap<>();
    private final Queue<Answered> answers = new ConcurrentLinkedQueue<>();
    private final List<Duration> following = new ArrayList<>();
    private TestServer one;
    private TestServer other;
    private String key = "";

    private record Answered(String path, long from, long to, TestServer.Answer answer) {}

    private static final class Meant {
        private final String version;
        private final long from;
        private long to = Long.MAX_VALUE;

        Meant(String version, long from) {
            this.version = version;
            this.from = from;
        }
    }

    @BeforeEach
    void start() {
        SampleModels.copyTo(store);
        one = server();
        other = server();
        key = one.adminKey();
    }

    @AfterEach
    void stop() {
        one.close();
        other.close();
    }

    @Test
    void noRequestFailsOrIsRoutedWrongly() throws ExecutionException, InterruptedException {
        change("/predict/digits", "2", () -> post("/models/digits/2/activate"));
        change("/predict/digits/@champion", "2", () -> alias("2"));
        following.clear();
        underLoad(this::changeAllTheTime);
        assertThat(answers).hasSizeGreaterThan(100);
        assertThat(answers).allSatisfy(this::check);
        assertThat(following).hasSizeGreaterThan(5);
        System.out.printf("%d requests, %d changes; followed by both replicas within %d ms at most%n", answers.size(),
                following.size(), following.stream().max(Duration::compareTo).orElseThrow().toMillis());
    }

    private TestServer server() {
        return TestServer.prepare().store(store).with("modelyard.registry.poll-interval", POLL.toMillis() + "ms")
                .start();
    }

    private void changeAllTheTime() {
        long end = System.nanoTime() + TIME.toNanos();
        String before = "2";
        int swaps = 0;
        for (int i = 3; System.nanoTime() < end || swaps < SWAPS; i++) {
            String version = String.valueOf(i);
            String from = before;
            publish(version);
            change("/predict/digits", version, () -> post("/models/digits/" + version + "/activate"));
            change("/predict/digits/@champion", version, () -> alias(version));
            change("/predict/digits", from, () -> post("/models/digits/rollback"));
            change("/predict/digits", version, () -> post("/models/digits/rollback"));
            swaps += 3;
            assertThat(one.as(key).delete("/models/digits/" + from + "?purge=now").status()).isEqualTo(200);
            before = version;
        }
    }

    /** Until both replicas have followed, the version before is meant, too. */
    private void change(String path, String version, Runnable how) {
        List<Meant> all = meant.computeIfAbsent(path, any -> new ArrayList<>());
        Meant before = all.isEmpty() ? null : all.getLast();
        all.add(new Meant(version, System.nanoTime()));
        how.run();
        long written = System.nanoTime();
        for (TestServer server : List.of(one, other)) {
            Eventually.isTrue("followed by both", () -> version
                    .equals(server.as(key).post(path, ROW).json().path("model_version").asText()));
        }
        long followed = System.nanoTime();
        following.add(Duration.ofNanos(followed - written));
        if (before != null) {
            before.to = followed;
        }
    }

    private void check(Answered answered) {
        assertThat(answered.answer().status()).as(answered.answer().text()).isEqualTo(200);
        String version = answered.answer().json().get("model_version").asText();
        assertThat(meant.get(answered.path())).as("%s answered by %s", answered.path(), version)
                .anyMatch(version(version, answered));
        assertThat(answered.answer().header("X-Model-Digest")).contains(digest(version));
    }

    private static Predicate<Meant> version(String version, Answered answered) {
        return possible -> possible.version.equals(version) && possible.from <= answered.to()
                && possible.to >= answered.from();
    }

    private void underLoad(Runnable work) throws ExecutionException, InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        List<Future<?>> callers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                TestServer.Client client = (i % 2 == 0 ? one : other).as(key);
                String path = PATHS.get(i / 2 % 2);
                callers.add(threads.submit(() -> {
                    while (!over.get()) {
                        long from = System.nanoTime();
                        TestServer.Answer answer = client.post(path, ROW);
                        answers.add(new Answered(path, from, System.nanoTime(), answer));
                    }
                }));
            }
            try {
                work.run();
            } finally {
                over.set(true);
            }
        }
        for (Future<?> caller : callers) {
            caller.get();
        }
    }

    /** The sample under another version, as Modelyard's own tools would: files, manifest, notice. */
    private void publish(String version) {
        try {
            ObjectNode manifest = (ObjectNode) TestStore.JSON
                    .readTree(store.resolve("registry/digits/2.json").toFile());
            manifest.put("version", version);
            Path from = store.resolve("models/digits/2");
            if (!Files.exists(from)) {
                from = Path.of("models-local/models/digits/2");
            }
            new TestStore(store).manifest("digits", version, "onnx", from);
            DocumentFormat format = one.bean(DocumentFormat.class);
            one.bean(RegistryWriter.class)
                    .publish(format.readManifest(manifest.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (IOException | InvalidDocumentException e) {
            throw new AssertionError(e);
        }
    }

    private String digest(String version) {
        try {
            return TestStore.sha256(Files.readAllBytes(store.resolve("registry/digits/" + version + ".json")));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void alias(String version) {
        TestServer.Answer answer = one.as(key).put("/models/digits/aliases/champion",
                "{\"version\": \"" + version + "\"}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private void post(String path) {
        TestServer.Answer answer = one.as(key).post(path, "");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }
}
