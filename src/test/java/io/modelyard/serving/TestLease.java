package io.modelyard.serving;

import io.modelyard.model.Manifest;
import io.modelyard.model.Manifest.CacheOptions;
import io.modelyard.model.Model;
import io.modelyard.runtime.DescribedModel;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.runtime.ModelFiles;
import io.modelyard.runtime.ModelRuntime;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.Tensor;
import io.modelyard.tensor.TensorSpec;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Leases of models that are in no memory: for tests of what stands around the model. */
public final class TestLease {
    private static final TensorSpec SPEC = TensorSpec.of("x", DataType.FLOAT32, Shape.of(Shape.ANY, 1));

    private TestLease() {}

    public static Lease of(Model model) {
        return new Lease(model, DESCRIBED, Batching.NEVER, () -> {});
    }

    /** A model of the runtime {@code fake}. */
    public static Model model(String digest, @Nullable CacheOptions cache) {
        return new Model(new Manifest(1, "t", "1", "fake", null, List.of(), List.of(), List.of(), List.of(), null, null,
                true, Map.of(), cache, null, null, null, Instant.EPOCH, null, Map.of()), digest);
    }

    private static final DescribedModel DESCRIBED = described();

    private static DescribedModel described() {
        try {
            return DescribedModel.load(new Absent(), new ModelFiles(Path.of("."), List.of(), Map.of()));
        } catch (InvalidModelException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Absent implements ModelRuntime, LoadedModel {
        @Override
        public String name() {
            return "fake";
        }

        @Override
        public String library() {
            return "fake 1";
        }

        @Override
        public boolean recognises(ModelFiles files) {
            return false;
        }

        @Override
        public boolean namesTensors() {
            return true;
        }

        @Override
        public LoadedModel load(ModelFiles files) {
            return this;
        }

        @Override
        public Signature signature() {
            return new Signature(List.of(SPEC), List.of(SPEC), false);
        }

        @Override
        public List<String> warnings() {
            return List.of();
        }

        @Override
        public List<Tensor> run(List<Tensor> inputs, List<String> outputs) {
            throw new AssertionError("nobody computes here");
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }
}
