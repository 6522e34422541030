package io.modelyard;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nonsense is refused at start, with the property's name. */
final class ConfigurationCheckTest {
    @ParameterizedTest
    @CsvSource({"modelyard.serving.warmup-iterations, many", "modelyard.serving.loading, sometimes",
            "modelyard.serving.load-retry, soon", "modelyard.runtime.onnx.intra-op-threads, few",
            "modelyard.serving.max-rows-per-request, 0", "modelyard.store.uri, gs://bucket",
            "modelyard.registry.purge-after, -1s", "modelyard.log.level, loud", "modelyard.log.format, yaml",
            "modelyard.registry.purge-interval, 0s", "modelyard.registry.abandoned-after, 1m"})
    void refuses(String property, String value) {
        assertThatThrownBy(() -> TestServer.prepare().with(property, value).start())
                .hasStackTraceContaining(property);
    }
}
