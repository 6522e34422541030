package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.modelyard.Shell.Outcome;
import io.modelyard.TestServer.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The scripts that publish with plain S3 tools, run as they are against a real server of S3. */
final class PushByHandTest {
    private static final Path MODELS = Path.of("models-local/models");
    private static TestBucket bucket;
    private static TestServer server;

    @TempDir
    Path folder;

    /** By what a script speaks to S3. */
    enum Tool {
        AWS_CLI("by-cli"), CURL("by-curl");

        final String type;

        Tool(String type) {
            this.type = type;
        }
    }

    @BeforeAll
    static void start() {
        assumeTrue(System.getProperty("modelyard.test.s3.endpoint") == null,
                "the scripts are given the credentials of the server in this JVM");
        bucket = TestBucket.start();
        server = TestServer.prepare().store(bucket).with("modelyard.registry.poll-interval", "100ms")
                .with("modelyard.registry.reconcile-interval", "200ms").start();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
            bucket.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsPushedByHandIsServedWithinAReconcile(Tool tool) throws IOException {
        String type = "file-" + tool.type;
        Outcome pushed = push(tool, type, "1", "xgboost", MODELS.resolve("breast-cancer/1/model.ubj"));
        assertThat(pushed.exit()).as(pushed.text()).isZero();
        assertThat(pushed.text()).contains("published " + type + "/1");
        awaitListed(type);
        int[] row = new int[30];
        Arrays.fill(row, 1);
        Answer answer = server.post("/predict/" + type, "{\"inputs\": [" + Arrays.toString(row) + "]}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);

        byte[] manifest = bucket.get("registry/" + type + "/1.json");
        Outcome again = push(tool, type, "1", "xgboost", MODELS.resolve("breast-cancer/2/model.ubj"));
        assertThat(again.exit()).as(again.text()).isEqualTo(3);
        assertThat(again.text()).contains("there already");
        assertThat(bucket.get("registry/" + type + "/1.json")).isEqualTo(manifest);
    }

    @ParameterizedTest
    @EnumSource
    void aFolderIsPushedWithAllItsFiles(Tool tool) throws IOException {
        String type = "folder-" + tool.type;
        Outcome pushed = push(tool, type, "2026-11-21", "tensorflow", MODELS.resolve("digits/1"));
        assertThat(pushed.exit()).as(pushed.text()).isZero();
        awaitListed(type);
        assertThat(server.post("/models/" + type + "/2026-11-21/load", "{}").json().path("state").asText())
                .isEqualTo("READY");
        assertThat(bucket.keys("models/" + type + "/2026-11-21/")).anyMatch(key -> key.endsWith("/saved_model.pb"))
                .anyMatch(key -> key.endsWith("/variables/variables.index"));
    }

    @Test
    void wrongArgumentsAreToldBeforeAnythingIsSent() throws IOException {
        Outcome none = Shell.run(Map.of(), "examples/push-by-hand.sh");
        assertThat(none.exit()).isEqualTo(2);
        assertThat(none.text()).contains("usage: push-by-hand.sh s3://bucket[/prefix]");
        assertThat(push(Tool.CURL, "x", "1", "onnx", Files.createDirectory(folder.resolve("empty"))).exit())
                .isEqualTo(2);
        assertThat(bucket.keys("models/x/")).isEmpty();
    }

    @Test
    void aBucketIsFilledWithTheSamplesForLocalstack() throws IOException {
        assumeTrue(Shell.works("aws", "--version"), "there is no AWS CLI here");
        Shell.program(folder.resolve("awslocal"), "#!/bin/sh\nexec aws \"$@\"\n");
        Map<String, String> environment = environment();
        environment.put("SAMPLES", "models-local");
        for (int time = 0; time < 2; time++) {
            Outcome filled = Shell.run(environment, "infra/localstack/fill-bucket.sh");
            assertThat(filled.exit()).as(filled.text()).isZero();
        }
        try (TestServer over = TestServer.prepare().with("modelyard.store.uri", "s3://modelyard/yard")
                .with("modelyard.store.s3.endpoint", bucket.endpoint().toString())
                .with("modelyard.store.s3.region", "us-east-1").start()) {
            assertThat(over.get("/models").json().path("models").findValuesAsText("model_type"))
                    .contains("breast-cancer", "digits");
            assertThat(over.post("/models/digits/2/load", "{}").json().path("state").asText()).isEqualTo("READY");
        }
    }

    private Outcome push(Tool tool, String type, String version, String runtime, Path model) throws IOException {
        if (tool == Tool.AWS_CLI) {
            assumeTrue(Shell.works("aws", "s3api", "put-object", "--bucket", "b", "--key", "k", "--if-none-match", "*",
                    "--generate-cli-skeleton", "output"), "there is no AWS CLI here that knows --if-none-match");
        } else {
            Shell.program(folder.resolve("aws"), Files.readString(Path.of("src/test/resources/aws-by-curl.sh")));
        }
        return Shell.run(environment(), "examples/push-by-hand.sh", bucket.uri(), type, version, runtime,
                model.toString());
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(Map.of("AWS_ACCESS_KEY_ID", TestBucket.ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY", TestBucket.SECRET_KEY, "AWS_DEFAULT_REGION", "us-east-1",
                "AWS_ENDPOINT_URL", bucket.endpoint().toString(),
                // Servers other than AWS do not all read checksums in trailers.
                "AWS_REQUEST_CHECKSUM_CALCULATION", "when_required"));
        environment.put("PATH", folder + ":" + System.getenv("PATH"));
        return environment;
    }

    private static void awaitListed(String type) {
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            while (server.get("/models/" + type).status() != 200) {
                Thread.onSpinWait();
            }
        });
    }
}
