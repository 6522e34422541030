package io.modelyard.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** One connection, spoken to byte by byte, for what no HTTP client would send. */
public final class RawExchange {
    private final Socket socket;

    private RawExchange(Socket socket) {
        this.socket = socket;
    }

    public static RawExchange with(int port) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(30_000);
            return new RawExchange(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public RawExchange send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawExchange send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All bytes until the end of the first JSON object or the end of the connection. */
    public String answer() {
        return answers(1);
    }

    /** As {@link #answer}, for several answers in a row. */
    public String answers(int count) {
        return read(text -> text.contains("\r\n\r\n") && text.chars().filter(c -> c == '}').count() >= count);
    }

    /** All bytes until the end of the first headers. */
    public String head() {
        return read(text -> text.contains("\r\n\r\n"));
    }

    /** Sends {@code drop} after {@code first} again and again, with little time between, and returns the answer to that. */
    public String dripUntilAnswered(String first, String drop) {
        send(first);
        try {
            while (socket.getInputStream().available() == 0) {
                send(drop);
                LockSupport.parkNanos(5_000_000);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answer();
    }

    /** How many bytes still come, until the connection ends or breaks. */
    public long rest() {
        long rest = 0;
        byte[] buffer = new byte[65_536];
        try {
            for (int read = 0; read >= 0; read = socket.getInputStream().read(buffer)) {
                rest += read;
            }
            return rest;
        } catch (SocketException e) {
            return rest;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String read(Predicate<String> enough) {
        StringBuilder answer = new StringBuilder();
        byte[] buffer = new byte[8192];
        try {
            while (!enough.test(answer.toString())) {
                int read = socket.getInputStream().read(buffer);
                if (read < 0) {
                    break;
                }
                answer.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
            }
            return answer.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the other side ends the connection in an orderly way, and not with a reset. */
    public boolean ends() {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Ends the connection in an orderly way. */
    public void end() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Breaks the connection off, as a network or a killed process does. */
    public void cut() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
