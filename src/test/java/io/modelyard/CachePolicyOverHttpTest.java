package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the properties of the prediction cache mean to a model of some milliseconds. */
class CachePolicyOverHttpTest {
    @TempDir
    Path folder;

    private TestServer server(String property, String value) {
        return TestServer.prepare().store(folder.resolve("store")).with("modelyard.predictioncache." + property, value)
                .start();
    }

    private static Stream<String> sources(TestServer server) {
        return IntStream.range(0, 12).mapToObj(i -> server.post("/predict/slow", SlowModel.ROW))
                .peek(answer -> assertThat(answer.status()).as(answer.text()).isEqualTo(200))
                .map(answer -> answer.header("X-Cache").orElseThrow());
    }

    @Test
    void aModelThatTakesItsTimeIsCachedByItself() throws IOException {
        SlowModel.publish(folder.resolve("store"), 20, true);
        try (TestServer server = TestServer.prepare().store(folder.resolve("store")).start()) {
            assertThat(sources(server)).startsWith("miss", "memory").endsWith("memory").filteredOn("miss"::equals)
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"policy, never", "ttl, 0"})
    void itCanBeTurnedOff(String property, String value) throws IOException {
        SlowModel.publish(folder.resolve("store"), 20, true);
        try (TestServer server = server(property, value)) {
            assertThat(sources(server)).containsOnly("bypass");
        }
    }

    @ParameterizedTest
    @CsvSource({"ttl, -1s, PREDICTION_CACHE_TTL", "ttl, 99999999999, PREDICTION_CACHE_TTL",
            "ttl, soon, PREDICTION_CACHE_TTL", "policy, sometimes, policy", "max-bytes, -5, max-bytes"})
    void nonsenseIsRefusedAtStart(String property, String value, String told) {
        assertThatThrownBy(() -> server(property, value).close()).hasStackTraceContaining(told);
    }

    @ParameterizedTest
    @CsvSource({"timeout, 2s", "timeout, 0s", "max-value-bytes, -1"})
    void nonsenseAboutRedisIsRefusedAtStart(String property, String value) {
        assertThatThrownBy(() -> TestServer.prepare().with("modelyard.redis.uri", "redis://127.0.0.1:1")
                .with("modelyard.predictioncache.redis." + property, value).start().close())
                .hasStackTraceContaining("modelyard.predictioncache.redis." + property);
    }
}
