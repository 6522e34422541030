package io.modelyard.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.modelyard.Eventually;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real Redis, in a process of its own on a port of its own, that a test may kill and start again. */
public final class TestRedis implements AutoCloseable {
    private final int port;
    private @Nullable Process process;

    private TestRedis(int port) {
        this.port = port;
    }

    /** @param settings {@code --maxmemory 2mb}, for example, word by word */
    public static TestRedis start(String... settings) {
        TestRedis redis = prepare();
        redis.startAgain(settings);
        return redis;
    }

    /** Has a port, and does not run before it is told to. */
    public static TestRedis prepare() {
        return new TestRedis(freePort());
    }

    /** Empty, at the same port. */
    public void startAgain(String... settings) {
        try {
            List<String> command = new ArrayList<>(List.of(Executable.FILE.getPath(), "--port", String.valueOf(port),
                    "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"));
            command.addAll(List.of(settings));
            process = new ProcessBuilder(command).directory(Files.createTempDirectory("redis").toFile())
                    .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Eventually.isTrue("Redis answers", () -> tell("PING").startsWith("+PONG"));
    }

    public int port() {
        return port;
    }

    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /** Clients of it, at this port or behind another one. */
    public static RedisClients clients(int port) {
        return new RedisClients(new RedisConfiguration("redis://127.0.0.1:" + port, null, "6379",
                Duration.ofSeconds(2)));
    }

    public static void close(RedisClients clients) {
        clients.close();
    }

    /** Asks by a connection of its own; the first bytes of the answer, empty where there is none. */
    public String tell(String command) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write((command + "\r\n").getBytes(ISO_8859_1));
            byte[] answer = new byte[64_000];
            int length = socket.getInputStream().read(answer);
            return length <= 0 ? "" : new String(answer, 0, length, ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /** How many keys there are. */
    public long keys() {
        return Long.parseLong(tell("DBSIZE").strip().substring(1));
    }

    /** As {@code kill -9} does. */
    public void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            try {
                if (!running.waitFor(10, TimeUnit.SECONDS)) {
                    throw new AssertionError("Redis does not die");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        kill();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Executable {
        static final File FILE = unpack();

        private static File unpack() {
            try {
                return ExecutableProvider.newJarResourceProvider().get();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
