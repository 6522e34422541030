package io.modelyard.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.zip.GZIPOutputStream;

/** Who sends too much is told so, and can read it. */
final class LargeBodyTest {
    private static final int MEBI = 1 << 20;
    private static final TestServer SERVER = TestServer.prepare().spec("trouble").start();
    private final TestServer.Client client = SERVER.anonymous();

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void aHundredMegabytesAreRefused() {
        Answer answer = client.send("PUT", "/trouble/bytes", "application/octet-stream",
                BodyPublishers.ofByteArray(new byte[100 * MEBI]));
        assertTooLarge(answer);
    }

    @Test
    void aHundredMegabytesInChunksAreRefused() {
        Answer answer = client.send("PUT", "/trouble/bytes", "application/octet-stream",
                BodyPublishers.ofInputStream(() -> zeros(100 * MEBI)));
        assertTooLarge(answer);
    }

    @Test
    void theAnswerComesBeforeTheBody() {
        RawExchange exchange = RawExchange.with(SERVER.port()).send(head("Content-Length: 100000000") + "x");
        assertThat(exchange.answer()).startsWith("HTTP/1.1 413").contains("payload_too_large")
                .containsIgnoringCase("connection: close").contains("33554432");
    }

    @Test
    void chunksAreRefusedAsSoonAsTheLimitIsPassed() {
        RawExchange exchange = RawExchange.with(SERVER.port()).send(head("Transfer-Encoding: chunked"));
        for (int i = 0; i < 33; i++) {
            exchange.send("100000\r\n").send(new byte[MEBI]).send("\r\n");
        }
        assertThat(exchange.answer()).startsWith("HTTP/1.1 413").contains("payload_too_large");
    }

    @Test
    void whoAsksFirstNeedNotSendAtAll() {
        RawExchange exchange = RawExchange.with(SERVER.port())
                .send(head("Content-Length: 100000000\r\nExpect: 100-continue"));
        assertThat(exchange.answer()).startsWith("HTTP/1.1 413");
    }

    @Test
    void aCallerWhoSendsItAllBeforeReadingStillReadsTheAnswer() {
        int length = 40 * MEBI;
        RawExchange exchange = RawExchange.with(SERVER.port()).send(head("Content-Length: " + length));
        exchange.send(new byte[length]);
        assertThat(exchange.answer()).startsWith("HTTP/1.1 413").contains("payload_too_large");
        assertThat(exchange.ends()).isTrue();
    }

    @Test
    void aBodyThatGrowsWhenItIsUnpackedIsRefusedToo() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            zeros(100 * MEBI).transferTo(gzip);
        }
        Answer answer = client.send(client.request("/trouble/bytes").header("Content-Type", "application/octet-stream")
                .header("Content-Encoding", "gzip").PUT(BodyPublishers.ofByteArray(packed.toByteArray())));
        assertTooLarge(answer);
    }

    @Test
    void aBodyThatIsNotPackedAsItSaysIsABadParameter() {
        Answer answer = client.send(client.request("/trouble/bytes").header("Content-Type", "application/octet-stream")
                .header("Content-Encoding", "gzip")
                .PUT(BodyPublishers.ofString("this is not what gzip makes of anything")));
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("bad_parameter");
    }

    @Test
    void anAnswerBeforeTheBodyLeavesTheConnectionUsable() {
        RawExchange exchange = RawExchange.with(SERVER.port())
                .send("POST /no/such HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
        assertThat(exchange.answer()).startsWith("HTTP/1.1 404");
        exchange.send(new byte[1000]).send("GET /trouble/fine HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(exchange.answer()).startsWith("HTTP/1.1 200");
    }

    @Test
    void aConnectionThatIsToBeClosedIsClosedAfterTheBody() {
        RawExchange exchange = RawExchange.with(SERVER.port()).send(
                "POST /no/such HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " + 4 * MEBI + "\r\n\r\n");
        assertThat(exchange.answer()).startsWith("HTTP/1.1 404");
        exchange.send(new byte[4 * MEBI]);
        assertThat(exchange.ends()).isTrue();
    }

    private static void assertTooLarge(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(413);
        assertThat(answer.code()).isEqualTo("payload_too_large");
        assertThat(answer.header("X-Request-Id")).isPresent();
    }

    private static String head(String headers) {
        return "PUT /trouble/bytes HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\n" + headers
                + "\r\n\r\n";
    }

    private static InputStream zeros(int length) {
        return new ByteArrayInputStream(new byte[length]);
    }
}
