package io.modelyard.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelyard.Eventually;
import io.modelyard.SampleModels;
import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import io.modelyard.http.GracefulStop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

final class EventsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path store;

    /** Reads a stream on a thread of its own. */
    private static final class Listener implements AutoCloseable {
        private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final InputStream body;
        private final Thread thread;

        Listener(TestServer server, String key) {
            try {
                var answer = http.send(HttpRequest.newBuilder(server.uri("/events")).header("X-API-Key", key)
                        .header("Accept", "text/event-stream").build(), BodyHandlers.ofInputStream());
                assertThat(answer.statusCode()).isEqualTo(200);
                body = answer.body();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            thread = Thread.ofVirtual().start(this::read);
        }

        private void read() {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                lines.add("broken: " + e);
            }
        }

        /** What an event said when it was last told so that this is true of it; waits until it is. */
        JsonNode await(String event, Predicate<JsonNode> that) {
            Eventually.isTrue(event + " in " + lines, () -> last(event, that).isPresent());
            return last(event, that).orElseThrow();
        }

        private Optional<JsonNode> last(String event, Predicate<JsonNode> that) {
            List<String> now = List.copyOf(lines);
            for (int i = now.size() - 2; i >= 0; i--) {
                if (now.get(i).equals("event: " + event) && now.get(i + 1).startsWith("data: ")) {
                    JsonNode data = json(now.get(i + 1).substring("data: ".length()));
                    if (that.test(data)) {
                        return Optional.of(data);
                    }
                }
            }
            return Optional.empty();
        }

        private static JsonNode json(String text) {
            try {
                return JSON.readTree(text);
            } catch (JsonProcessingException e) {
                throw new AssertionError("not JSON: " + text, e);
            }
        }

        boolean hasEnded() {
            return !thread.isAlive();
        }

        @Override
        public void close() throws IOException {
            body.close();
            http.shutdownNow();
        }
    }

    @Test
    void tellsHowThingsAreAndThenWhatHappens() throws IOException {
        try (TestServer server = TestServer.prepare().store(SampleModels.copyTo(store)).start();
                Listener listener = new Listener(server, server.adminKey())) {
            assertThat(listener.await("hello", data -> true).path("past").path("t").isArray()).isTrue();
            assertThat(listener.await("registry", data -> true).path("versions").asInt()).isEqualTo(4);
            assertThat(listener.await("system", data -> true).path("heap_max").asLong()).isPositive();
            server.post("/predict/breast-cancer", "{\"inputs\": [[1]]}");
            server.post("/models/digits/1/load", "");
            assertThat(listener.await("sample", data -> data.path("refused").asDouble() > 0).path("p95").asDouble())
                    .isPositive();
            listener.await("models", data -> data.toString().contains(
                    "{\"type\":\"digits\",\"version\":\"1\",\"state\":\"READY\"}"));
            server.post("/models/digits/1/activate", "{}");
            String before = listener.await("registry", data -> true).path("snapshot_id").asText();
            server.post("/models/digits/2/activate", "{}");
            listener.await("registry", data -> !data.path("snapshot_id").asText().equals(before));
        }
    }

    @Test
    void aKeyForOneTypeHearsOfNoOther() throws IOException {
        try (TestServer server = TestServer.prepare().store(SampleModels.copyTo(store)).start()) {
            String key = server.post("/api-keys", "{\"name\": \"n\", \"roles\": [\"read\"], \"types\": [\"digits\"]}")
                    .json().path("key").asText();
            server.post("/models/breast-cancer/1/load", "");
            try (Listener listener = new Listener(server, key)) {
                assertThat(listener.await("registry", data -> true).path("versions").asInt()).isEqualTo(2);
                server.post("/models/breast-cancer/2/load", "");
                server.post("/predict/breast-cancer", "{\"inputs\": [[1]]}");
                server.post("/models/digits/1/load", "");
                listener.await("models", data -> data.toString().contains("\"digits\""));
                listener.await("sample", data -> true);
                assertThat(listener.lines).noneMatch(line -> line.contains("breast-cancer"));
                assertThat(listener.lines.stream().filter(line -> line.contains("\"refused\":")))
                        .allMatch(line -> line.contains("\"refused\":0.0") || line.contains("\"refused\":[]"));
            }
        }
    }

    @Test
    void whoAsksOnceIsAnsweredAndLetGo() {
        try (TestServer server = TestServer.start()) {
            Answer answer = server.get("/events?once=true");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).contains("event: hello\n", "event: registry\n", "event: models\n",
                    "event: system\n").doesNotContain("event: sample\n");
        }
    }

    @Test
    void thereAreOnlySoManyStreams() throws IOException {
        try (TestServer server = TestServer.prepare().with("modelyard.dashboard.max-streams", 1).start()) {
            try (Listener first = new Listener(server, server.adminKey())) {
                first.await("hello", data -> true);
                Answer second = server.get("/events");
                assertThat(second.status()).isEqualTo(429);
                assertThat(second.detail()).contains("modelyard.dashboard.max-streams");
                assertThat(second.header("retry-after")).isPresent();
            }
            EventStreams streams = server.bean(EventStreams.class);
            Eventually.isTrue("who left makes room", () -> streams.open() == 0);
        }
    }

    @Test
    void noStreamKeepsTheServerFromStopping() throws IOException {
        try (TestServer server = TestServer.prepare().with("modelyard.shutdown.grace", "60s").start();
                Listener listener = new Listener(server, server.adminKey())) {
            listener.await("hello", data -> true);
            long start = System.nanoTime();
            server.bean(GracefulStop.class).stop();
            assertThat((System.nanoTime() - start) / 1_000_000_000).as("seconds, of sixty").isLessThan(30);
            Eventually.isTrue("the stream ends", listener::hasEnded);
            assertThat(listener.lines).noneMatch(line -> line.startsWith("broken"));
            assertThat(server.get("/events").code()).isEqualTo("shutting_down");
        }
    }

    @Test
    void aServerThatEndsWithAStreamOpenGivesItsDataDirectoryFree(@TempDir Path data) throws IOException {
        TestServer first = TestServer.prepare().store(store).data(data).start();
        try (Listener listener = new Listener(first, first.adminKey())) {
            listener.await("sample", _ -> true);
            first.close();
            Eventually.isTrue("the stream ends", listener::hasEnded);
        }
        try (TestServer again = TestServer.prepare().store(store).data(data).start()) {
            assertThat(again.get("/health").status()).isEqualTo(200);
        }
    }

    @Test
    void theRingRemembersWhatWasBeforeAPageWasOpened() throws IOException {
        try (TestServer server = TestServer.prepare().store(SampleModels.copyTo(store)).start()) {
            server.post("/predict/breast-cancer", "{\"inputs\": [[1]]}");
            Eventually.isTrue("the second is over", () -> server.get("/events?once=true").text().lines()
                    .anyMatch(line -> line.matches("data: .*\"refused\":\\[[^\\]]*[1-9].*")));
        }
    }
}
