package io.modelyard.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.http.HttpRequest;
import io.modelyard.Eventually;
import io.modelyard.TestServer;
import io.modelyard.http.PatienceController.Waiting;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether the client still waits for its answer. */
final class ClientConnectionTest {
    private static final TestServer SERVER = TestServer.prepare().spec("patience").start();
    private final PatienceController routes = SERVER.bean(PatienceController.class);

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void aClientThatWaitsIsThere() {
        RawExchange exchange = connect().send(get("waits"));
        Waiting waiting = waiting("waits");
        assertThat(waiting.client().isGone()).isFalse();
        waiting.answer().complete("{}");
        assertThat(exchange.answer()).startsWith("HTTP/1.1 200");
        assertThat(waiting.client().isGone()).isFalse();
    }

    @Test
    void aClientThatBreaksOffIsGone() {
        RawExchange exchange = connect().send(get("breaks"));
        Waiting waiting = waiting("breaks");
        exchange.cut();
        assertGone(waiting);
    }

    @Test
    void aClientThatEndsTheConnectionInOrderIsGone() {
        RawExchange exchange = connect().send(get("ends"));
        Waiting waiting = waiting("ends");
        exchange.end();
        assertGone(waiting);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100_000, 10_000_000})
    void aClientThatHasSentABodyIsGoneWhenItLeaves(int length) {
        String name = "body-" + length;
        RawExchange exchange = connect().send("PUT /patience/" + name + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
                + length + "\r\nContent-Type: application/octet-stream\r\n\r\n").send(new byte[length]);
        Waiting waiting = waiting(name);
        assertThat(waiting.client().isGone()).isFalse();
        exchange.end();
        assertGone(waiting);
    }

    @Test
    void aClientThatWasAnsweredBeforeIsGoneWhenItLeaves() {
        RawExchange exchange = connect().send(get("first"));
        waiting("first").answer().complete("{}");
        assertThat(exchange.answer()).startsWith("HTTP/1.1 200");
        exchange.send(get("second"));
        Waiting waiting = waiting("second");
        exchange.end();
        assertGone(waiting);
    }

    @Test
    void aClientThatHasAskedSeveralTimesIsGoneForAll() {
        RawExchange exchange = connect();
        for (int i = 1; i < FrontDoor.READ_AHEAD; i++) {
            exchange.send(get("row-" + i));
            waiting("row-" + i);
        }
        exchange.end();
        for (int i = 1; i < FrontDoor.READ_AHEAD; i++) {
            assertGone(waiting("row-" + i));
        }
    }

    @Test
    void whatCameByNoConnectionIsNeverGone() {
        assertThat(ClientConnection.of(HttpRequest.GET("/")).isGone()).isFalse();
    }

    private static RawExchange connect() {
        return RawExchange.with(SERVER.port());
    }

    private Waiting waiting(String name) {
        Eventually.isTrue(name + " arrives", () -> routes.has(name));
        return routes.waiting(name);
    }

    private static void assertGone(Waiting waiting) {
        Eventually.isTrue("it is noticed that the client left", waiting.client()::isGone);
    }

    private static String get(String name) {
        return "GET /patience/" + name + " HTTP/1.1\r\nHost: x\r\n\r\n";
    }
}
