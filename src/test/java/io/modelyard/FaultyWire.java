package io.modelyard;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A wire between a client and an HTTP server that does to requests what a test says. Each request has a connection of its
 * own, and reaches the server as it was sent, so signatures hold. The random choices come from one seed.
 */
public final class FaultyWire implements AutoCloseable {
    /** What is done to a request or to its answer. */
    public enum Fault {
        NONE,
        /** The connection is reset before anything is answered, and nothing reaches the server. */
        REFUSE,
        /** The server does what was asked; its answer is lost. */
        LOSE_ANSWER,
        /** The connection is reset in the middle of the answer. */
        CUT,
        /** The answer ends in its middle, as if that were the end. */
        TRUNCATE,
        /**
         * Some bytes of an object's content are others. Listings pass: nothing in them tells whether they are right, so
         * only https protects them.
         */
        CORRUPT,
        /** No answer comes until the fault is over; then the connection is reset. */
        HANG,
        /** The answer begins 50 ms later. */
        DELAY, ERROR_500, SLOW_DOWN_503, FORBIDDEN_403
    }

    private static final Map<Fault, Refusal> REFUSALS = Map.of(
            Fault.ERROR_500, new Refusal("500 Internal Server Error", "InternalError"),
            Fault.SLOW_DOWN_503, new Refusal("503 Slow Down", "SlowDown"),
            Fault.FORBIDDEN_403, new Refusal("403 Forbidden", "AccessDenied"));

    private record Refusal(String status, String code) {}

    private final URI target;
    private final ServerSocket server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Random random;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger faults = new AtomicInteger();
    private final AtomicReference<Regime> regime = new AtomicReference<>(new Regime(request -> Fault.NONE));

    /** The first line of a request with its headers. */
    public record Request(String head) {
        public String line() {
            return head.lines().findFirst().orElse("");
        }

        public boolean is(String method) {
            return head.startsWith(method + " ");
        }
    }

    private record Regime(Function<Request, Fault> choice, CountDownLatch over) {
        Regime(Function<Request, Fault> choice) {
            this(choice, new CountDownLatch(1));
        }
    }

    public FaultyWire(URI target, long seed) {
        this.target = target;
        this.random = new Random(seed);
        try {
            this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** From now on; what hangs is let go. */
    public void choose(Function<Request, Fault> choice) {
        regime.getAndSet(new Regime(choice)).over().countDown();
    }

    /** Every request fails in this way. */
    public void fail(Fault fault) {
        choose(request -> fault);
    }

    /** The next requests that are meant fail in this way, others and later ones do not. */
    public void failNext(int count, Fault fault, Predicate<Request> meant) {
        AtomicInteger left = new AtomicInteger(count);
        choose(request -> meant.test(request) && left.getAndDecrement() > 0 ? fault : Fault.NONE);
    }

    /** Requests fail by chance, in one of these ways. */
    public void storm(double share, Fault... ways) {
        choose(request -> {
            synchronized (random) {
                return random.nextDouble() < share ? ways[random.nextInt(ways.length)] : Fault.NONE;
            }
        });
    }

    public void heal() {
        choose(request -> Fault.NONE);
    }

    public int requests() {
        return requests.get();
    }

    public int faults() {
        return faults.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                sockets.add(client);
                threads.execute(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            InputStream in = client.getInputStream();
            String head = head(in);
            if (head == null) {
                return;
            }
            requests.incrementAndGet();
            Regime now = regime.get();
            Fault fault = now.choice().apply(new Request(head));
            if (fault != Fault.NONE) {
                faults.incrementAndGet();
            }
            Refusal refusal = REFUSALS.get(fault);
            if (refusal != null) {
                refuse(client, head, refusal);
                return;
            }
            switch (fault) {
                case REFUSE -> reset(client);
                case HANG -> {
                    now.over().await();
                    reset(client);
                }
                case DELAY -> {
                    now.over().await(50, TimeUnit.MILLISECONDS);
                    relay(client, head, Fault.NONE);
                }
                default -> relay(client, head, fault);
            }
        } catch (IOException broken) {
            // The other side went away, which is its right.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(client);
        }
    }

    private void relay(Socket client, String head, Fault fault) throws IOException {
        try (Socket upstream = new Socket(target.getHost(), target.getPort())) {
            sockets.add(upstream);
            upstream.setTcpNoDelay(true);
            OutputStream toServer = upstream.getOutputStream();
            toServer.write((head.substring(0, head.length() - 2) + "Connection: close\r\n\r\n").getBytes(ISO_8859_1));
            toServer.flush();
            threads.execute(() -> copy(client, toServer));
            InputStream fromServer = upstream.getInputStream();
            OutputStream toClient = client.getOutputStream();
            if (fault == Fault.LOSE_ANSWER) {
                fromServer.transferTo(OutputStream.nullOutputStream());
                reset(client);
                return;
            }
            String answer = head(fromServer);
            while (answer != null && answer.startsWith("HTTP/1.1 100")) {
                toClient.write(answer.getBytes(ISO_8859_1));
                answer = head(fromServer);
            }
            if (answer == null) {
                reset(client);
                return;
            }
            toClient.write(answer.getBytes(ISO_8859_1));
            switch (fault) {
                case CUT, TRUNCATE -> {
                    toClient.write(fromServer.readNBytes(until(length(answer))));
                    toClient.flush();
                    if (fault == Fault.CUT) {
                        reset(client);
                    }
                }
                case CORRUPT -> {
                    byte[] content = fromServer.readAllBytes();
                    for (int i = 0; i < 3 && content.length > 0 && !head.contains("list-type="); i++) {
                        content[until(content.length)] ^= (byte) (1 + until(255));
                    }
                    toClient.write(content);
                }
                default -> fromServer.transferTo(toClient);
            }
        } catch (IOException e) {
            reset(client);
            throw e;
        }
    }

    private static void copy(Socket client, OutputStream toServer) {
        try {
            client.getInputStream().transferTo(toServer);
        } catch (IOException over) {
            // With the exchange, or with one of its sides.
        }
    }

    private static void refuse(Socket client, String head, Refusal refusal) throws IOException {
        client.getInputStream().readNBytes(head.contains("100-continue") ? 0 : length(head));
        String xml = head.startsWith("HEAD")
                ? ""
                : "<?xml version=\"1.0\"?><Error><Code>" + refusal.code()
                        + "</Code><Message>on purpose</Message></Error>";
        client.getOutputStream()
                .write(("HTTP/1.1 " + refusal.status() + "\r\nContent-Type: application/xml\r\nContent-Length: "
                        + xml.length() + "\r\nConnection: close\r\n\r\n" + xml).getBytes(ISO_8859_1));
        client.getOutputStream().flush();
    }

    private int until(int bound) {
        synchronized (random) {
            return bound <= 0 ? 0 : random.nextInt(bound);
        }
    }

    private static int length(String head) {
        return head.lines().filter(line -> line.regionMatches(true, 0, "content-length:", 0, 15))
                .mapToInt(line -> Integer.parseInt(line.substring(15).trim())).findFirst().orElse(0);
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** All up to the empty line, which included; null where nothing comes. */
    private static @Nullable String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int ends = 0; ends < 4;) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            head.write(next);
            ends = next == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : next == '\r' ? 1 : 0;
        }
        return head.toString(ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        server.close();
        heal();
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
