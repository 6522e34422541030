package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A server whose bucket is gone when it starts serves what it served before. */
final class RestartWithoutStoreTest {
    @TempDir
    private Path data;
    @TempDir
    private Path folder;

    @Test
    void servesWhatIsOnDiskWhenTheStoreIsGone() {
        try (TestBucket bucket = TestBucket.start()) {
            bucket.upload(SampleModels.copyTo(folder));
            String key;
            String answer;
            try (TestServer server = server(bucket)) {
                key = server.adminKey();
                answer = prediction(server, key);
                assertThat(server.get("/health").json().at("/details/registry/details/from_disk").booleanValue())
                        .isFalse();
            }
            bucket.stop();

            try (TestServer server = server(bucket)) {
                assertThat(prediction(server, key)).isEqualTo(answer);
                TestServer.Answer health = server.get("/health");
                assertThat(health.status()).isEqualTo(200);
                assertThat(health.json().at("/details/registry/details/from_disk").booleanValue()).isTrue();
                assertThat(server.get("/models").json().at("/models")).hasSize(2);
                // What was never fetched cannot be had, and says why.
                TestServer.Answer missing = server.post("/predict/digits/1", example("digits", "1"));
                assertThat(missing.status()).isEqualTo(503);
                assertThat(missing.text()).contains("model_load_failed");
                TestServer.Answer write = server.post("/models/digits/1/activate", "{}");
                assertThat(write.status()).isEqualTo(503);
            }
        }
    }

    private TestServer server(TestBucket bucket) {
        TestServer.Builder builder = TestServer.prepare().data(data).with("modelyard.registry.start-wait", "100ms");
        bucket.properties().forEach(builder::with);
        return builder.start();
    }

    private String prediction(TestServer server, String key) {
        TestServer.Answer answer = server.as(key).post("/predict/breast-cancer/2", example("breast-cancer", "2"));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().get("predictions").toString();
    }

    /** The first example of a manifest, as a request. */
    private String example(String type, String version) {
        try {
            String manifest = Files.readString(folder.resolve("registry").resolve(type).resolve(version + ".json"));
            return TestStore.JSON.createObjectNode()
                    .set("inputs", TestStore.JSON.readTree(manifest).at("/examples/0/inputs")).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
