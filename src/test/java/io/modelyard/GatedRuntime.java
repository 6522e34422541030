package io.modelyard;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micronaut.context.annotation.Requires;
import io.modelyard.runtime.InferenceException;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.runtime.ModelFiles;
import io.modelyard.runtime.ModelRuntime;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.Tensor;
import io.modelyard.tensor.TensorSpec;
import jakarta.inject.Singleton;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A runtime whose models double what they get, and compute only while a gate is open: so that a test decides what is being
 * computed and what waits. It refuses 666.
 */
@Singleton
@Requires(property = "spec.name", value = GatedRuntime.SPEC)
final class GatedRuntime implements ModelRuntime {
    static final String SPEC = "gated";
    static final float REFUSED = 666;

    private volatile CountDownLatch gate = new CountDownLatch(0);
    private final ConcurrentLinkedQueue<List<Float>> calls = new ConcurrentLinkedQueue<>();

    /** Publishes a model of this runtime. */
    static void publish(Path store, String type) {
        publish(store, type, manifest -> {});
    }

    /** @param more adds to the manifest */
    static void publish(Path store, String type, Consumer<ObjectNode> more) {
        try {
            Path file = Files.writeString(Files.createTempDirectory("gated").resolve("model.gated"), type);
            new TestStore(store).publish(type, "1", "gated", file, more);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void shut() {
        gate = new CountDownLatch(1);
    }

    void open() {
        gate.countDown();
    }

    /** What models were called with, in the order in which the calls began, those included that wait at the gate. */
    List<List<Float>> calls() {
        return List.copyOf(calls);
    }

    @Override
    public String name() {
        return "gated";
    }

    @Override
    public String library() {
        return "gated 1";
    }

    @Override
    public boolean recognises(ModelFiles files) {
        return files.paths().equals(List.of("model.gated"));
    }

    @Override
    public boolean namesTensors() {
        return true;
    }

    @Override
    public LoadedModel load(ModelFiles files) {
        Signature signature = new Signature(
                List.of(TensorSpec.of("x", DataType.FLOAT32, Shape.of(Shape.ANY, 1))),
                List.of(TensorSpec.of("twice", DataType.FLOAT32, Shape.of(Shape.ANY))), false);
        return new LoadedModel() {
            @Override
            public Signature signature() {
                return signature;
            }

            @Override
            public List<String> warnings() {
                return List.of();
            }

            @Override
            public List<Tensor> run(List<Tensor> inputs, List<String> outputs) {
                return List.of(twice((Tensor.Floats) inputs.getFirst()));
            }

            @Override
            public void close() {
                // It holds nothing.
            }
        };
    }

    private Tensor twice(Tensor.Floats input) {
        List<Float> values = new ArrayList<>();
        float[] answer = new float[input.values().length];
        for (int i = 0; i < answer.length; i++) {
            values.add(input.values()[i]);
            answer[i] = 2 * input.values()[i];
        }
        calls.add(values);
        pass();
        if (values.contains(REFUSED)) {
            throw new InferenceException("it does not like " + REFUSED, null);
        }
        return new Tensor.Floats(Shape.of(answer.length), answer);
    }

    private void pass() {
        try {
            if (!gate.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody opened the gate");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
