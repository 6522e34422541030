package io.modelyard.bench;

import io.modelyard.Application;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The server as it always is, and {@link FixedController} besides. Started by {@code bench/http.sh}. What is asked again and again is
 * computed again and again, unless {@code modelyard.predictioncache.policy} is set.
 */
public final class BenchServer {
    private BenchServer() {}

    /**
     * Serves on a free port of loopback.
     *
     * @param arguments a folder with {@code store}; {@code data} and {@code pid} (this process's id) are written there
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]).toAbsolutePath();
        Files.writeString(folder.resolve("pid"), ProcessHandle.current().pid() + "\n");
        Application.main(new String[]{"serve", "--host", "127.0.0.1", "--port", "0", "-Dbench=true",
                "-Dmodelyard.predictioncache.policy="
                        + System.getProperty("modelyard.predictioncache.policy", "never"),
                "-Dmodelyard.store.uri=" + folder.resolve("store"), "-Dmodelyard.data-dir=" + folder.resolve("data")});
    }
}
