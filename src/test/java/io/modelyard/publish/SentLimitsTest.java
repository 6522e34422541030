package io.modelyard.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import io.modelyard.http.RawExchange;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** How much may be sent, and how many may send at a time. */
final class SentLimitsTest {
    private static final int MEBI = 1 << 20;

    @Test
    void aModelFarAboveTheLimitOfOtherRequestsGoesThrough() {
        try (SendingHouse house = new SendingHouse(TestServer.prepare())) {
            byte[] tar = new Tars().file("m/model.ubj", SendingHouse.model(SendingHouse.CANCER_1))
                    .file("m/notes.txt", new byte[60 * MEBI]).end();
            Answer inTar = house.put("/models/large/1", tar);
            assertThat(inTar.status()).as(inTar.text()).isEqualTo(201);
            Answer inForm = house.putForm("/models/large/2",
                    new SendingHouse.Form().file("model", "m.tar", tar));
            assertThat(inForm.status()).as(inForm.text()).isEqualTo(201);
            Answer inChunks = house.server().as(house.server().adminKey()).send("PUT", "/models/large/3",
                    "application/x-tar", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(tar)));
            assertThat(inChunks.status()).as(inChunks.text()).isEqualTo(201);
            assertThat(house.uploads()).isEmpty();
        }
    }

    @Test
    void otherRoutesKeepTheirLimit() {
        try (SendingHouse house = new SendingHouse(TestServer.prepare())) {
            byte[] large = new byte[40 * MEBI];
            for (String path : List.of("/models/large/aliases/champion", "/models/large", "/predict/large/1")) {
                Answer answer = house.put(path, large);
                assertThat(answer.status()).as(path + answer.text()).isIn(413, 405);
            }
            for (String path : List.of("/models/large/1/activate", "/predict/large/1")) {
                Answer answer = house.server().as(house.server().adminKey()).send("POST", path, "application/json",
                        BodyPublishers.ofByteArray(large));
                assertThat(answer.status()).as(path + answer.text()).isEqualTo(413);
                assertThat(answer.detail()).contains("33554432", "micronaut.server.max-request-size");
            }
        }
    }

    @Test
    void aConnectionHasTheLimitOfEachOfItsRequests() {
        try (SendingHouse house = new SendingHouse(
                TestServer.prepare().with("micronaut.server.max-request-size", "1MB"))) {
            RawExchange exchange = RawExchange.with(house.server().port());
            byte[] body = new byte[2 * MEBI];
            exchange.send(head(house, "PUT /models/large/1?file=a.ubj", body.length)).send(body);
            assertThat(exchange.answer()).startsWith("HTTP/1.1 422");
            exchange.send(head(house, "POST /predict/large/1", body.length));
            assertThat(exchange.answer()).startsWith("HTTP/1.1 413").contains("max-request-size");
        }
    }

    @Test
    void moreThanTheLimitIsRefusedAndNothingIsLeft() {
        try (SendingHouse house = new SendingHouse(TestServer.prepare().with("modelyard.publish.max-bytes", "1MB"))) {
            byte[] large = new byte[3 * MEBI];
            large[0] = '{';
            large[1] = 'L';
            assertTooLarge(house, house.put("/models/large/1", large));
            TestServer.Client client = house.server().as(house.server().adminKey());
            assertTooLarge(house, client.send("PUT", "/models/large/1", "application/octet-stream",
                    BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large))));
            assertTooLarge(house, client.send(client.request("/models/large/1").header("Content-Encoding", "gzip")
                    .PUT(BodyPublishers.ofByteArray(Tars.gzip(large)))));
            RawExchange announced = RawExchange.with(house.server().port());
            announced.send(head(house, "PUT /models/large/1", 3 * MEBI));
            assertThat(announced.answer()).startsWith("HTTP/1.1 413");
            RawExchange asked = RawExchange.with(house.server().port());
            asked.send("PUT /models/large/1 HTTP/1.1\r\nHost: x\r\nX-API-Key: " + house.server().adminKey()
                    + "\r\nExpect: 100-continue\r\nContent-Length: " + 3 * MEBI + "\r\n\r\n");
            assertThat(asked.answer()).startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void whoComesWhileTwoAreSendingIsAskedToComeBack() {
        try (SendingHouse house = new SendingHouse(TestServer.prepare().with("modelyard.publish.max-uploads", 2))) {
            byte[] model = SendingHouse.model(SendingHouse.CANCER_1);
            List<RawExchange> slow = List.of(RawExchange.with(house.server().port()),
                    RawExchange.with(house.server().port()));
            for (RawExchange exchange : slow) {
                exchange.send(head(house, "PUT /models/slow/1", model.length)).send(new byte[]{model[0], model[1]});
            }
            assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
                while (house.uploads().stream().filter(path -> path.endsWith("model")).count() < 2) {
                    Thread.onSpinWait();
                }
            });
            Answer third = house.put("/models/third/1", model);
            assertThat(third.status()).as(third.text()).isEqualTo(429);
            assertThat(third.code()).isEqualTo("queue_full");
            assertThat(third.header("Retry-After")).isPresent();
            assertThat(third.json().path("retryable").asBoolean()).isTrue();
            slow.get(0).cut();
            slow.get(1).send(Arrays.copyOfRange(model, 2, model.length));
            assertThat(slow.get(1).answer()).startsWith("HTTP/1.1 201");
            assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
                while (!house.uploads().isEmpty()) {
                    Thread.onSpinWait();
                }
            });
            assertThat(house.put("/models/third/1", model).status()).isEqualTo(201);
        }
    }

    @Test
    void aDiskWithoutRoomIsSaidAndMayPass() {
        try (SendingHouse house = new SendingHouse(
                TestServer.prepare().with("modelyard.publish.max-bytes", 1L << 61))) {
            RawExchange exchange = RawExchange.with(house.server().port());
            exchange.send(head(house, "PUT /models/large/1", 1L << 60));
            assertThat(exchange.answer()).startsWith("HTTP/1.1 503").contains("store_unavailable", "disk",
                    "\"retryable\":true");
            house.assertNothingOf("large/1");
        }
    }

    private static void assertTooLarge(SendingHouse house, Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(413);
        assertThat(answer.code()).isEqualTo("payload_too_large");
        assertThat(answer.detail()).contains("1048576", "modelyard.publish.max-bytes");
        house.assertNothingOf("large/1");
    }

    private static String head(SendingHouse house, String start, long length) {
        return start + " HTTP/1.1\r\nHost: x\r\nX-API-Key: " + house.server().adminKey()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n";
    }
}
