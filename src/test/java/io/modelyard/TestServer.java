package io.modelyard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A real server on a free port, with a store and a data directory of its own, asked as its users ask it. Requests made
 * on the server itself carry the first admin key; {@link #anonymous()} and {@link #as(String)} ask with none or another.
 */
public final class TestServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path home;
    private final Path store;
    private final Path data;
    private final EmbeddedServer server;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10)).build();

    private TestServer(Path home, Path store, Map<String, Object> properties) {
        this.home = home;
        this.store = store;
        Map<String, Object> all = new HashMap<>(Map.of(
                "micronaut.server.port", -1,
                "modelyard.store.uri", store.toString(),
                // A child process takes a second; its own tests turn it on.
                "modelyard.trial.enabled", false,
                "modelyard.data-dir", home.resolve("data").toString()));
        all.putAll(properties);
        this.data = Path.of(String.valueOf(all.get("modelyard.data-dir")));
        this.server = ApplicationContext.run(EmbeddedServer.class, all);
    }

    public static TestServer start() {
        return prepare().start();
    }

    public static Builder prepare() {
        return new Builder();
    }

    /** What a server is given before it starts. */
    public static final class Builder {
        private final Map<String, Object> properties = new HashMap<>();
        private @Nullable Path store;

        private Builder() {}

        public Builder with(String property, Object value) {
            properties.put(property, value);
            return this;
        }

        public Builder with(Map<String, Object> more) {
            properties.putAll(more);
            return this;
        }

        /** The bucket instead of a folder; {@link TestServer#store()} then means nothing. */
        public Builder store(TestBucket bucket) {
            return with(bucket.properties());
        }

        /** Beans of the test tree with {@code @Requires(property = "spec.name", value = name)} are there. */
        public Builder spec(String name) {
            return with("spec.name", name);
        }

        /** A folder that exists and outlives the server, instead of a fresh one. */
        public Builder store(Path folder) {
            store = folder;
            return this;
        }

        /** As {@link #store}, for the data directory. */
        public Builder data(Path folder) {
            return with("modelyard.data-dir", folder.toString());
        }

        public TestServer start() {
            try {
                Path home = Files.createTempDirectory("modelyard-test");
                return new TestServer(home, store == null ? Files.createDirectory(home.resolve("store")) : store,
                        properties);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public ApplicationContext context() {
        return server.getApplicationContext();
    }

    public <T> T bean(Class<T> type) {
        return context().getBean(type);
    }

    public int port() {
        return server.getPort();
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    public Path store() {
        return store;
    }

    public Path dataDirectory() {
        return data;
    }

    /** The first admin key, as the server wrote it. */
    public String adminKey() {
        try {
            return Files.readString(data.resolve("admin.key")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Client anonymous() {
        return new Client(null);
    }

    public Client as(String key) {
        return new Client(key);
    }

    public Answer get(String path) {
        return as(adminKey()).get(path);
    }

    public Answer post(String path, String json) {
        return as(adminKey()).post(path, json);
    }

    public Answer put(String path, String json) {
        return as(adminKey()).put(path, json);
    }

    public Answer delete(String path) {
        return as(adminKey()).delete(path);
    }

    /** Asks with one key, or none. */
    public final class Client {
        private final @Nullable String key;

        private Client(@Nullable String key) {
            this.key = key;
        }

        public Answer get(String path) {
            return send(request(path).GET());
        }

        public Answer post(String path, String json) {
            return send("POST", path, json);
        }

        public Answer put(String path, String json) {
            return send("PUT", path, json);
        }

        public Answer delete(String path) {
            return send(request(path).DELETE());
        }

        public Answer send(String method, String path, String json) {
            return send(request(path).header("Content-Type", "application/json").method(method,
                    BodyPublishers.ofString(json)));
        }

        public Answer send(String method, String path, String contentType, BodyPublisher body) {
            return send(request(path).header("Content-Type", contentType).method(method, body));
        }

        /** A request to this server with this client's key, to be completed and {@link #send sent}. */
        public HttpRequest.Builder request(String path) {
            HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(60));
            return key == null ? request : request.header("X-API-Key", key);
        }

        public Answer send(HttpRequest.Builder request) {
            try {
                var response = http.send(request.build(), BodyHandlers.ofString());
                return new Answer(response.statusCode(), response.headers(), response.body());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /** What came back. */
    public record Answer(int status, HttpHeaders headers, String text) {
        public JsonNode json() {
            try {
                return JSON.readTree(text);
            } catch (JsonProcessingException e) {
                throw new AssertionError("not JSON: " + text, e);
            }
        }

        public Optional<String> header(String name) {
            return headers.firstValue(name);
        }

        /** The {@code code} of a problem; empty where there is none. */
        public String code() {
            return json().path("code").asText();
        }

        public String detail() {
            return json().path("detail").asText();
        }
    }

    @Override
    public void close() {
        http.close();
        context().close();
        try (Stream<Path> files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
