package io.modelyard.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.ModelRuntime;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.OptionalLong;

/** The child process: does one errand, writes the result into its folder, and ends. */
public final class ChildMain {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ChildMain() {}

    /** @param arguments the folder of the errand, where {@link ChildFolder} says what lies in it */
    public static void main(String[] arguments) throws IOException {
        endWithTheParent();
        beTheFirstToGo();
        ChildFolder folder = new ChildFolder(Path.of(arguments[0]));
        ObjectNode result = result(folder);
        Path whole = folder.result().resolveSibling("result.part");
        Files.writeString(whole, result.toString());
        Files.move(whole, folder.result(), StandardCopyOption.ATOMIC_MOVE);
        // The libraries' own clean-up at exit is neither needed nor to be trusted.
        Runtime.getRuntime().halt(0);
    }

    private static ObjectNode result(ChildFolder folder) {
        try {
            return run(folder);
        } catch (InvalidModelException e) {
            return JSON.createObjectNode().put("refused", e.reason());
        } catch (OutOfMemoryError e) {
            return JSON.createObjectNode().put("out_of_memory", String.valueOf(e.getMessage()));
        } catch (Exception | LinkageError | StackOverflowError e) {
            // As the server would have failed with it: a reason, and nothing that a model does not survive.
            return JSON.createObjectNode().put("refused", e.toString());
        }
    }

    private static ObjectNode run(ChildFolder folder) throws InvalidModelException, IOException {
        JsonNode order = JSON.readTree(folder.order().toFile());
        List<ModelRuntime> runtimes = List.of(JSON.convertValue(order.get("runtimes"), RuntimeRecipe[].class)).stream()
                .map(RuntimeRecipe::make).toList();
        Errand errand = errand(order.get("errand").asText());
        JsonNode task = order.get("task");
        initialise(runtimes, errand.runtime(task));
        long baseline = settle();
        Files.writeString(folder.baseline(), Long.toString(baseline));
        JsonNode answer = errand.run(task, runtimes);
        OptionalLong peak = ResidentMemory.own().peak();
        ObjectNode result = JSON.createObjectNode();
        result.set("answer", answer);
        return result.put("peak", Math.max(0, peak.orElse(baseline) - baseline));
    }

    private static Errand errand(String className) {
        try {
            return Class.forName(className).asSubclass(Errand.class).getConstructor().newInstance();
        } catch (ClassNotFoundException | NoSuchMethodException | InstantiationException | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException("there is no errand " + className, e);
        }
    }

    private static void initialise(List<ModelRuntime> runtimes, String name) {
        runtimes.stream().filter(runtime -> runtime.name().equals(name)).forEach(ModelRuntime::initialise);
    }

    /** What is resident after the garbage of the start is gone; from here on the peak counts. */
    private static long settle() {
        System.gc();
        ResidentMemory memory = ResidentMemory.own();
        memory.resetPeak();
        return memory.now().orElse(0);
    }

    /** A server that dies, however it does, closes this process's standard input. */
    private static void endWithTheParent() {
        Thread.ofPlatform().daemon().name("parent").start(() -> {
            try {
                // Nothing is ever sent.
                System.in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // That is the end of it too.
            }
            Runtime.getRuntime().halt(1);
        });
    }

    /** When memory runs out, Linux is to end this process and not the server. */
    private static void beTheFirstToGo() {
        try {
            Files.writeString(Path.of("/proc/self/oom_score_adj"), "1000");
        } catch (IOException e) {
            // Not Linux, or not allowed: then memory is watched all the same.
            return;
        }
    }
}
