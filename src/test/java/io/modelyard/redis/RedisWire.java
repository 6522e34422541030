package io.modelyard.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A wire between clients and Redis that does to its answers what a test says. */
public final class RedisWire implements AutoCloseable {
    /** What becomes of the answers. */
    public enum Fault {
        NONE,
        /** They come two seconds late. */
        SLOW,
        /** They do not come. */
        SILENT,
        /** They are bytes by chance. */
        GARBAGE,
        /** They have the form of answers, and bytes by chance in them. */
        NONSENSE,
        /** A few bits of them are others. */
        CORRUPT,
        /** Each is the one to the command before. */
        SHIFTED,
        /** The connection is closed instead. */
        CLOSED
    }

    private record Regime(Fault fault, CountDownLatch over) {}

    private final int target;
    private final ServerSocket server;
    private final Random random = new Random(5);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Regime> regime = new AtomicReference<>(
            new Regime(Fault.NONE, new CountDownLatch(1)));

    /** @param target the port of Redis */
    public RedisWire(int target) {
        this.target = target;
        try {
            this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** From now on; what is delayed comes at once. */
    public void set(Fault fault) {
        regime.getAndSet(new Regime(fault, new CountDownLatch(1))).over().countDown();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                sockets.add(client);
                Socket redis = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(redis);
                client.setTcpNoDelay(true);
                redis.setTcpNoDelay(true);
                threads.execute(() -> forward(client, redis));
                threads.execute(() -> back(redis, client));
            } catch (IOException e) {
                // There is no Redis now, or this is the end.
            }
        }
    }

    private static void forward(Socket client, Socket redis) {
        try (client; redis) {
            client.getInputStream().transferTo(redis.getOutputStream());
        } catch (IOException over) {
            // One of them is gone.
        }
    }

    private void back(Socket redis, Socket client) {
        try (redis; client) {
            InputStream from = redis.getInputStream();
            OutputStream to = client.getOutputStream();
            byte[] buffer = new byte[1 << 16];
            byte[] before = "$-1\r\n".getBytes(ISO_8859_1);
            for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
                byte[] answer = Arrays.copyOf(buffer, length);
                Regime now = regime.get();
                switch (now.fault()) {
                    case NONE -> to.write(answer);
                    case SLOW -> {
                        now.over().await(2, TimeUnit.SECONDS);
                        to.write(answer);
                    }
                    case SILENT -> now.over().await();
                    case GARBAGE -> to.write(chance(answer.length + 8));
                    case NONSENSE -> {
                        to.write("$20\r\n".getBytes(ISO_8859_1));
                        to.write(chance(20));
                        to.write("\r\n".getBytes(ISO_8859_1));
                    }
                    case CORRUPT -> {
                        byte[] corrupt = answer.clone();
                        if (corrupt.length > 20) {
                            corrupt[corrupt.length - 3 - random.nextInt(8)] ^= (byte) (1 << random.nextInt(8));
                        }
                        to.write(corrupt);
                    }
                    case SHIFTED -> to.write(before);
                    case CLOSED -> {
                        return;
                    }
                }
                before = answer;
            }
        } catch (IOException over) {
            // One of them is gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(client);
            sockets.remove(redis);
        }
    }

    private byte[] chance(int length) {
        byte[] bytes = new byte[length];
        synchronized (random) {
            random.nextBytes(bytes);
        }
        return bytes;
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }
}
