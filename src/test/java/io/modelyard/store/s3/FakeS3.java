package io.modelyard.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/** As much of an S3 server as writing single objects takes; it ignores {@code If-None-Match}, as some servers do. */
final class FakeS3 implements AutoCloseable {
    final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    /** Which paths may not be written. */
    volatile Predicate<String> denied = path -> false;
    /** What is answered to a PUT that has the header; 200 ignores it. */
    volatile int conditionalStatus = 200;
    private final HttpServer server;

    FakeS3() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        String method = exchange.getRequestMethod();
        requests.add(method + " " + path);
        exchange.getResponseHeaders().set("ETag", "\"" + Integer.toHexString(body.length) + "\"");
        boolean conditional = exchange.getRequestHeaders().containsKey("If-None-Match");
        switch (method) {
            case "PUT" -> {
                if (denied.test(path)) {
                    send(exchange, 403, "<Error><Code>AccessDenied</Code></Error>");
                } else if (conditional && conditionalStatus != 200) {
                    send(exchange, conditionalStatus, "<Error><Code>NotImplemented</Code></Error>");
                } else {
                    objects.put(path, body);
                    send(exchange, 200, "");
                }
            }
            case "DELETE" -> {
                objects.remove(path);
                exchange.sendResponseHeaders(204, -1);
            }
            case "HEAD" -> exchange.sendResponseHeaders(objects.containsKey(path) ? 200 : 404, -1);
            default -> send(exchange, 501, "");
        }
        exchange.close();
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
