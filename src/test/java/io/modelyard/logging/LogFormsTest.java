package io.modelyard.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelyard.http.AccessLine;
import io.modelyard.http.CurrentRequest;
import io.modelyard.http.RequestId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.event.KeyValuePair;

import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;

/** The server's own logback.xml, in a context of its own. */
final class LogFormsTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.5Z");
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    @Test
    void aLineOfTextIsForPeople() throws JoranException {
        assertThat(text(event("a sentence about {}", "penguins")))
                .isEqualTo("2026-11-21T12:00:00.500Z INFO  Some a sentence about penguins\n");
    }

    @Test
    void aLineOfTextEndsWithItsRequest() throws JoranException {
        LoggingEvent event = event("it failed");
        event.addKeyValuePair(new KeyValuePair(RequestId.LOG_KEY, "r-1"));
        assertThat(text(event)).endsWith(" Some it failed [r-1]\n");
        assertThat(text(event("{}", line(200, null)))).endsWith(" POST /predict 200 812 us [r-2]\n");
        assertThat(text(event("{}", line(AccessLine.GONE, TRACE))))
                .endsWith(" POST /predict gone 812 us [r-2, trace " + TRACE + "]\n");
    }

    @Test
    void anObjectOfJsonHasWhatMachinesAskFor() throws JoranException, IOException {
        JsonNode json = json(event("a sentence about {}", "penguins"));
        assertThat(json.path("timestamp").asText()).isEqualTo("2026-11-21T12:00:00.500Z");
        assertThat(json.path("level").asText()).isEqualTo("INFO");
        assertThat(json.path("logger").asText()).isEqualTo("io.modelyard.Some");
        assertThat(json.path("message").asText()).isEqualTo("a sentence about penguins");
        assertThat(json.has("request_id")).isFalse();
        assertThat(json.has("exception")).isFalse();
    }

    @Test
    void aLineOfTheAccessLogIsMembersToo() throws JoranException, IOException {
        JsonNode json = json(event("{}", line(429, TRACE)));
        assertThat(json.path("method").asText()).isEqualTo("POST");
        assertThat(json.path("path").asText()).isEqualTo("/predict");
        assertThat(json.path("status").asInt()).isEqualTo(429);
        assertThat(json.path("duration_us").asLong()).isEqualTo(812);
        assertThat(json.path("request_id").asText()).isEqualTo("r-2");
        assertThat(json.path("trace_id").asText()).isEqualTo(TRACE);
        JsonNode gone = json(event("{}", line(AccessLine.GONE, null)));
        assertThat(gone.path("gone").asBoolean()).isTrue();
        assertThat(gone.has("status")).isFalse();
        assertThat(gone.has("trace_id")).isFalse();
    }

    @Test
    void anExceptionIsInTheSameLine() throws JoranException, IOException {
        LoggingEvent event = event("it \"failed\"\nbadly");
        event.setThrowableProxy(new ch.qos.logback.classic.spi.ThrowableProxy(new IllegalStateException("inside")));
        JsonNode json = json(event);
        assertThat(json.path("message").asText()).isEqualTo("it \"failed\"\nbadly");
        assertThat(json.path("exception").asText()).contains("IllegalStateException: inside").contains("\n\tat ");
    }

    @ParameterizedTest
    @CsvSource({"trace, TRACE, INFO", "debug, DEBUG, INFO", "info, INFO, INFO", "warn, WARN, WARN",
            "off, OFF, OFF"})
    void librariesAreNeverAskedForMore(String configured, String ours, String libraries) throws JoranException {
        LoggerContext context = context("text", configured);
        assertThat(context.getLogger("io.modelyard.any").getEffectiveLevel()).isEqualTo(Level.valueOf(ours));
        for (String name : new String[]{"io.netty.handler", "io.micronaut.context", "software.amazon.awssdk",
                "org.apache.hc.client5.http.wire", "io.micronaut.data.query"}) {
            assertThat(context.getLogger(name).getEffectiveLevel()).as(name).isEqualTo(Level.valueOf(libraries));
        }
    }

    private static AccessLine line(int status, @org.jspecify.annotations.Nullable String trace) {
        return new AccessLine("POST", "/predict", status, 812, new CurrentRequest("r-2", trace));
    }

    private static LoggingEvent event(String message, Object... arguments) {
        LoggingEvent event = new LoggingEvent();
        event.setLoggerName("io.modelyard.Some");
        event.setThreadName("main");
        event.setLevel(Level.INFO);
        event.setMessage(message);
        event.setArgumentArray(arguments);
        event.setInstant(NOON);
        event.setMDCPropertyMap(java.util.Map.of());
        return event;
    }

    private static String text(ILoggingEvent event) throws JoranException {
        return encoded("text", event);
    }

    private static JsonNode json(ILoggingEvent event) throws JoranException, IOException {
        String line = encoded("json", event);
        assertThat(line.strip()).as("one line").doesNotContain("\n");
        assertThat(line).endsWith("\n");
        return new ObjectMapper().readTree(line);
    }

    private static String encoded(String format, ILoggingEvent event) throws JoranException {
        var console = (ConsoleAppender<ILoggingEvent>) context(format, "info")
                .getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender("console");
        return new String(console.getEncoder().encode(event), StandardCharsets.UTF_8);
    }

    private static LoggerContext context(String format, String level) throws JoranException {
        LoggerContext context = new LoggerContext();
        context.putProperty("modelyard.log.format", format);
        context.putProperty("modelyard.log.level", level);
        JoranConfigurator joran = new JoranConfigurator();
        joran.setContext(context);
        URL own = LogFormsTest.class.getResource("/logback.xml");
        joran.doConfigure(Objects.requireNonNull(own));
        return context;
    }
}
