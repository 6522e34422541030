package io.modelyard.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What every connection passes. */
final class FrontDoorTest {
    private static final TestServer SERVER = TestServer.prepare().spec("trouble").start();

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void eachOfSeveralRequestsInARowKeepsItsOwnId() {
        RawExchange exchange = RawExchange.with(SERVER.port())
                .send(get("/trouble/fine", "first") + get("/no/such", "second") + get("/trouble/fine", "third"));
        assertThat(exchange.answers(3)).containsSubsequence("200", "first", "404", "second", "200", "third");
    }

    @Test
    void whoAsksWhetherToGoOnIsToldSoOnceAndAnsweredOnce() {
        RawExchange exchange = RawExchange.with(SERVER.port())
                .send(String.join("\r\n", "PUT /trouble/bytes HTTP/1.1", "Host: x",
                        "Content-Type: application/octet-stream", "X-Request-Id: careful", "Expect: 100-continue",
                        "Content-Length: 3", "", ""));
        assertThat(exchange.head()).startsWith("HTTP/1.1 100 ").doesNotContain("careful");
        String answer = exchange.send("abc").answer();
        assertThat(answer).startsWith("HTTP/1.1 200").contains("careful").endsWith("{\"length\": 3}");
    }

    @Test
    void aServerErrorLeavesTheConnectionUsable() {
        RawExchange exchange = RawExchange.with(SERVER.port()).send(get("/trouble/broken", "first"));
        assertThat(exchange.answer()).startsWith("HTTP/1.1 500");
        assertThat(exchange.send(get("/trouble/fine", "second")).answer()).startsWith("HTTP/1.1 200")
                .contains("second");
    }

    private static String get(String path, String id) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\nX-Request-Id: " + id + "\r\n\r\n";
    }
}
