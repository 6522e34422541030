package io.modelyard.requestlog;

import static io.modelyard.requestlog.Exchanges.exchange;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A server in a process of its own, which is killed while it logs with durability=sync. */
@Timeout(120)
final class KilledServerTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void everyAcknowledgedPredictionIsThereAfterTheServerWasKilled() throws Exception {
        Process server = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp",
                System.getProperty("java.class.path"), Server.class.getName(), folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<String> acknowledged = new ArrayList<>();
        try (BufferedReader output = server.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith("answered ")) {
                    acknowledged.add(line.substring("answered ".length()));
                }
                if (acknowledged.size() == 500) {
                    // SIGKILL, by the handle: that leaves the output open, and what was answered by then is still read.
                    server.toHandle().destroyForcibly();
                }
            }
        } finally {
            server.destroyForcibly().waitFor();
        }
        // The last line may have been cut in the middle.
        acknowledged.removeLast();
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(499);
        try (LogServer again = LogServer.start(folder, Map.of())) {
            assertThat(acknowledged).allSatisfy(id -> assertThat(again.log().find(id)).isPresent());
        }
    }

    /** Predicts on several threads until it is killed, and says which predictions were answered. */
    static final class Server {
        private Server() {}

        public static void main(String[] arguments) {
            LogServer server = LogServer.start(Path.of(arguments[0]),
                    Map.of("modelyard.requestlog.durability", "sync"));
            PrintStream out = System.out;
            for (int i = 0; i < 8; i++) {
                String name = "thread" + i + "-";
                Thread.ofPlatform().start(() -> {
                    for (int n = 0;; n++) {
                        String id = name + n;
                        server.predict(exchange(id));
                        out.println("answered " + id);
                    }
                });
            }
        }
    }
}
