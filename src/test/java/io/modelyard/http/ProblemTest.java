package io.modelyard.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Whatever goes wrong is answered with problem+json. */
final class ProblemTest {
    private static final TestServer SERVER = TestServer.prepare().spec("trouble").start();
    private final TestServer.Client client = SERVER.anonymous();

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void aFailureOfAFeatureHasItsCodeAndItsStatusAndSaysWhenToComeBack() {
        Answer answer = client.get("/trouble/queue-full");
        assertProblem(answer, 429, "queue_full");
        assertThat(answer.detail()).isEqualTo("the queue of 'penguins' is full");
        assertThat(answer.json().path("retryable").asBoolean()).isTrue();
        assertThat(answer.header("Retry-After")).contains("2");
    }

    @Test
    void anUnknownPathIsNamedWithItsMethod() {
        Answer answer = client.get("/no/such?secret=1");
        assertProblem(answer, 404, "not_found");
        assertThat(answer.detail()).isEqualTo("there is no GET /no/such");
    }

    @Test
    void anotherMethodIsToldWhichOnesThereAre() {
        Answer answer = client.post("/trouble/bytes", "{}");
        assertProblem(answer, 405, "method_not_allowed");
        assertThat(allowed(answer)).containsExactly("DELETE", "PUT");
        assertThat(answer.detail()).contains("POST").contains("DELETE, PUT");
    }

