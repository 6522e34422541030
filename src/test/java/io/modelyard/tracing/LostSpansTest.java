package io.modelyard.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.Eventually;
import io.modelyard.SampleModels;
import io.modelyard.SettableClock;
import io.modelyard.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What becomes of requests when spans cannot be sent. */
final class LostSpansTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path store;
    private final Logger logger = (Logger) LoggerFactory.getLogger(SpanCounts.class);
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    @BeforeEach
    void listen() {
        events.list = Collections.synchronizedList(events.list);
        events.start();
        logger.addAppender(events);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(events);
    }

    @Test
    void predictionsGoOnAndTheirLossIsCountedAndToldOnce() {
        try (Collector collector = new Collector();
                TestServer server = TestServer.prepare().store(SampleModels.copyTo(store))
                        .with("modelyard.tracing.enabled", true)
                        .with("otel.exporter.otlp.endpoint", collector.endpoint())
                        .with("otel.exporter.otlp.timeout", "300").with("otel.bsp.schedule.delay", "20")
                        .with("otel.bsp.max.queue.size", "16").with("otel.bsp.max.export.batch.size", "8").start()) {
            collector.stopAnswering();
            AtomicInteger row = new AtomicInteger();
            // Each prediction has eight spans or more, and the queue room for those of two.
            Eventually.isTrue("spans were refused, and others found no room", () -> {
                assertThat(server.post("/predict/digits/2", TracesOverHttpTest.body(row.getAndIncrement() + ".5"))
                        .status()).isEqualTo(200);
                JsonNode counts = counts(server);
                return counts.path("failed_spans").asLong() > 0 && counts.path("dropped_spans").asLong() > 0;
            });
            assertThat(server.get("/health").status()).isEqualTo(200);
            collector.answerAgain();
            Eventually.isTrue("spans are sent again", () -> counts(server).path("exported_spans").asLong() > 0);
            assertThat(messages(Level.WARN)).singleElement().asString()
                    .startsWith("Spans are lost, and requests go on: ");
        }
    }

    @Test
    void theEndOfALossIsToldOnceWhenItIsSure() {
        SettableClock clock = new SettableClock(Instant.parse("2026-11-21T12:00:00Z"));
        SpanCounts counts = new SpanCounts(clock);
        counts.failed(3, new IOException("outer", new IOException("nobody listens")));
        counts.exported(1);
        clock.advance(SpanCounts.QUIET.minusMillis(1));
        counts.exported(1);
        counts.failed(1, null);
        clock.advance(SpanCounts.QUIET.minusMillis(1));
        counts.exported(1);
        assertThat(messages(Level.INFO)).isEmpty();
        clock.advance(Duration.ofMillis(1));
        counts.exported(1);
        counts.exported(1);
        assertThat(messages(Level.INFO)).containsExactly("No span was lost any more for 60 s; lost so far: 4 that could"
                + " not be sent, 0 for which there was no room");
        assertThat(messages(Level.WARN))
                .containsExactly("Spans are lost, and requests go on: java.io.IOException: nobody listens");
        counts.failed(1, null);
        assertThat(messages(Level.WARN)).hasSize(2);
        assertThat(counts.counts()).isEqualTo(new SpanCounts.Counts(5, 5, 0));
    }

    @Test
    void aCollectorThatIsNotThereIsNoReasonNotToStart() {
        String nobody;
        try (Collector gone = new Collector()) {
            nobody = gone.endpoint();
        }
        try (TestServer server = TestServer.prepare().store(SampleModels.copyTo(store))
                .with("modelyard.tracing.enabled", true).with("otel.exporter.otlp.endpoint", nobody)
                .with("otel.exporter.otlp.timeout", "300").with("otel.bsp.schedule.delay", "20").start()) {
            assertThat(server.post("/predict/digits/2", TracesOverHttpTest.body("1")).status()).isEqualTo(200);
            Eventually.isTrue("it is told", () -> !messages(Level.WARN).isEmpty());
        }
    }

    @Test
    void nonsenseIsRefusedAtStart() {
        assertThatThrownBy(() -> TestServer.prepare().with("modelyard.tracing.enabled", true)
                .with("otel.exporter.otlp.endpoint", "collector:4318").start().close())
                .hasStackTraceContaining("Tracing cannot be set up: ").hasStackTraceContaining("collector:4318");
    }

    @Test
    void nothingOfItIsThereWhereItIsOff() {
        try (TestServer server = TestServer.start()) {
            for (Class<?> part : List.of(TracingFilter.class, PredictionSpans.class, StoreSpans.class,
                    SpanCounts.class)) {
                assertThat(server.context().containsBean(part)).as(part.getSimpleName()).isFalse();
            }
        }
    }

    private static JsonNode counts(TestServer server) {
        return server.get("/health").json().at("/details/tracing/details");
    }

    private List<String> messages(Level level) {
        return List.copyOf(events.list).stream().filter(event -> event.getLevel().equals(level))
                .map(ILoggingEvent::getFormattedMessage).toList();
    }
}
