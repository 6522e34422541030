package io.modelyard.docs;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A clean copy of the project with a terminal and the server of a page. The server has the port that the documentation says, or
 * another one where that is taken; commands are changed accordingly.
 */
final class Yard {
    private static final int DOCUMENTED = 8080;
    private static final Duration START = Duration.ofMinutes(20);

    private final BlockShell shell;
    private final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final int port;
    private int servers;
    private @Nullable Process server;
    private Path log;

    /**
     * @param folder  the copy
     * @param scratch a folder of this yard's own beside it
     */
    Yard(Path folder, Path scratch) throws IOException {
        this.log = scratch.resolve("server.log");
        this.port = port();
        Map<String, String> environment = new HashMap<>(System.getenv());
        Predicate<String> ours = name -> name.startsWith("MODELYARD_") || name.startsWith("AWS_");
        environment.keySet().removeIf(ours.or("LS_COLORS"::equals).or("MODEL_PATH"::equals).or("HOST"::equals));
        environment.put("XDG_CACHE_HOME", Files.createDirectories(scratch.resolve("cache")).toString());
        environment.put("PATH", CurlThatFails.in(scratch) + ":" + environment.get("PATH"));
        environment.put("PORT", Integer.toString(port));
        // How busy this machine is must not decide; a request that loads a model waits for that.
        environment.put("REQUEST_TIMEOUT", "10m");
        this.shell = new BlockShell(folder, scratch, environment);
    }

    BlockShell shell() {
        return shell;
    }

    /** The commands as they are to be run here. */
    String here(String commands) {
        return commands.replaceAll("(127\\.0\\.0\\.1|localhost):" + DOCUMENTED, "$1:" + port);
    }

    /** Starts a server in place of the one that runs, and waits until it takes requests. */
    void serve(String commands) throws IOException, InterruptedException {
        stop();
        log = log.resolveSibling("server-" + ++servers + ".log");
        Process started = shell.start(here(commands), log, log.resolveSibling("server-" + servers + ".err"));
        server = started;
        long deadline = System.nanoTime() + START.toNanos();
        while (!isReady()) {
            if (!started.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException((started.isAlive() ? "the server is not ready after " + START
                        : "the server has ended with " + started.exitValue()) + ":\n" + log());
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private boolean isReady() throws InterruptedException {
        try {
            URI readiness = URI.create("http://127.0.0.1:" + port + "/health/readiness");
            return client.send(HttpRequest.newBuilder(readiness).timeout(Duration.ofSeconds(5)).build(),
                    HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The end of what the server wrote. */
    String log() {
        try {
            String text = Files.exists(log) ? Files.readString(log) : "";
            Path errors = log.resolveSibling("server-" + servers + ".err");
            text += Files.exists(errors) ? Files.readString(errors) : "";
            return text.substring(Math.max(0, text.length() - 3000));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void stop() throws InterruptedException {
        if (server != null) {
            Processes.end(server);
        }
    }

    private static int port() {
        try (ServerSocket documented = new ServerSocket(DOCUMENTED, 1, InetAddress.getLoopbackAddress())) {
            return documented.getLocalPort();
        } catch (IOException taken) {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
