package io.modelyard.trial;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.TestStore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Models of {@link GuestRuntime} in a store, with an example. */
public final class Guests {
    public static final String REQUEST = "{\"inputs\": [[3]]}";

    private final TestStore store;

    public Guests(Path store) {
        this.store = new TestStore(store);
    }

    /** @param words what the file says; see {@link GuestRuntime} */
    public void publish(String type, String version, String words) {
        try {
            Path file = Files.createDirectories(Files.createTempDirectory("guest")).resolve("model.guest");
            Files.writeString(file, words);
            store.publish(type, version, "guest", file, Guests::describe);
            Files.delete(file);
            Files.delete(file.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void describe(ObjectNode manifest) {
        ObjectNode example = manifest.putArray("examples").addObject();
        example.putArray("inputs").addArray().add(3);
        example.putArray("outputs").addArray().add(3);
        tensor(manifest.putArray("inputs"), "x");
        tensor(manifest.putArray("outputs"), "y");
    }

    private static void tensor(ArrayNode tensors, String name) {
        tensors.addObject().put("name", name).put("dtype", "float32").putArray("shape").add(-1).add(1);
    }
}
