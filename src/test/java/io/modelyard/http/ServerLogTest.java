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
        assertThat(errors.getFirst().getFormattedMessage()).contains("broken-1").contains("GET /trouble/broken");
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
        assertThat(accessLines()).singleElement().asString().startsWith("GET /trouble/limit/1 200 ").endsWith(" line-1")
                .doesNotContain("my_secret");
    }

    @Test
    void whatIsAskedAllTheTimeHasNone() {
        client.get("/health");
        client.get("/health/liveness");
        client.get("/healthy");
        assertThat(accessLines()).singleElement().asString().startsWith("GET /healthy 404 ");
    }

    private List<String> accessLines() {
        return events.list.stream().filter(event -> event.getLoggerName().equals(AccessLog.LOGGER))
                .map(ILoggingEvent::getFormattedMessage).toList();
    }
}
