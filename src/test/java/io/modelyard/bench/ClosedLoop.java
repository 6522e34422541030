package io.modelyard.bench;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * One connection that sends one request again and again, each after the answer to the one before. It shares the cores with
 * the server that it measures, so it does as little as can be done: it allocates nothing while it runs, and reads of an
 * answer its status and its length. For one thread.
 */
final class ClosedLoop implements AutoCloseable {
    /** Where a body may have a number that is another one each time, from 1,000,000 to 9,999,999. */
    static final String NUMBER = "#######";

    private static final byte[] LENGTH = "content-length: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int STATUS_AT = "HTTP/1.1 ".length();

    private final URI server;
    private final ByteBuffer request;
    private final ByteBuffer answer = ByteBuffer.allocateDirect(1 << 16);
    private final long nanosBetween;
    private final int numberAt;
    private @Nullable IntSupplier numbers;
    private SocketChannel channel;

    /**
     * Connects.
     *
     * @param nanosBetween from the time when one request is due to the next; latencies are then from that time on, whenever
     *        it was sent. 0 for none: the next one is due when the last one is answered
     */
    ClosedLoop(URI server, String path, String key, byte[] body, long nanosBetween) throws IOException {
        this.server = server;
        byte[] head = ("POST " + path + " HTTP/1.1\r\nHost: " + server.getAuthority() + "\r\nX-API-Key: " + key
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        this.request = ByteBuffer.allocateDirect(head.length + body.length).put(head).put(body).flip();
        this.numberAt = head.length + new String(body, StandardCharsets.US_ASCII).indexOf(NUMBER);
        this.nanosBetween = nanosBetween;
        this.channel = connect();
    }

    /** From now on each request has another number where its body has {@link #NUMBER}, of as many digits. */
    void number(IntSupplier each) {
        numbers = each;
    }

    private SocketChannel connect() throws IOException {
        SocketChannel fresh = SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
        fresh.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return fresh;
    }

    /** Sends until it is told to stop, or there is no more room for latencies. */
    Latencies run(BooleanSupplier stop, int most) {
        long[] nanos = new long[most];
        int count = 0;
        int failed = 0;
        long due = System.nanoTime();
        while (count < most && !stop.getAsBoolean()) {
            due = nanosBetween == 0 ? System.nanoTime() : awaited(due + nanosBetween);
            try {
                failed += exchange() == 200 ? 0 : 1;
            } catch (IOException e) {
                failed++;
                reconnect();
            }
            nanos[count++] = System.nanoTime() - due;
        }
        return new Latencies(Arrays.copyOf(nanos, count), failed);
    }

    private static long awaited(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        return due;
    }

    private void reconnect() {
        try {
            channel.close();
            channel = connect();
        } catch (IOException e) {
            throw new IllegalStateException("the server is gone", e);
        }
    }

    /** The status. */
    private int exchange() throws IOException {
        if (numbers != null) {
            int number = numbers.getAsInt();
            for (int at = NUMBER.length() - 1; at >= 0; at--, number /= 10) {
                request.put(numberAt + at, (byte) ('0' + number % 10));
            }
        }
        request.rewind();
        while (request.hasRemaining()) {
            channel.write(request);
        }
        answer.clear();
        int end = -1;
        while (end < 0 || answer.position() < end) {
            if (channel.read(answer) < 0) {
                throw new IOException("the server closed the connection");
            }
            end = end < 0 ? end() : end;
        }
        return digits(STATUS_AT);
    }

    /** Where the answer ends, or -1 if its head is not whole yet. */
    private int end() throws IOException {
        int head = find(END_OF_HEAD, 0);
        if (head < 0) {
            return -1;
        }
        int length = find(LENGTH, 0);
        if (length < 0 || length > head) {
            throw new IOException("an answer without a length");
        }
        return head + END_OF_HEAD.length + digits(length + LENGTH.length);
    }

    private int find(byte[] bytes, int from) {
        for (int at = from; at + bytes.length <= answer.position(); at++) {
            int same = 0;
            while (same < bytes.length && answer.get(at + same) == bytes[same]) {
                same++;
            }
            if (same == bytes.length) {
                return at;
            }
        }
        return -1;
    }

    private int digits(int at) {
        int value = 0;
        for (int i = at; answer.get(i) >= '0' && answer.get(i) <= '9'; i++) {
            value = value * 10 + answer.get(i) - '0';
        }
        return value;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
