package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.TestServer.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** What becomes of requests when there are more than can be computed, or when they take too long. */
class BoundsOverHttpTest {
    private final TestServer server = start();
    private final GatedRuntime runtime = server.bean(GatedRuntime.class);

    private static TestServer start() {
        TestServer server = TestServer.prepare().spec(GatedRuntime.SPEC).with("modelyard.serving.prediction-threads", 1)
                .with("modelyard.serving.batching", "never")
                .with("modelyard.serving.max-queue-per-model", 4).with("modelyard.serving.max-concurrent-requests", 6)
                .start();
        GatedRuntime.publish(server.store(), "slow");
        GatedRuntime.publish(server.store(), "other");
        server.post("/registry/sync", "");
        for (String type : List.of("slow", "other")) {
            assertThat(server.post("/models/" + type + "/1/load", "").status()).isEqualTo(200);
        }
        return server;
    }

    @AfterEach
    void stop() {
        runtime.open();
        server.close();
    }

    private CompletableFuture<Answer> ask(String type, float value, String... headers) {
        return CompletableFuture.supplyAsync(() -> {
            var request = server.as(server.adminKey()).request("/predict/" + type)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"inputs\": [[" + value + "]]}"));
            return server.as(server.adminKey()).send(headers.length == 0 ? request : request.headers(headers));
        }, Thread::startVirtualThread);
    }

    /** Asks, and waits until it waits behind the one that is being computed. */
    private CompletableFuture<Answer> askAndWait(String type, float value, int underWay) {
        CompletableFuture<Answer> answer = ask(type, value);
        Eventually.isTrue("the request is under way", () -> underWay() == underWay);
        return answer;
    }

    private int underWay() {
        return server.get("/models/slow/1").json().path("in_flight").asInt()
                + server.get("/models/other/1").json().path("in_flight").asInt();
    }

    private static void hasTwice(CompletableFuture<Answer> answer, float value) {
        assertThat(answer.join().status()).describedAs(answer.join().text()).isEqualTo(200);
        assertThat(answer.join().json().at("/predictions/0").asDouble()).isEqualTo(2 * value);
    }

    @Test
    void aFullModelRefusesAndAnotherStillTakesRequests() {
        runtime.shut();
        List<CompletableFuture<Answer>> taken = IntStream.range(0, 4)
                .mapToObj(i -> askAndWait("slow", i, i + 1)).toList();

        Answer refused = ask("slow", 9).join();
        CompletableFuture<Answer> other = askAndWait("other", 5, 5);
        runtime.open();

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.code()).isEqualTo("queue_full");
        assertThat(refused.detail()).contains("slow/1").contains("4 requests");
        assertThat(refused.json().path("retryable").asBoolean()).isTrue();
        assertThat(Integer.parseInt(refused.header("Retry-After").orElseThrow())).isPositive();
        for (int i = 0; i < taken.size(); i++) {
            hasTwice(taken.get(i), i);
        }
        hasTwice(other, 5);
    }

    @Test
    void aFullServerRefusesWhateverModelIsAskedFor() {
        runtime.shut();
        List<CompletableFuture<Answer>> taken = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            taken.add(askAndWait(i < 3 ? "slow" : "other", i, i + 1));
        }

        Answer refused = ask("other", 9).join();
        runtime.open();

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.detail()).contains("6 requests");
        for (int i = 0; i < 6; i++) {
            hasTwice(taken.get(i), i);
        }
        hasTwice(ask("other", 7), 7);
    }

    @Test
    void anotherModelsRequestDoesNotWaitForAllThatCameBefore() {
        hasTwice(ask("slow", 1), 1);
        runtime.shut();
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            answers.add(askAndWait("slow", 100 + i, i + 1));
        }
        answers.add(askAndWait("other", 5, 5));
        runtime.open();
        answers.forEach(answer -> assertThat(answer.join().status()).isEqualTo(200));

        List<List<Float>> order = runtime.calls();
        assertThat(order.indexOf(List.of(5f))).isLessThan(order.indexOf(List.of(103f)));
    }

    @Test
    void whoWaitsTooLongGetsAnAnswerAndItsWorkIsDropped() {
        runtime.shut();
        CompletableFuture<Answer> computing = ask("slow", 1, "X-Timeout-Ms", "300");
        Eventually.isTrue("it is being computed", () -> runtime.calls().contains(List.of(1f)));
        CompletableFuture<Answer> waiting = ask("slow", 2, "X-Timeout-Ms", "100");

        Answer late = computing.join();
        Answer dropped = waiting.join();
        runtime.open();
        hasTwice(ask("slow", 3), 3);

        assertThat(late.status()).isEqualTo(504);
        assertThat(late.code()).isEqualTo("deadline_exceeded");
        assertThat(late.detail()).contains("300 ms").contains("computing");
        assertThat(dropped.status()).isEqualTo(504);
        assertThat(dropped.detail()).contains("100 ms").contains("its turn");
        assertThat(runtime.calls()).contains(List.of(1f), List.of(3f)).doesNotContain(List.of(2f));
        assertThat(underWay()).isZero();
    }

    @Test
    void theServersOwnLimitHoldsWhereTheCallerAsksForMore() {
        try (TestServer hasty = TestServer.prepare().spec(GatedRuntime.SPEC)
                .with("modelyard.serving.request-timeout", "200ms").start()) {
            GatedRuntime.publish(hasty.store(), "slow");
            hasty.post("/registry/sync", "");
            hasty.bean(GatedRuntime.class).shut();

            Answer answer = hasty.as(hasty.adminKey())
                    .send(hasty.as(hasty.adminKey()).request("/predict/slow").header("X-Timeout-Ms", "60000")
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString("{\"inputs\": [[1]]}")));
            hasty.bean(GatedRuntime.class).open();

            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.detail()).contains("200 ms");
        }
    }

    @Test
    void aTimeThatIsNoneIsRefused() {
        for (String nonsense : List.of("0", "-5", "soon", "1.5")) {
            Answer answer = ask("slow", 1, "X-Timeout-Ms", nonsense).join();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.code()).isEqualTo("bad_parameter");
            assertThat(answer.detail()).contains("X-Timeout-Ms").contains(nonsense);
        }
    }

    @Test
    void theWorkOfACallerWhoHasLeftIsDroppedAndTheLogSaysSo() throws Exception {
        runtime.shut();
        CompletableFuture<Answer> first = ask("slow", 1);
        Eventually.isTrue("it is being computed", () -> runtime.calls().contains(List.of(1f)));
        byte[] body = "{\"inputs\": [[2]]}".getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /predict/slow HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nX-API-Key: "
                    + server.adminKey() + "\r\nX-Request-Id: left-early\r\nContent-Length: " + body.length
                    + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
        }
        Eventually.isTrue("the log has it", () -> logged("left-early").isPresent());
        JsonNode row = logged("left-early").orElseThrow();
        runtime.open();

        hasTwice(first, 1);
        hasTwice(ask("slow", 3), 3);
        assertThat(runtime.calls()).doesNotContain(List.of(2f));
        assertThat(row.path("status").asInt()).isEqualTo(499);
        assertThat(row.path("code").asText()).isEqualTo("client_gone");
    }

    private Optional<JsonNode> logged(String requestId) {
        return StreamSupport.stream(server.get("/logs").json().path("logs").spliterator(), false)
                .filter(row -> row.path("request_id").asText().equals(requestId)).findFirst();
    }
}
