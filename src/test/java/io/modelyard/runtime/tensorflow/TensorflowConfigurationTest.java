package io.modelyard.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.ApplicationContext;
import io.modelyard.runtime.ModelRuntime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

final class TensorflowConfigurationTest {
    @TempDir
    Path data;

    @Test
    void allowsNothingAndSpreadsNothingUnlessItIsTold() {
        assertThat(bound(Map.of())).isEqualTo(new TensorflowConfiguration(List.of(), 1, 0));
    }

    @Test
    void readsItsProperties() {
        assertThat(bound(Map.of("modelyard.runtime.tensorflow.allow-operations", "ReadFile,PyFunc",
                "modelyard.runtime.tensorflow.intra-op-threads", "2", "modelyard.runtime.tensorflow.inter-op-threads",
                "3")))
                .isEqualTo(new TensorflowConfiguration(List.of("ReadFile", "PyFunc"), 2, 3));
    }

    @ParameterizedTest
    @CsvSource({"intra-op-threads, 0", "inter-op-threads, -1"})
    void refusesNonsenseByTheNameOfTheProperty(String property, String value) {
        String name = "modelyard.runtime.tensorflow." + property;
        assertThatThrownBy(() -> bound(Map.of(name, value))).hasStackTraceContaining(name);
    }

    @Test
    void isFoundAsARuntime() {
        try (ApplicationContext context = start(Map.of())) {
            assertThat(context.getBeansOfType(ModelRuntime.class)).extracting(ModelRuntime::name)
                    .contains("tensorflow");
        }
    }

    private TensorflowConfiguration bound(Map<String, Object> properties) {
        try (ApplicationContext context = start(properties)) {
            return context.getBean(TensorflowConfiguration.class);
        }
    }

    /** Whatever else starts with the application keeps its files here. */
    private ApplicationContext start(Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("modelyard.data-dir", data.toString());
        all.put("modelyard.store.uri", data.resolve("store").toString());
        return ApplicationContext.run(all);
    }
}
