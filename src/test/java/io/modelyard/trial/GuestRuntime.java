package io.modelyard.trial;

import io.micronaut.context.annotation.Requires;
import io.modelyard.runtime.InferenceException;
import io.modelyard.runtime.InvalidModelException;
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
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A library that does to its process what the model's file says: {@code works} answers what it is asked, the others do harm,
 * and really so. The first word is for the load, the second for a prediction; a third names a file that gets a line for each
 * load.
 */
@Singleton
@Requires(property = GuestRuntime.PROPERTY)
public final class GuestRuntime implements ModelRuntime {
    public static final String PROPERTY = "modelyard.test.guests";
    private static final String FILE = "model.guest";
    private static final int STEP = 8 << 20;
    private static final int STEPS = 32;
    private static final int UNUSUAL = 7;

    @Override
    public String name() {
        return "guest";
    }

    @Override
    public String library() {
        return "guest 1";
    }

    @Override
    public boolean recognises(ModelFiles files) {
        return files.paths().contains(FILE);
    }

    @Override
    public boolean namesTensors() {
        return true;
    }

    @Override
    public LoadedModel load(ModelFiles files) throws InvalidModelException {
        try {
            String[] words = Files.readString(files.resolve(FILE)).strip().split(" ", -1);
            if (words.length > 2) {
                Files.writeString(Path.of(words[2]), ProcessHandle.current().pid() + "\n", StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            }
            act(words[0]);
            return new Guest(words[1]);
        } catch (IOException e) {
            throw new InvalidModelException("it cannot be read", e);
        }
    }

    private record Guest(String deed) implements LoadedModel {
        @Override
        public Signature signature() {
            Shape shape = Shape.of(Shape.ANY, 1);
            return new Signature(List.of(new TensorSpec("x", DataType.FLOAT32, shape, List.of(), List.of(), false)),
                    List.of(new TensorSpec("y", DataType.FLOAT32, shape, List.of(), List.of(), false)), false);
        }

        @Override
        public List<String> warnings() {
            return List.of();
        }

        @Override
        public List<Tensor> run(List<Tensor> inputs, List<String> outputs) {
            try {
                act(deed);
            } catch (InvalidModelException e) {
                throw new InferenceException(e.reason(), e);
            }
            return inputs;
        }

        @Override
        public void close() {}
    }

    private static void act(String deed) throws InvalidModelException {
        switch (deed) {
            case "works" -> {
            }
            case "segfaults" -> call("strlen", MemorySegment.NULL);
            case "aborts" -> call("abort", MemorySegment.NULL);
            case "exits" -> Runtime.getRuntime().halt(UNUSUAL);
            case "hangs" -> hang();
            case "gorges" -> gorge();
            case "is-refused" -> throw new InvalidModelException("the file says that it is to be refused");
            default -> throw new IllegalArgumentException(deed);
        }
    }

    @SuppressWarnings("restricted") // It is a native library, as far as it can be.
    private static void call(String function, MemorySegment argument) {
        Linker linker = Linker.nativeLinker();
        MethodHandle handle = linker.downcallHandle(linker.defaultLookup().findOrThrow(function),
                FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
        try {
            handle.invokeExact(argument);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Fills memory, and keeps it until somebody does something about that. */
    private static void gorge() {
        for (int i = 0; i < STEPS; i++) {
            Arena.global().allocate(STEP).fill((byte) 1);
        }
        hang();
    }

    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