    @Test
    void optionsSaysWhichMethodsThereAre() {
        Answer answer = client.send(client.request("/trouble/fine").method("OPTIONS", BodyPublishers.noBody()));
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.text()).isEmpty();
        assertThat(allowed(answer)).containsExactly("GET", "HEAD");
        assertProblem(client.send(client.request("/no/such").method("OPTIONS", BodyPublishers.noBody())), 404,
                "not_found");
    }

    @Test
    void headIsGetWithoutTheBody() {
        Answer fine = client.send(client.request("/trouble/fine").HEAD());
        assertThat(fine.status()).isEqualTo(200);
        Answer missing = client.send(client.request("/no/such").HEAD());
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.text()).isEmpty();
        assertThat(missing.header("X-Request-Id")).isPresent();
    }

    @Test
    void aFormThatCannotBeHadIsNotAcceptable() {
        Answer answer = client.send(client.request("/trouble/text").header("Accept", "image/png").GET());
        assertProblem(answer, 406, "not_acceptable");
        assertThat(answer.detail()).contains("text/plain").contains("image/png");
    }

    @Test
    void aContentTypeThatIsNotReadIsNamed() {
        Answer answer = client.send("POST", "/trouble/order", "text/xml", BodyPublishers.ofString("<a/>"));
        assertProblem(answer, 415, "unsupported_media_type");
        assertThat(answer.detail()).contains("application/json").contains("text/xml");
    }

    @Test
    void aBodyThatIsNotJsonIsMalformed() {
        assertProblem(client.post("/trouble/order", "{\"name\": "), 400, "malformed_json");
        assertProblem(client.post("/trouble/order", "nonsense"), 400, "malformed_json");
    }

    @Test
    void aMissingBodyIsMalformed() {
        Answer answer = client.post("/trouble/order", "");
        assertProblem(answer, 400, "malformed_json");
        assertThat(answer.detail()).contains("needs a body");
    }

    @Test
    void jsonOfTheWrongShapeIsInvalidInputWithAPointer() {
        Answer answer = client.post("/trouble/order", "{\"name\": \"x\", \"how_many\": \"many\"}");
        assertProblem(answer, 422, "invalid_input");
        assertThat(pointer(answer, 0)).isEqualTo("/how_many");
    }

    @Test
    void thePointerOfWhatLiesDeepGoesFromTheOutsideIn() {
        Answer answer = client.post("/trouble/order",
                "{\"name\": \"x\", \"how_many\": 1, \"lines\": [{\"article_name\": \"a\"}, {\"article_name\": []}]}");
        assertProblem(answer, 422, "invalid_input");
        assertThat(pointer(answer, 0)).isEqualTo("/lines/1/article_name");
        assertThat(answer.detail()).doesNotContain("java", "Source");
    }

    @Test
    void aBrokenConstraintOfTheBodyIsInvalidInputWithAPointer() {
        Answer answer = client.post("/trouble/order",
                "{\"name\": \"\", \"how_many\": 0, \"lines\": [{\"article_name\": \"a\"}, {\"article_name\": \"\"}]}");
        assertProblem(answer, 422, "invalid_input");
        assertThat(answer.json().path("errors").findValuesAsText("pointer"))
                .containsExactly("/how_many", "/lines/1/article_name", "/name");
    }

    @Test
    void aParameterThatMakesNoSenseIsNamed() {
        Answer path = client.get("/trouble/limit/many");
        assertProblem(path, 400, "bad_parameter");
        assertThat(path.detail()).isEqualTo("'n' must be a whole number, not 'many'");
        Answer query = client.get("/trouble/limit/1?since=yesterday");
        assertProblem(query, 400, "bad_parameter");
        assertThat(query.detail()).contains("'since'").contains("yesterday");
        Answer tooMuch = client.get("/trouble/limit/1?size=11");
        assertProblem(tooMuch, 400, "bad_parameter");
        assertThat(tooMuch.detail()).contains("'size'").contains("10");
    }

    @Test
    void aMissingParameterIsNamed() {
        Answer answer = client.get("/trouble/required");
        assertProblem(answer, 400, "bad_parameter");
        assertThat(answer.detail()).isEqualTo("'name' is missing");
        assertThat(client.get("/trouble/required?name=x").detail()).isEqualTo("'X-Colour' is missing");
    }

    @Test
    void anUnforeseenFailureTellsNothingAboutTheInside() {
        for (String path : new String[]{"/trouble/broken", "/trouble/unwritable"}) {
            Answer answer = client.get(path);
            assertProblem(answer, 500, "internal");
            assertThat(answer.text()).doesNotContain("secret").doesNotContain("Exception");
        }
    }

    @Test
    void theWayInIsOpenForWhatIsRight() {
        assertThat(client.post("/trouble/order", "{\"name\": \"x\", \"how_many\": 2}").json().path("how_many").asInt())
                .isEqualTo(2);
        Answer large = client.send("PUT", "/trouble/bytes", "application/octet-stream",
                BodyPublishers.ofByteArray(new byte[20 << 20]));
        assertThat(large.json().path("length").asInt()).isEqualTo(20 << 20);
    }

    @Test
    void aRequestIdIsKeptWhereItIsSane() {
        Answer answer = client.send(client.request("/no/such").header("X-Request-Id", "order-66").GET());
        assertThat(answer.header("X-Request-Id")).contains("order-66");
        assertThat(answer.json().path("request_id").asText()).isEqualTo("order-66");
        for (String insane : new String[]{"a b", "x".repeat(129)}) {
            Answer fresh = client.send(client.request("/trouble/fine").header("X-Request-Id", insane).GET());
            assertThat(fresh.header("X-Request-Id")).isPresent().isNotEqualTo(insane);
            assertThat(fresh.headers().allValues("X-Request-Id")).hasSize(1);
        }
    }

    @Test
    void everyAnswerForbidsGuessingItsType() {
        assertThat(client.get("/trouble/fine").header("X-Content-Type-Options")).contains("nosniff");
        assertThat(client.get("/no/such").header("X-Content-Type-Options")).contains("nosniff");
    }

    @Test
    void aPathThatCannotBeDecodedIsABadParameter() {
        String raw = RawExchange.with(SERVER.port()).send("GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                .answer();
        assertThat(raw).startsWith("HTTP/1.1 4").contains("application/problem+json")
                .containsIgnoringCase("x-request-id");
    }

    @Test
    void whatIsNotEvenHttpIsAnsweredWithAProblemToo() {
        String raw = RawExchange.with(SERVER.port()).send("GET /trouble/fine HTTP/1.1\r\nBad Header\r\n\r\n").answer();
        assertThat(raw).startsWith("HTTP/1.1 400").contains("application/problem+json").contains("bad_parameter")
                .containsIgnoringCase("x-request-id");
        String tooLong = RawExchange.with(SERVER.port())
                .send("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n").answer();
        assertThat(tooLong).startsWith("HTTP/1.").contains(" 413 ").contains("payload_too_large")
                .containsIgnoringCase("x-request-id");
    }

    private static void assertProblem(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).contains("application/problem+json");
        JsonNode problem = answer.json();
        assertThat(problem.path("code").asText()).isEqualTo(code);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("type").asText()).isEqualTo("about:blank");
        assertThat(problem.path("title").asText()).isNotEmpty();
        assertThat(problem.path("detail").asText()).isNotEmpty();
        assertThat(problem.has("retryable")).isTrue();
        assertThat(answer.header("X-Request-Id")).contains(problem.path("request_id").asText());
        assertThat(answer.text().getBytes(StandardCharsets.UTF_8).length).isLessThan(2000);
    }

    private static String pointer(Answer answer, int index) {
        return answer.json().path("errors").path(index).path("pointer").asText();
    }

    private static String[] allowed(Answer answer) {
        return answer.headers().allValues("Allow").stream().flatMap(value -> Arrays.stream(value.split(", *"))).sorted()
                .toArray(String[]::new);
    }
}
