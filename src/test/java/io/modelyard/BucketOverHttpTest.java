package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** A bucket into which models are put with plain S3 tools is all that a server needs. */
final class BucketOverHttpTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsPutIntoTheBucketIsServed() {
        try (TestBucket bucket = TestBucket.start()) {
            bucket.upload(SampleModels.copyTo(folder));
            try (TestServer server = TestServer.prepare().store(bucket).start()) {
                TestServer.Answer answer = server.post("/predict/digits/2",
                        "{\"inputs\": [[" + "0,".repeat(63) + "0]]}");

                assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                assertThat(server.post("/models/digits/1/activate", "").status()).isEqualTo(200);
                assertThat(bucket.keys("routing/digits/")).containsExactly("routing/digits/0000000001.json");
                assertThat(bucket.keys("access/")).containsExactly("access/admin/0000000001.json");
                assertThat(createOnly(server)).isEqualTo("honoured");
                assertThat(bucket.keys("probe/")).isEmpty();
                assertThat(server.get("/metrics").text())
                        .contains("modelyard_store_requests_seconds_count{operation=\"create\",outcome=\"ok\"}")
                        .contains("modelyard_store_bytes_total{direction=\"in\"}");
            }
        }
    }

    @Test
    void deletedVersionsAreRestoredAndPurgedInABucket() {
        try (TestBucket bucket = TestBucket.start()) {
            bucket.upload(SampleModels.copyTo(folder));
            try (TestServer server = TestServer.prepare().store(bucket).start()) {
                String row = "{\"inputs\": [[" + "0,".repeat(63) + "0]]}";
                assertThat(server.delete("/models/digits/1").status()).isEqualTo(200);
                assertThat(server.post("/predict/digits/1", row).code()).isEqualTo("version_deleted");
                assertThat(server.post("/models/digits/1/restore", "").status()).isEqualTo(200);
                assertThat(server.post("/predict/digits/1", row).status()).isEqualTo(200);

                assertThat(server.delete("/models/digits/1?purge=now").status()).isEqualTo(200);
                assertThat(bucket.keys("models/digits/1/")).isEmpty();
                assertThat(bucket.keys("models/digits/2/")).isNotEmpty();
                assertThat(bucket.keys("registry/digits/")).contains("registry/digits/1.json");
                assertThat(server.post("/predict/digits/1", row).status()).isEqualTo(410);
                assertThat(server.post("/models/digits/1/restore", "").status()).isBetween(409, 410);
            }
        }
    }

    @Test
    void aFolderIsCountedToo() {
        try (TestServer server = TestServer.prepare().store(SampleModels.copyTo(folder)).start()) {
            assertThat(server.get("/metrics").text())
                    .contains("modelyard_store_requests_seconds_count{operation=\"list\",outcome=\"ok\"}")
                    .contains("modelyard_store_requests_seconds_count{operation=\"create\",outcome=\"ok\"}");
        }
    }

    private static String createOnly(TestServer server) {
        JsonNode health = server.get("/health").json();
        return health.path("details").path("s3").path("details").path("create_only").asText();
    }
}
