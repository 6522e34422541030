package io.modelyard.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.modelyard.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.util.List;

/** What the log says about requests. */
final class ServerLogTest {
    private static final TestServer SERVER = TestServer.prepare().spec("trouble").start();
    private final TestServer.Client client = SERVER.anonymous();
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final List<Logger> loggers = List.of((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME),
            (Logger) LoggerFactory.getLogger(AccessLog.LOGGER));

    @BeforeEach
    void listen() {
        events.start();
        loggers.forEach(logger -> logger.addAppender(events));
    }

    @AfterEach
    void stopListening() {
        loggers.forEach(logger -> logger.detachAppender(events));
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void anUnforeseenFailureIsLoggedOnceWithTheRequestIdAndItsStackTrace() {
        client.send(client.request("/trouble/broken").header("X-Request-Id", "broken-1").GET());
        List<ILoggingEvent> errors = events.list.stream().filter(event -> event.getThrowableProxy() != null).toList();
        assertThat(errors).hasSize(1);
        assertThat(errors.getFirst().getFormattedMessage()).contains("GET /trouble/broken");
        assertThat(errors.getFirst().getKeyValuePairs()).singleElement().hasToString("request_id=\"broken-1\"");
        assertThat(errors.getFirst().getThrowableProxy().getMessage()).isEqualTo("secret of the inside");
    }

    @Test
    void anOrdinaryFailureIsNotLoggedAsAnError() {
        client.get("/trouble/queue-full");
        assertThat(events.list).noneMatch(event -> event.getThrowableProxy() != null);
    }

    @Test
    void everyRequestHasALineWithoutItsQuery() {
        client.send(client.request("/trouble/limit/1?size=5&api_key=my_secret").header("X-Request-Id", "line-1").GET());
        assertThat(accessLines()).singleElement().asString().startsWith("GET /trouble/limit/1 200 ").endsWith(" us")
                .doesNotContain("my_secret");
        assertThat(requests()).containsExactly(new CurrentRequest("line-1", null));
    }

    @Test
    void aRequestOfATraceIsLoggedWithIt() {
        client.send(client.request("/trouble/limit/1?size=5").header("X-Request-Id", "traced-1")
                .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00").GET());
        assertThat(requests()).containsExactly(new CurrentRequest("traced-1", "4bf92f3577b34da6a3ce929d0e0e4736"));
    }

    @Test
    void whatIsAskedAllTheTimeHasNone() {
        client.get("/health");
        client.get("/health/liveness");
        client.get("/healthy");
        assertThat(accessLines()).singleElement().asString().startsWith("GET /healthy 404 ");
    }

    private List<CurrentRequest> requests() {
        return events.list.stream().filter(event -> event.getLoggerName().equals(AccessLog.LOGGER))
                .map(event -> ((AccessLine) event.getArgumentArray()[0]).request()).toList();
    }

    private List<String> accessLines() {
        return events.list.stream().filter(event -> event.getLoggerName().equals(AccessLog.LOGGER))
                .map(ILoggingEvent::getFormattedMessage).toList();
    }
}
