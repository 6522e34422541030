package io.modelyard.tracing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.modelyard.Eventually;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.trace.v1.Span;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Takes spans as a collector of OpenTelemetry does, by OTLP over HTTP; or takes them without ever answering. */
final class Collector implements AutoCloseable {
    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch answering = new CountDownLatch(0);

    Collector() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(threads);
        http.createContext("/v1/traces", this::take);
        http.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /** Until {@link #answerAgain()}. */
    void stopAnswering() {
        answering = new CountDownLatch(1);
    }

    void answerAgain() {
        answering.countDown();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
            answering.await();
            request.getResourceSpansList().forEach(
                    resource -> resource.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList())));
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    List<Span> spans() {
        return List.copyOf(spans);
    }

    /** The span of a request, once it has come. All below it were sent before, so they have come, too. */
    Span ofRequest(String requestId) {
        Eventually.isTrue("the span of " + requestId, () -> find(requestId).isPresent());
        return find(requestId).orElseThrow();
    }

    private Optional<Span> find(String requestId) {
        return spans.stream().filter(span -> text(span, "modelyard.request_id").equals(requestId)).findFirst();
    }

    List<Span> below(Span parent) {
        return spans.stream().filter(span -> span.getParentSpanId().equals(parent.getSpanId())).toList();
    }

    List<Span> ofTrace(String traceId) {
        return spans.stream().filter(span -> hex(span.getTraceId()).equals(traceId)).toList();
    }

    /** Empty where there is no such attribute. */
    static String text(Span span, String attribute) {
        return value(span, attribute).map(AnyValue::getStringValue).orElse("");
    }

    /** -1 where there is no such attribute. */
    static long number(Span span, String attribute) {
        return value(span, attribute).map(AnyValue::getIntValue).orElse(-1L);
    }

    static Optional<AnyValue> value(Span span, String attribute) {
        return span.getAttributesList().stream().filter(each -> each.getKey().equals(attribute))
                .map(each -> each.getValue()).findFirst();
    }

    static String hex(com.google.protobuf.ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    @Override
    public void close() {
        answerAgain();
        http.stop(0);
        threads.shutdownNow();
    }
}
