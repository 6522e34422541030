package io.modelyard.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.ApplicationContext;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.runtime.ModelRuntime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The configuration of the runtime, and the runtime as a bean. */
final class OnnxOptionsTest {
    @TempDir
    Path folder;

    @Test
    void oneThreadIsTheDefault() {
        assertThat(options(Map.of())).isEqualTo(new OnnxOptions(1, 1));
    }

    @Test
    void everyPropertyIsRead() {
        assertThat(options(Map.of("modelyard.runtime.onnx.intra-op-threads", 3,
                "modelyard.runtime.onnx.inter-op-threads", 2))).isEqualTo(new OnnxOptions(3, 2));
    }

    @Test
    void nonsenseIsRefusedWithTheNameOfTheProperty() {
        assertThatThrownBy(() -> options(Map.of("modelyard.runtime.onnx.intra-op-threads", 0)))
                .hasStackTraceContaining("modelyard.runtime.onnx.intra-op-threads is to be 1 to 1024 threads, not 0");
        assertThatThrownBy(() -> options(Map.of("modelyard.runtime.onnx.inter-op-threads", 1025)))
                .hasStackTraceContaining("modelyard.runtime.onnx.inter-op-threads is to be 1 to 1024 threads");
    }

    @Test
    void theRuntimeIsABeanOfItsPort() {
        try (ApplicationContext context = context(Map.of())) {
            assertThat(context.getBeansOfType(ModelRuntime.class)).filteredOn(runtime -> runtime.name().equals("onnx"))
                    .singleElement().satisfies(runtime -> {
                        assertThat(runtime.library()).isEqualTo("onnxruntime 1.29.0");
                        assertThat(runtime.namesTensors()).isTrue();
                    });
        }
    }

    @Test
    void severalThreadsGiveTheSameAnswer() throws Exception {
        TestForest forest = TestForest.random(9, 256, 6, 4, 1);
        ModelFolder files = new ModelFolder(folder).with(TestOnnxModels.forestRegressor(forest));
        try (LoadedModel model = new OnnxRuntime(new OnnxOptions(2, 2), Runnable::run).load(files.files())) {
            float[] answer = ModelFolder.floats(
                    model.run(List.of(ModelFolder.rows(4, 0.2f, 0.4f, 0.6f, 0.8f)), List.of("variable")).getFirst());
            assertThat(answer).containsExactly(forest.sums(0.2f, 0.4f, 0.6f, 0.8f));
        }
    }

    private OnnxOptions options(Map<String, Object> properties) {
        try (ApplicationContext context = context(properties)) {
            return context.getBean(OnnxOptions.class);
        }
    }

    /** One that does not start leaves its artifact cache locked until the collector comes: each has its own. */
    private ApplicationContext context(Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        Path data = folder.resolve(UUID.randomUUID().toString());
        all.put("modelyard.data-dir", data.toString());
        all.put("modelyard.store.uri", data.resolve("store").toString());
        return ApplicationContext.run(all);
    }
}
