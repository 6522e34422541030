package io.modelyard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

final class TestBucketTest {
    @Test
    void holdsWhatAPipelinePuts(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("registry/t"));
        Files.writeString(folder.resolve("registry/t/1.json"), "{}");
        Files.writeString(folder.resolve("generation"), "x");
        try (TestBucket bucket = TestBucket.start()) {
            bucket.upload(folder);

            assertThat(bucket.keys("")).containsExactly("generation", "registry/t/1.json");
            assertThat(bucket.get("registry/t/1.json")).isEqualTo("{}".getBytes(UTF_8));
        }
    }
}
