package io.modelyard.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.modelyard.SampleModels;
import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import io.modelyard.http.AccessLine;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** What a collector gets of requests to a server that traces. */
final class TracesOverHttpTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";
    private static final String CANARY = "13.0625";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path store;
    @SuppressWarnings("NullAway.Init")
    private static Collector collector;
    @SuppressWarnings("NullAway.Init")
    private static TestServer server;

    @BeforeAll
    static void start() {
        collector = new Collector();
        server = TestServer.prepare().store(SampleModels.copyTo(store)).with("modelyard.tracing.enabled", true)
                .with("otel.exporter.otlp.endpoint", collector.endpoint()).with("otel.bsp.schedule.delay", "20")
                .with("modelyard.predictioncache.policy", "always").start();
    }

    @AfterAll
    static void stop() {
        server.close();
        collector.close();
    }

    @Test
    void aPredictionIsATreeBelowItsCaller() {
        Answer answer = predict("tree", "/predict/digits/2", body("1"), "00-" + TRACE + "-" + CALLER + "-01");
        Span request = collector.ofRequest("tree");
        assertThat(request.getName()).isEqualTo("POST /predict/{type}/{version}");
        assertThat(request.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
        assertThat(Collector.hex(request.getTraceId())).isEqualTo(TRACE);
        assertThat(Collector.hex(request.getParentSpanId())).isEqualTo(CALLER);
        assertThat(request.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
        assertThat(Collector.text(request, "http.request.method")).isEqualTo("POST");
        assertThat(Collector.text(request, "http.route")).isEqualTo("/predict/{type}/{version}");
        assertThat(Collector.text(request, "url.path")).isEqualTo("/predict/digits/2");
        assertThat(Collector.number(request, "http.response.status_code")).isEqualTo(200);
        assertThat(Collector.text(request, "modelyard.type")).isEqualTo("digits");
        assertThat(Collector.text(request, "modelyard.version")).isEqualTo("2");
        assertThat(Collector.text(request, "modelyard.runtime")).isEqualTo("onnx");
        assertThat(Collector.text(request, "modelyard.outcome")).isEqualTo("ok");
        assertThat(Collector.text(request, "modelyard.source")).isEqualTo("miss");
        assertThat(Collector.number(request, "modelyard.rows")).isEqualTo(1);
        assertThat(Collector.text(request, "modelyard.key_id")).isEqualTo("admin");
        assertThat(Collector.text(request, "modelyard.digest")).isEqualTo(answer.header("X-Model-Digest").orElse(""));
        assertThat(Collector.text(request, "modelyard.prediction_id"))
                .isEqualTo(answer.json().path("prediction_id").asText());
        List<Span> parts = collector.below(request);
        assertThat(parts).extracting(Span::getName).containsSubsequence("scan", "queue", "decode", "preprocessing",
                "inference", "postprocessing", "encode");
        assertThat(parts).allSatisfy(part -> {
            assertThat(part.getTraceId()).isEqualTo(request.getTraceId());
            assertThat(part.getEndTimeUnixNano()).isGreaterThanOrEqualTo(part.getStartTimeUnixNano());
        });
        // One follows the other, all within the request.
        long at = request.getStartTimeUnixNano();
        for (Span part : parts) {
            assertThat(part.getStartTimeUnixNano()).as(part.getName()).isGreaterThanOrEqualTo(at);
            at = part.getEndTimeUnixNano();
        }
        assertThat(request.getEndTimeUnixNano()).isGreaterThanOrEqualTo(at);
        double told = answer.json().at("/timing_ms/inference").asDouble();
        Span inference = named(parts, "inference");
        assertThat((inference.getEndTimeUnixNano() - inference.getStartTimeUnixNano()) / 1e6).isCloseTo(told,
                org.assertj.core.data.Offset.offset(0.002));
    }

    @Test
    void neitherInputsNorAnswersNorKeysAreInIt() {
        Answer answer = predict("secretive", "/predict/digits/2?api_key=canary-key", body(CANARY), null);
        Span request = collector.ofRequest("secretive");
        String all = collector.ofTrace(Collector.hex(request.getTraceId())).toString();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(all).contains("secretive").doesNotContain(CANARY).doesNotContain("canary-key")
                .doesNotContain(server.adminKey())
                .doesNotContain(answer.json().at("/predictions/0/confidence").asText());
    }

    @Test
    void stepsThatRanAreToldWithTheirPart() {
        predict("steps", "/predict/digits/2",
                body("2").replace("{\"inputs\"", "{\"postprocessing\": {\"top_k\": 1}, \"inputs\""), null);
        List<Span> parts = collector.below(collector.ofRequest("steps"));
        assertThat(Collector.value(named(parts, "postprocessing"), "modelyard.step.top_k_ms")).isPresent();
        assertThat(Collector.value(named(parts, "preprocessing"), "modelyard.step.top_k_ms")).isEmpty();
    }

    @Test
    void anAnswerThatWasComputedBeforeIsALookup() {
        predict("first", "/predict/digits/2", body("3"), null);
        predict("second", "/predict/digits/2", body("3"), null);
        Span second = collector.ofRequest("second");
        assertThat(Collector.text(second, "modelyard.source")).isEqualTo("memory");
        assertThat(collector.below(second)).extracting(Span::getName).contains("cache lookup")
                .doesNotContain("inference");
    }

    @Test
    void aCallerThatDoesNotKeepItsTraceGetsNone() {
        predict("unkept", "/predict/digits/2", body("4"), "00-0af7651916cd43dd8448eb211c80319c-" + CALLER + "-00");
        predict("kept", "/predict/digits/2", body("4"), "00-1af7651916cd43dd8448eb211c80319c-" + CALLER + "-01");
        // Spans are sent in the order in which they end.
        collector.ofRequest("kept");
        assertThat(collector.ofTrace("0af7651916cd43dd8448eb211c80319c")).isEmpty();
    }

    @Test
    void whoBelongsToNoTraceBeginsOneAndTheLogSaysWhich() {
        ListAppender<ILoggingEvent> events = new ListAppender<>();
        events.list = Collections.synchronizedList(events.list);
        events.start();
        Logger access = (Logger) LoggerFactory.getLogger("io.modelyard.http.access");
        access.addAppender(events);
        try {
            predict("fresh", "/predict/digits/2", body("5"), "nonsense");
        } finally {
            access.detachAppender(events);
        }
        Span request = collector.ofRequest("fresh");
        assertThat(request.getParentSpanId().isEmpty()).isTrue();
        List<AccessLine> lines = events.list.stream().map(event -> (AccessLine) event.getArgumentArray()[0])
                .filter(line -> line.request().id().equals("fresh")).toList();
        assertThat(lines).singleElement().extracting(line -> line.request().traceId())
                .isEqualTo(Collector.hex(request.getTraceId()));
    }

    @Test
    void failuresAreToldWithTheirCode() {
        predict("missing", "/predict/pinguins", body("6"), null);
        Span missing = collector.ofRequest("missing");
        assertThat(Collector.number(missing, "http.response.status_code")).isEqualTo(404);
        assertThat(Collector.text(missing, "modelyard.outcome")).isEqualTo("model_not_found");
        assertThat(Collector.text(missing, "error.type")).isEqualTo("model_not_found");
        assertThat(Collector.text(missing, "modelyard.type")).isEmpty();
        // The caller's fault is no fault of the server.
        assertThat(missing.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
        assertThat(collector.below(missing)).extracting(Span::getName).contains("scan").doesNotContain("inference");

        TestServer.Client nobody = server.as("not-a-key");
        nobody.send(nobody.request("/predict/digits").header("X-Request-Id", "nobody")
                .header("Content-Type", "application/json").POST(BodyPublishers.ofString(body("7"))));
        Span refused = collector.ofRequest("nobody");
        assertThat(Collector.number(refused, "http.response.status_code")).isEqualTo(401);
        assertThat(Collector.value(refused, "modelyard.prediction_id")).isEmpty();
        assertThat(Collector.value(refused, "modelyard.key_id")).isEmpty();
    }

    @Test
    void eachItemOfABatchIsASpanOfItsOwn() {
        predict("batch", "/batch-predict", "{\"model_type\": \"digits\", \"items\": [" + body("8") + "," + body("9")
                + ", {\"inputs\": [[1]]}]}", null);
        Span request = collector.ofRequest("batch");
        List<Span> items = collector.below(request);
        assertThat(items).extracting(Span::getName).containsOnly("predict").hasSize(3);
        assertThat(items).extracting(item -> Collector.text(item, "modelyard.outcome"))
                .containsExactlyInAnyOrder("ok", "ok", "invalid_input");
        assertThat(items.stream().map(item -> Collector.text(item, "modelyard.prediction_id"))
                .collect(Collectors.toSet())).hasSize(3);
        assertThat(Collector.value(request, "modelyard.prediction_id")).isEmpty();
        Span good = items.stream().filter(item -> Collector.text(item, "modelyard.outcome").equals("ok")).findFirst()
                .orElseThrow();
        assertThat(collector.below(good)).extracting(Span::getName).contains("decode", "inference", "encode");
    }

    @Test
    void whatARequestAsksTheStoreIsBelowIt() {
        TestServer.Client admin = server.as(server.adminKey());
        admin.send(admin.request("/registry/sync").header("X-Request-Id", "sync").POST(BodyPublishers.noBody()));
        Span request = collector.ofRequest("sync");
        assertThat(request.getName()).isEqualTo("POST /registry/sync");
        assertThat(collector.below(request)).isNotEmpty()
                .allSatisfy(asked -> assertThat(asked.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT))
                .extracting(Span::getName).contains("store list");
    }

    @Test
    void whoOnlyWatchesIsNotTraced() {
        TestServer.Client watcher = server.anonymous();
        watcher.send(watcher.request("/health").header("X-Request-Id", "watcher").GET());
        predict("after", "/predict/digits/2", body("10"), null);
        collector.ofRequest("after");
        assertThat(collector.spans()).noneMatch(span -> Collector.text(span, "url.path").equals("/health"));
    }

    private static Span named(List<Span> spans, String name) {
        return spans.stream().filter(span -> span.getName().equals(name)).findFirst().orElseThrow();
    }

    /** An image of 64 pixels, the first of which is given. */
    static String body(String first) {
        return "{\"inputs\": [[" + first + ",0".repeat(63) + "]]}";
    }

    private static Answer predict(String requestId, String path, String body,
            @org.jspecify.annotations.Nullable String traceParent) {
        TestServer.Client client = server.as(server.adminKey());
        var request = client.request(path).header("Content-Type", "application/json")
                .header("X-Request-Id", requestId).POST(BodyPublishers.ofString(body));
        if (traceParent != null) {
            request.header("traceparent", Objects.requireNonNull(traceParent));
        }
        return client.send(request);
    }
}
