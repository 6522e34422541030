package io.modelyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelyard.Eventually;
import io.modelyard.SampleModels;
import io.modelyard.TestBucket;
import io.modelyard.redis.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All that a server writes while it is used, with as much in its log as can be had by configuration. */
final class LogOutputTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INPUT = "13.0625";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void hasNeitherInputsNorKeysNorPasswordsAndNamesTheRequests() throws Exception {
        try (TestBucket bucket = TestBucket.start();
                TestRedis redis = TestRedis.start()) {
            redis.tell("CONFIG SET requirepass redis-sesame");
            bucket.upload(SampleModels.copyTo(folder.resolve("store")));
            Map<String, String> environment = new HashMap<>(Map.of("LOG_LEVEL", "trace", "LOG_FORMAT", "json",
                    "MODELYARD_DATA_DIR", folder.resolve("data").toString(),
                    "MODELYARD_STORE_URI", bucket.uri(), "MODELYARD_STORE_S3_ENDPOINT", bucket.endpoint().toString(),
                    "AWS_ACCESS_KEY_ID", TestBucket.ACCESS_KEY, "AWS_SECRET_ACCESS_KEY", TestBucket.SECRET_KEY,
                    "MODELYARD_REDIS_URI", "redis://:redis-sesame@127.0.0.1:" + redis.port(),
                    // Nobody listens at that port.
                    "MODELYARD_REQUESTLOG_URL",
                    "jdbc:postgresql://127.0.0.1:1/yard?user=yard&password=postgres-sesame"));
            environment.put("OTEL_EXPORTER_OTLP_HEADERS", "authorization=otel-sesame");
            String admin;
            String fresh;
            String output;
            try (ChildProcess server = ChildProcess.modelyard(environment, "serve", "--port", "0",
                    "-Dmodelyard.trial.enabled=false", "-Dmodelyard.store.s3.region=us-east-1",
                    "-Dmodelyard.requestlog.shutdown-timeout=1s",
                    "-Dmodelyard.tracing.enabled=true", "-Dotel.exporter.otlp.endpoint=http://127.0.0.1:1")) {
                URI url = URI.create(server.await("Modelyard serves at (http://[^ ]+)").group(1));
                Path key = folder.resolve("data/admin.key");
                // It is made behind the start where the store takes its time.
                Eventually.isTrue("there is a key", Duration.ofMinutes(1), () -> Files.exists(key));
                admin = Files.readString(key).strip();
                fresh = use(url, admin);
                server.terminate();
                output = server.outputAtEnd();
            }
            assertThat(output).doesNotContain(INPUT).doesNotContain("canary").doesNotContain("sesame")
                    .doesNotContain(admin).doesNotContain(fresh).doesNotContain(TestBucket.SECRET_KEY);
            List<JsonNode> lines = output.lines().map(LogOutputTest::object).toList();
            assertThat(lines).allSatisfy(line -> assertThat(line.fieldNames()).toIterable().contains("timestamp",
                    "level", "logger", "message"));
            assertThat(lines).anySatisfy(line -> {
                assertThat(line.path("request_id").asText()).isEqualTo("predict-1");
                assertThat(line.path("logger").asText()).isEqualTo("io.modelyard.http.access");
                assertThat(line.path("path").asText()).isEqualTo("/predict/digits/2");
                assertThat(line.path("status").asInt()).isEqualTo(200);
                assertThat(line.path("trace_id").asText()).hasSize(32);
            });
            assertThat(lines).anySatisfy(line -> {
                assertThat(line.path("request_id").asText()).isEqualTo("unload-1");
                assertThat(line.path("message").asText()).startsWith("unloading digits/2");
            });
            // Written by a thread that the request was handed to.
            assertThat(lines).anySatisfy(line -> {
                assertThat(line.path("request_id").asText()).isEqualTo("key");
                assertThat(line.path("logger").asText()).isEqualTo("io.modelyard.registry.Registry");
                assertThat(line.path("thread").asText()).doesNotContain("eventLoop");
            });
        }
    }

    /** Asks for what a server may be asked for, rightly and wrongly; returns the secret of a key that was made. */
    private String use(URI url, String admin) throws Exception {
        String image = "[" + INPUT + ",0".repeat(63) + "]";
        String good = "{\"inputs\": [" + image + "]}";
        assertThat(post(url, "/predict/digits/2", "predict-1", "X-API-Key", admin, good).statusCode()).isEqualTo(200);
        assertThat(post(url, "/predict/digits/2", "bearer", "Authorization", "Bearer " + admin, good).statusCode())
                .isEqualTo(200);
        post(url, "/predict/digits/2?api_key=canary-in-url", "url", "X-API-Key", "canary-key", good);
        post(url, "/predict/digits/2", "wrong", "Authorization", "Bearer canary-bearer", good);
        post(url, "/predict/digits/2", "basic", "Authorization", "Basic Y2FuYXJ5OmNhbmFyeQ==", good);
        post(url, "/predict/digits/2", "text", "X-API-Key", admin, "{\"inputs\": [[\"canary\"]]}");
        post(url, "/predict/digits/2", "torn", "X-API-Key", admin, "{\"inputs\": [[\"canary");
        post(url, "/batch-predict", "batch", "X-API-Key", admin,
                "{\"model_type\": \"digits\", \"items\": [" + good + ", {\"inputs\": \"canary\"}]}");
        post(url, "/feedback/0199a3b1-0000-7000-8000-000000000000", "feedback", "X-API-Key", admin,
                "{\"actual\": \"canary\"}");
        post(url, "/models/digits/2/unload", "unload-1", "X-API-Key", admin, "");
        HttpResponse<String> made = post(url, "/api-keys", "key", "X-API-Key", admin,
                "{\"name\": \"reader\", \"roles\": [\"read\"]}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return JSON.readTree(made.body()).path("key").asText();
    }

    private HttpResponse<String> post(URI url, String path, String requestId, String header, String value, String body)
            throws Exception {
        return http.send(HttpRequest.newBuilder(url.resolve(path)).header(header, value)
                .header("X-Request-Id", requestId).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    private static JsonNode object(String line) {
        try {
            JsonNode node = JSON.readTree(line);
            assertThat(node.isObject()).as(line).isTrue();
            return node;
        } catch (JsonProcessingException e) {
            throw new AssertionError("not an object of JSON: " + line, e);
        }
    }
}
