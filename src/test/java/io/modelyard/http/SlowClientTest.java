package io.modelyard.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.Eventually;
import io.modelyard.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Who sends or reads too slowly is told so where that is possible, and cut off. */
final class SlowClientTest {
    private static final TestServer SERVER = TestServer.prepare().spec("patience")
            .with("modelyard.http.head-timeout", "400ms").with("modelyard.http.body-timeout", "400ms")
            .with("modelyard.http.progress-window", "400ms").with("modelyard.http.progress-bytes", "10KB")
            .with("micronaut.server.idle-timeout", "1s").start();
    private final PatienceController routes = SERVER.bean(PatienceController.class);

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void whoSaysNothingIsCutOffWithoutAWord() {
        RawExchange exchange = connect();
        assertThat(exchange.head()).isEmpty();
        assertThat(exchange.ends()).isTrue();
    }

    @Test
    void whoDoesNotEndTheHeadIsToldSo() {
        RawExchange exchange = connect().send("GET /patience/head HTTP/1.1\r\nHost: x\r\nX-Slow: y");
        assertTooSlow(exchange.answer());
        assertThat(exchange.ends()).isTrue();
    }

    @Test
    void whoDripsTheHeadIsToldSo() {
        RawExchange exchange = connect();
        String answer = exchange.dripUntilAnswered("GET /patience/drip HTTP/1.1\r\nHost: x\r\n", "X-Slow: y\r\n");
        assertTooSlow(answer);
    }

    @Test
    void whoDoesNotSendTheBodyIsToldSo() {
        RawExchange exchange = connect().send(put("/patience/body", 1000)).send("12345");
        assertTooSlow(exchange.answer());
        assertThat(exchange.ends()).isTrue();
        assertThat(routes.has("body")).isFalse();
    }

    @Test
    void whoDripsTheBodyIsToldSo() {
        String answer = connect().dripUntilAnswered(put("/patience/dripped", 1_000_000), "x");
        assertTooSlow(answer);
    }

    @Test
    void aLaterRequestOfAConnectionIsWaitedForNoLonger() {
        RawExchange exchange = connect();
        assertAnswered(exchange, "early");
        exchange.send("GET /patience/late HTTP/1.1\r\n");
        assertTooSlow(exchange.answer());
    }

    @Test
    void aLargeBodyThatDoesNotGetOnIsToldSo() {
        RawExchange exchange = connect().send(put("/patience/large/stuck", 2_000_000)).send(new byte[20_000]);
        assertTooSlow(exchange.answer());
    }

    @Test
    void whoDoesNotReadTheAnswerIsCutOff() {
        RawExchange exchange = connect().send("GET /patience/answer/200000000 HTTP/1.1\r\nHost: x\r\n\r\n");
        Eventually.isTrue("the request arrives", () -> routes.has("200000000"));
        Eventually.isTrue("it is cut off", routes.waiting("200000000").client()::isGone);
        assertThat(exchange.rest()).isLessThan(200_000_000);
    }

    @Test
    void anIdleConnectionIsClosed() {
        RawExchange exchange = connect();
        assertAnswered(exchange, "once");
        assertThat(exchange.ends()).isTrue();
    }

    @Test
    void aConnectionThatWaitsForItsAnswerIsNotIdle() {
        RawExchange exchange = connect().send(get("/patience/long"));
        Eventually.isTrue("it arrives", () -> routes.has("long"));
        // Time is the point here: longer than an idle connection lives.
        LockSupport.parkNanos(Duration.ofMillis(1500).toNanos());
        assertThat(routes.waiting("long").client().isGone()).isFalse();
        routes.waiting("long").answer().complete("{}");
        assertThat(exchange.answer()).startsWith("HTTP/1.1 200");
    }

    private void assertAnswered(RawExchange exchange, String name) {
        exchange.send(get("/patience/" + name));
        Eventually.isTrue("it arrives", () -> routes.has(name));
        routes.waiting(name).answer().complete("{}");
        assertThat(exchange.answer()).startsWith("HTTP/1.1 200");
    }

    private static void assertTooSlow(String answer) {
        assertThat(answer).startsWith("HTTP/1.1 408").contains("request_timeout").containsIgnoringCase("x-request-id")
                .containsIgnoringCase("connection: close").contains("application/problem+json");
    }

    private static RawExchange connect() {
        return RawExchange.with(SERVER.port());
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
    }

    private static String put(String path, int length) {
        return "PUT " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: "
                + length + "\r\n\r\n";
    }
}
