package io.modelyard.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.runtime.ModelFiles;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import io.modelyard.tensor.TensorSpec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A folder of files that is being filled, and the model in it. */
final class ModelFolder {
    static final OnnxRuntime RUNTIME = new OnnxRuntime(new OnnxOptions(1, 1), Runnable::run);

    private final Path root;
    private final Map<String, JsonNode> options = new TreeMap<>();
    private final Map<String, byte[]> files = new TreeMap<>();

    ModelFolder(Path root) {
        this.root = root;
    }

    ModelFolder with(String path, byte[] content) {
        try {
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        files.put(path, content);
        return this;
    }

    ModelFolder with(OnnxModelBuilder model) {
        return with("model.onnx", model.toByteArray());
    }

    ModelFolder option(String name, JsonNode value) {
        options.put(name, value);
        return this;
    }

    ModelFiles files() {
        return new ModelFiles(root, List.copyOf(files.keySet()), options);
    }

    LoadedModel load() throws InvalidModelException {
        return RUNTIME.load(files());
    }

    /** Loads the model, computes all outputs once and closes it. */
    List<Tensor> answer(Tensor... inputs) throws InvalidModelException {
        try (LoadedModel model = load()) {
            return model.run(List.of(inputs), names(model));
        }
    }

    static List<String> names(LoadedModel model) {
        return model.signature().outputs().stream().map(TensorSpec::name).toList();
    }

    /** A tensor of rows of the width given. */
    static Tensor rows(int width, float... values) {
        return new Tensor.Floats(Shape.of(values.length / width, width), values);
    }

    static Tensor texts(int width, String... values) {
        return new Tensor.Strings(Shape.of(values.length / width, width), values);
    }

    static float[] floats(Tensor tensor) {
        return ((Tensor.Floats) tensor).values();
    }

    /** Fails unless these tensors are the same to the bit, NaNs included. */
    static void assertSame(List<Tensor> actual, Tensor... expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual.get(i).dataType()).isEqualTo(expected[i].dataType());
            assertThat(actual.get(i).shape()).isEqualTo(expected[i].shape());
            assertThat(actual.get(i).array()).isEqualTo(expected[i].array());
        }
    }
}
