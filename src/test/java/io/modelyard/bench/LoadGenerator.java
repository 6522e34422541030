package io.modelyard.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Sends one request again and again, on one thread and without a client library, so that its own cost is small and the
 * same for every answer. Open loop: requests are sent at their planned times whatever became of those before, and latency
 * counts from the planned time, so that a server that stalls cannot hide it. Answers need a {@code Content-Length}.
 */
final class LoadGenerator implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 4000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * @param planned when it was to be sent, in nanoseconds since the run began
     * @param latency until its answer was read, in nanoseconds
     * @param status 0 where the connection broke or nothing came
     */
    record Result(long planned, long latency, int status) {}

    private final InetSocketAddress server;
    private final byte[] request;
    private final Selector selector;
    private final ArrayDeque<Connection> idle = new ArrayDeque<>();
    private final ArrayDeque<Long> due = new ArrayDeque<>();
    private final List<Connection> connections = new ArrayList<>();
    private List<Result> results = new ArrayList<>();
    private long start;
    private int pending;
    /** When the next requests of a closed loop are no more sent; of an open loop, always 0. */
    private long closedUntil;

    LoadGenerator(InetSocketAddress server, byte[] request) throws IOException {
        this.server = server;
        this.request = request.clone();
        this.selector = Selector.open();
    }

    /** So many connections, each of which sends as soon as it is answered. */
    List<Result> closedLoop(int count, Duration time) throws IOException {
        begin();
        closedUntil = start + time.toNanos();
        for (int i = 0; i < count; i++) {
            due.add(System.nanoTime());
        }
        pending = count;
        finish();
        return results;
    }

    /** So many requests a second, evenly, whatever the answers. */
    List<Result> openLoop(double rate, Duration time) throws IOException {
        begin();
        closedUntil = 0;
        long count = (long) (rate * time.toNanos() / 1e9);
        double between = 1e9 / rate;
        long sent = 0;
        while (sent < count) {
            long now = System.nanoTime();
            while (sent < count && start + (long) (sent * between) <= now) {
                due.add(start + (long) (sent * between));
                sent++;
                pending++;
            }
            sendDue();
            // Sleeps a millisecond also where the next is due sooner: looking again and again would take a core from the server.
            long next = start + (long) (sent * between) - System.nanoTime();
            poll(Math.max(1, next / 1_000_000));
        }
        finish();
        return results;
    }

    private void begin() {
        results = new ArrayList<>();
        due.clear();
        start = System.nanoTime();
    }

    private void finish() throws IOException {
        long patience = Math.max(System.nanoTime(), closedUntil) + PATIENCE.toNanos();
        while (pending > 0 && System.nanoTime() < patience) {
            sendDue();
            poll(1);
        }
        for (Connection connection : List.copyOf(connections)) {
            if (connection.busy) {
                connection.broken();
            }
        }
        while (!due.isEmpty()) {
            answered(due.poll(), 0);
        }
    }

    private void sendDue() throws IOException {
        while (!due.isEmpty()) {
            Connection connection = idle.pollLast();
            if (connection == null) {
                if (connections.size() >= MOST_CONNECTIONS) {
                    return;
                }
                connection = new Connection();
            }
            connection.send(due.poll());
        }
    }

    private void poll(long millis) throws IOException {
        selector.select(this::ready, millis);
    }

    private void ready(SelectionKey key) {
        ((Connection) key.attachment()).ready();
    }

    private void answered(long planned, int status) {
        long now = System.nanoTime();
        results.add(new Result(planned - start, now - planned, status));
        if (now < closedUntil) {
            due.add(now);
        } else {
            pending--;
        }
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : connections) {
            connection.channel.close();
        }
        selector.close();
    }

    private final class Connection {
        private final SocketChannel channel;
        private final SelectionKey key;
        private final ByteBuffer in = ByteBuffer.allocate(16_384);
        private ByteBuffer out = ByteBuffer.allocate(0);
        private long planned;
        private boolean busy;

        Connection() throws IOException {
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.connect(server);
            key = channel.register(selector, SelectionKey.OP_CONNECT, this);
            connections.add(this);
        }

        void send(long when) {
            planned = when;
            busy = true;
            out = ByteBuffer.wrap(request);
            if (channel.isConnected()) {
                write();
            }
        }

        void ready() {
            try {
                if (key.isConnectable() && channel.finishConnect()) {
                    write();
                } else if (key.isWritable()) {
                    write();
                } else if (key.isReadable()) {
                    read();
                }
            } catch (IOException e) {
                broken();
            }
        }

        private void write() {
            try {
                channel.write(out);
                key.interestOps(out.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
            } catch (IOException e) {
                broken();
            }
        }

        private void read() throws IOException {
            if (channel.read(in) < 0) {
                broken();
                return;
            }
            String text = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            if (end < 0) {
                return;
            }
            String head = text.substring(0, end + 2).toLowerCase(Locale.ROOT);
            int at = head.indexOf("content-length:") + "content-length:".length();
            int length = Integer.parseInt(head.substring(at, head.indexOf("\r\n", at)).strip());
            if (in.position() < end + 4 + length) {
                return;
            }
            in.clear();
            busy = false;
            if (head.contains("connection: close")) {
                drop();
            } else {
                idle.add(this);
            }
            answered(planned, Integer.parseInt(head.substring(9, 12)));
        }

        void broken() {
            drop();
            if (busy) {
                busy = false;
                answered(planned, 0);
            }
        }

        private void drop() {
            idle.remove(this);
            connections.remove(this);
            try {
                channel.close();
            } catch (IOException e) {
                // It is of no more use either way.
            }
        }
    }
}
