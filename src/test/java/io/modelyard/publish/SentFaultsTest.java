package io.modelyard.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.modelyard.Eventually;
import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import io.modelyard.TestStore;
import io.modelyard.http.RawExchange;
import io.modelyard.publish.SendingHouse.Form;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Senders who break off, and senders who want the same place. */
final class SentFaultsTest {
    private static final int CUTS = 60;
    private static SendingHouse house;

    @BeforeAll
    static void start() {
        house = new SendingHouse(TestServer.prepare().with("modelyard.publish.max-uploads", 4));
    }

    @AfterAll
    static void stop() {
        house.close();
    }

    @Test
    void aSenderWhoBreaksOffLeavesNothing() {
        int before = connections();
        byte[] model = SendingHouse.model(SendingHouse.CANCER_1);
        byte[] tar = Tars.of(SendingHouse.DIGITS_SAVED_MODEL, "m/");
        List<byte[]> bodies = List.of(model, tar, Tars.gzip(tar), new Form().file("model", "model.ubj", model).end());
        Random random = new Random(20261121);
        for (int i = 0; i < CUTS; i++) {
            int kind = i % bodies.size();
            byte[] body = bodies.get(kind);
            boolean chunked = random.nextBoolean();
            RawExchange exchange = RawExchange.with(house.server().port());
            exchange.send("PUT /models/torn/1 HTTP/1.1\r\nHost: x\r\nX-API-Key: " + house.server().adminKey() + "\r\n"
                    + (kind == 3 ? "Content-Type: " + Form.TYPE + "\r\n" : "")
                    + (chunked ? "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length) + "\r\n"
                            : "Content-Length: " + body.length + "\r\n\r\n"));
            exchange.send(Arrays.copyOf(body, random.nextInt(body.length)));
            exchange.cut();
        }
        // As long as the server has a connection that was cut, it may not have begun to read what came by it.
        Eventually.isTrue("all are gone", Duration.ofSeconds(60),
                () -> connections() <= before && house.uploads().isEmpty());
        house.assertNothingOf("torn/1");
        Answer whole = untilThereIsAPlace(() -> house.put("/models/torn/1", model));
        assertThat(whole.status()).as(whole.text()).isEqualTo(201);
    }

    @Test
    void ofTwoWhoSendDifferentModelsOneWins() throws Exception {
        byte[] one = SendingHouse.model(SendingHouse.CANCER_1);
        byte[] two = SendingHouse.model(SendingHouse.CANCER_2);
        for (int round = 0; round < 10; round++) {
            String path = "/models/race/" + round;
            List<Answer> answers = atOnce(path, one, two);
            assertThat(answers).extracting(Answer::status).containsExactlyInAnyOrder(201, 409);
            byte[] winner = answers.getFirst().status() == 201 ? one : two;
            Answer won = answers.stream().filter(answer -> answer.status() == 201).findFirst().orElseThrow();
            assertThat(won.json().path("sha256").path("model.ubj").asText()).isEqualTo(TestStore.sha256(winner));
            assertThat(house.server().get(path).json().path("digest")).isEqualTo(won.json().path("digest"));
            assertThat(SendingHouse.below(house.server().store().resolve("models/race/" + round)).stream()
                    .filter(file -> file.endsWith("model.ubj"))).hasSize(1);
        }
    }

    @Test
    void ofTwoWhoSendTheSameOnePublishesIt() throws Exception {
        byte[] model = SendingHouse.model(SendingHouse.CANCER_1);
        for (int round = 0; round < 10; round++) {
            List<Answer> answers = atOnce("/models/same/" + round, model, model);
            assertThat(answers).extracting(Answer::status).containsExactlyInAnyOrder(201, 200);
            assertThat(answers.get(0).json().path("digest")).isEqualTo(answers.get(1).json().path("digest"));
        }
    }

    private static int connections() {
        return house.server().anonymous().get("/health/readiness").json().at("/details/http/details/connections")
                .asInt(Integer.MAX_VALUE);
    }

    private static List<Answer> atOnce(String path, byte[] one, byte[] two) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            CountDownLatch start = new CountDownLatch(1);
            Future<Answer> first = threads.submit(() -> {
                start.await();
                return house.put(path, one);
            });
            Future<Answer> second = threads.submit(() -> {
                start.await();
                return house.put(path, two);
            });
            start.countDown();
            return List.of(first.get(), second.get());
        }
    }

    /** Who broke off just now may still be noticed. */
    private static Answer untilThereIsAPlace(java.util.function.Supplier<Answer> ask) {
        return assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            Answer answer = ask.get();
            while (answer.status() == 429) {
                answer = ask.get();
            }
            return answer;
        });
    }
}
