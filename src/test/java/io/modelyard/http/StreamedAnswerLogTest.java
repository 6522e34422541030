package io.modelyard.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.modelyard.Eventually;
import io.modelyard.TestServer;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** What the log says of callers who leave as soon as they have what they came for, and of those who leave before. */
final class StreamedAnswerLogTest {
    private static final int BYTES = 3;

    /** The end of the body is told only when the caller has left. */
    @Requires(property = "spec.name", value = "streamed")
    @Controller("/streamed")
    @Secured(SecurityRule.IS_ANONYMOUS)
    static class StreamedController {
        private final CountDownLatch left = new CountDownLatch(1);

        @Get("/{length}")
        @ExecuteOn(TaskExecutors.BLOCKING)
        HttpResponse<InputStream> stream(@PathVariable int length) {
            return HttpResponse.<InputStream>ok(new InputStream() {
                private int told;

                @Override
                public int read() throws IOException {
                    if (told == BYTES) {
                        try {
                            left.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        return -1;
                    }
                    told++;
                    return 'x';
                }

                @Override
                public int read(byte[] buffer, int offset, int most) throws IOException {
                    int one = read();
                    if (one < 0) {
                        return -1;
                    }
                    buffer[offset] = (byte) one;
                    return 1;
                }
            }).contentLength(length);
        }
    }

    @Test
    void whoHasTheWholeBodyIsNotCalledGone() throws IOException {
        ListAppender<ILoggingEvent> events = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(AccessLog.LOGGER);
        try (TestServer server = TestServer.prepare().spec("streamed").start()) {
            events.start();
            logger.addAppender(events);
            for (int length : new int[]{BYTES, BYTES + 1}) {
                try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                    caller.setSoTimeout(30_000);
                    caller.getOutputStream().write(("GET /streamed/" + length + " HTTP/1.1\r\nHost: x\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
                    StringBuilder answer = new StringBuilder();
                    while (!answer.toString().endsWith("\r\n\r\nxxx")) {
                        answer.append((char) caller.getInputStream().read());
                    }
                }
                Eventually.isTrue("the log has a line", () -> lines(events).size() == (length == BYTES ? 1 : 2));
            }
            server.bean(StreamedController.class).left.countDown();
        } finally {
            logger.detachAppender(events);
        }
        assertThat(lines(events)).satisfiesExactly(line -> assertThat(line).startsWith("GET /streamed/3 200 "),
                line -> assertThat(line).startsWith("GET /streamed/4 gone "));
    }

    private static List<String> lines(ListAppender<ILoggingEvent> events) {
        return List.copyOf(events.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
