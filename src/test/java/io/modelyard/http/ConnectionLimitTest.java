package io.modelyard.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.Eventually;
import io.modelyard.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** More connections than there is room for are refused, and say why. */
final class ConnectionLimitTest {
    private static final String REQUEST = "GET /health/liveness HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final TestServer SERVER = TestServer.prepare().with("modelyard.http.max-connections", 2).start();

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void whoComesWhenAllAreTakenIsToldSo() {
        RawExchange first = RawExchange.with(SERVER.port());
        RawExchange second = RawExchange.with(SERVER.port());
        assertThat(first.send(REQUEST).answer()).startsWith("HTTP/1.1 200");
        assertThat(second.send(REQUEST).answer()).startsWith("HTTP/1.1 200");
        for (int i = 0; i < 10; i++) {
            RawExchange refused = RawExchange.with(SERVER.port()).send(REQUEST);
            assertThat(refused.answer()).startsWith("HTTP/1.1 503").contains("too_many_connections")
                    .containsIgnoringCase("connection: close").containsIgnoringCase("retry-after");
            assertThat(refused.ends()).isTrue();
            refused.end();
        }
        assertThat(first.send(REQUEST).answer()).as("who is in is not disturbed").startsWith("HTTP/1.1 200");
        first.end();
        Eventually.isTrue("there is room again",
                () -> RawExchange.with(SERVER.port()).send(REQUEST).answer().startsWith("HTTP/1.1 200"));
    }
}
