package io.modelyard.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.Eventually;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A real Prometheus in a process of its own. It has the configuration of the project, but for where the servers and their
 * key are, and it scrapes and judges every second.
 */
final class Prometheus implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path CONFIGURATION = Path.of("prometheus/prometheus.yml");
    private static final int TRIES = 5;

    private final Process process;
    private final URI uri;
    private final HttpClient http = HttpClient.newHttpClient();

    private Prometheus(Process process, URI uri) {
        this.process = process;
        this.uri = uri;
    }

    /**
     * Returns when it answers.
     *
     * @param folder of its own, for what it keeps
     * @param targets as {@code host:port}
     * @param key with which it may read the metrics
     */
    static Prometheus start(Path folder, List<String> targets, String key) {
        try {
            Path configuration = configuration(folder, targets, Files.writeString(folder.resolve("key"), key));
            // A port that is free now may be taken before Prometheus takes it.
            for (int i = 0; i < TRIES; i++) {
                Prometheus started = tryToStart(folder, configuration, freePort());
                if (started != null) {
                    return started;
                }
            }
            throw new AssertionError("Prometheus does not start: " + Files.readString(folder.resolve("log")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path configuration(Path folder, List<String> targets, Path key) throws IOException {
        ObjectNode all = (ObjectNode) Yaml.read(CONFIGURATION);
        ((ObjectNode) all.path("global")).put("scrape_interval", "1s").put("scrape_timeout", "1s")
                .put("evaluation_interval", "1s");
        ArrayNode rules = (ArrayNode) all.path("rule_files");
        for (int i = 0; i < rules.size(); i++) {
            rules.set(i, CONFIGURATION.resolveSibling(rules.get(i).asText()).toAbsolutePath().toString());
        }
        ObjectNode job = (ObjectNode) all.path("scrape_configs").get(0);
        ((ObjectNode) job.path("authorization")).put("credentials_file", key.toString());
        ArrayNode addresses = ((ObjectNode) job.path("static_configs").get(0)).putArray("targets");
        targets.forEach(addresses::add);
        // What is JSON is YAML.
        return Files.writeString(folder.resolve("prometheus.yml"), all.toString());
    }

    private static @Nullable Prometheus tryToStart(Path folder, Path configuration, int port) throws IOException {
        Process process = new ProcessBuilder("prometheus", "--config.file=" + configuration,
                "--storage.tsdb.path=" + folder.resolve("data"), "--web.listen-address=127.0.0.1:" + port,
                "--log.level=warn").redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        Prometheus started = new Prometheus(process, URI.create("http://127.0.0.1:" + port));
        Eventually.isTrue("Prometheus answers, or ends", () -> !process.isAlive() || started.isReady());
        if (process.isAlive()) {
            return started;
        }
        started.close();
        return null;
    }

    private boolean isReady() {
        try {
            return http.send(HttpRequest.newBuilder(uri.resolve("/-/ready")).build(), BodyHandlers.discarding())
                    .statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What an expression is now: a list of series with one {@code value} each. */
    JsonNode now(String expression) {
        return ask("/api/v1/query", Map.of("query", expression)).path("result");
    }

    /** What an expression was: a list of series with {@code values}. */
    JsonNode range(String expression, Instant from, Instant to, Duration step) {
        return ask("/api/v1/query_range", Map.of("query", expression, "start", from.toString(), "end", to.toString(),
                "step", String.valueOf(step.toMillis() / 1e3))).path("result");
    }

    /** The values that a label has in the series of a selector. */
    List<String> labelValues(String selector, String label) {
        List<String> values = new ArrayList<>();
        ask("/api/v1/label/" + label + "/values?match[]=" + encode(selector), Map.of())
                .forEach(value -> values.add(value.asText()));
        return values;
    }

    /** Rules and their state, of all groups. */
    List<JsonNode> rules() {
        List<JsonNode> rules = new ArrayList<>();
        ask("/api/v1/rules", Map.of()).path("groups").forEach(group -> group.path("rules").forEach(rules::add));
        return rules;
    }

    private JsonNode ask(String path, Map<String, String> parameters) {
        String form = parameters.entrySet().stream().map(each -> each.getKey() + "=" + encode(each.getValue()))
                .collect(Collectors.joining("&"));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri + path.replace("[]", "%5B%5D")))
                .timeout(Duration.ofSeconds(20));
        try {
            HttpResponse<String> answer = http.send((form.isEmpty()
                    ? request.GET()
                    : request.header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(BodyPublishers.ofString(form)))
                    .build(), BodyHandlers.ofString());
            JsonNode json = JSON.readTree(answer.body());
            if (answer.statusCode() != 200) {
                throw new AssertionError(path + " " + parameters + ": " + answer.body());
            }
            return json.path("data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        http.close();
        process.destroyForcibly().onExit().join();
    }
}
