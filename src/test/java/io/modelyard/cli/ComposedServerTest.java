package io.modelyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelyard.Eventually;
import io.modelyard.Shell;
import io.modelyard.Shell.Outcome;
import io.modelyard.TestBucket;
import io.modelyard.docker.ComposeFile;
import io.modelyard.redis.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The server of docker-compose.yml, with its variables and among its neighbours, but without Docker. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the keys are made by a POSIX shell")
final class ComposedServerTest {
    private static final Pattern FIRST_REQUEST = Pattern.compile("-d '(\\{\"inputs\": \\[\\[.*?]]})'", Pattern.DOTALL);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void predictsFromTheBucketAndShowsPrometheusWhatItDoes() throws Exception {
        Path keys = Files.createDirectory(folder.resolve("keys"));
        assertThat(makeKeys(keys)).contains("has a key");
        String prometheus = Files.readString(keys.resolve("prometheus.key"));
        assertThat(makeKeys(keys)).contains("are there");
        assertThat(keys.resolve("prometheus.key")).hasContent(prometheus);
        try (TestBucket bucket = TestBucket.start(); TestRedis redis = TestRedis.start(redisSettings())) {
            for (String part : new String[]{"models", "registry"}) {
                upload(bucket, part);
            }
            try (ChildProcess server = ChildProcess.modelyard(environment(bucket, redis, keys), "serve", "--port",
                    "0")) {
                MatchResult url = server.await("Modelyard serves at http://[^:]+:(\\d+)");
                URI uri = URI.create("http://127.0.0.1:" + url.group(1));
                assertThat(get(uri.resolve("/metrics"), "").statusCode()).isEqualTo(401);
                HttpResponse<String> metrics = get(uri.resolve("/metrics"), prometheus);
                assertThat(metrics.statusCode()).isEqualTo(200);
                assertThat(metrics.body()).contains("modelyard_");
                assertThat(predict(uri, prometheus).statusCode()).isEqualTo(403);
                // It is written once the port is open.
                Path admin = folder.resolve("data/admin.key");
                Eventually.isTrue("there is a first admin key", () -> Files.exists(admin));
                HttpResponse<String> answer = predict(uri, Files.readString(admin).strip());
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(answer.body()).contains("\"label\":\"0\"");
                JsonNode health = new ObjectMapper().readTree(get(uri.resolve("/health"), "").body());
                assertThat(health.path("status").asText()).as(health.toPrettyString()).isEqualTo("UP");
                assertThat(redis.tell("CLIENT LIST")).contains("cmd=");
                server.terminate();
            }
        }
    }

    private static String[] redisSettings() {
        List<String> command = ComposeFile.read().service("redis").texts("command");
        assertThat(command.getFirst()).isEqualTo("redis-server");
        return command.subList(1, command.size()).toArray(String[]::new);
    }

    private static String makeKeys(Path folder) {
        Outcome made = Shell.run(Map.of(), "sh", "infra/compose/make-keys.sh", folder.toString());
        assertThat(made.exit()).as(made.text()).isZero();
        return made.text();
    }

    private static void upload(TestBucket bucket, String part) throws IOException {
        Path samples = Path.of("models-local");
        try (var files = Files.walk(samples.resolve(part))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bucket.put(samples.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
    }

    /** Where Compose has names of its own, the addresses of this test. */
    private Map<String, String> environment(TestBucket bucket, TestRedis redis, Path keys) {
        Map<String, String> environment = new HashMap<>(ComposeFile.read().service("modelyard").environment());
        replace(environment, "MODELYARD_STORE_URI", "s3://modelyard/yard", bucket.uri());
        replace(environment, "MODELYARD_STORE_S3_ENDPOINT", "http://localstack:4566", bucket.endpoint().toString());
        replace(environment, "MODELYARD_REDIS_URI", "redis://redis:6379", redis.uri());
        replace(environment, "MODELYARD_ACCESS_KEYS_FILE", "/keys/keys.json", keys.resolve("keys.json").toString());
        // LocalStack takes any.
        environment.put("AWS_ACCESS_KEY_ID", TestBucket.ACCESS_KEY);
        environment.put("AWS_SECRET_ACCESS_KEY", TestBucket.SECRET_KEY);
        // As the image says.
        environment.put("HOST", "0.0.0.0");
        environment.put("MODELYARD_DATA_DIR", folder.resolve("data").toString());
        return environment;
    }

    private static void replace(Map<String, String> environment, String name, String expected, String value) {
        assertThat(environment.put(name, value)).as(name).isEqualTo(expected);
    }

    private HttpResponse<String> get(URI uri, String key) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        return http.send((key.isEmpty() ? request : request.header("Authorization", "Bearer " + key)).build(),
                BodyHandlers.ofString());
    }

    /** The README's first request. */
    private HttpResponse<String> predict(URI uri, String key) throws IOException, InterruptedException {
        String body = FIRST_REQUEST.matcher(Files.readString(Path.of("README.md"))).results().findFirst().orElseThrow()
                .group(1);
        return http.send(HttpRequest.newBuilder(uri.resolve("/predict/digits")).header("X-API-Key", key)
                .header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)).build(),
                BodyHandlers.ofString());
    }
}
