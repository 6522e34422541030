package io.modelyard.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.Eventually;
import io.modelyard.TestServer.Answer;
import io.modelyard.model.Experiment;
import io.modelyard.requestlog.LoggedPrediction;
import io.modelyard.requestlog.RequestLog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What POST /feedback takes, and what it says where it does not. */
@Timeout(60)
final class FeedbackControllerTest {
    private static final String SURE = "[[0.75, 0.25, 0]]";

    @TempDir
    static Path scratch;
    private static FeedbackHouse house;

    @BeforeAll
    static void start() {
        house = new FeedbackHouse(scratch, Map.of("modelyard.requestlog.durability", "sync",
                "modelyard.feedback.max-rows", 20));
    }

    @AfterAll
    static void stop() {
        house.close();
    }

    @Test
    void outcomesAreOneForEachRowAndNullWhereTheyAreNotKnown() {
        String id = house.predict("species/1", "[[0.75, 0.25, 0], [0, 1, 0], [0, 0, 1]]");
        Answer answer = house.server().post("/feedback/" + id, "{\"outcomes\": [\"setosa\", null, \"setosa\"]}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json()).isEqualTo(FeedbackHouse.json("{\"prediction_id\": \"" + id
                + "\", \"scored\": 2, \"unscored\": 0, \"pending\": 0}"));
        // The row that became known meanwhile.
        assertThat(house.server().post("/feedback/" + id, "{\"row\": 1, \"outcome\": \"virginica\"}").json()
                .get("scored").intValue()).isEqualTo(1);
    }

    @Test
    void whatWasSaidOfAPredictionCanBeReadAgain() {
        String id = house.predict("species/1", "[[0.75, 0.25, 0], [0, 1, 0]]");
        assertThat(house.server().get("/feedback/" + id).json().get("feedback")).isEmpty();
        house.server().post("/feedback/" + id,
                "{\"outcomes\": [\"setosa\", \"rose\"], \"observed_at\": \"2026-11-20T10:00:00Z\"}");
        house.server().post("/feedback/" + id, "{\"reward\": 0.5}");
        JsonNode said = house.server().get("/feedback/" + id).json().get("feedback");
        assertThat(said.findValuesAsText("state")).containsExactly("scored", "scored", "unscored");
        assertThat(said.get(0).get("reward").doubleValue()).isEqualTo(0.5);
        assertThat(said.get(0).has("row")).isFalse();
        assertThat(said.get(1).get("outcome").asText()).isEqualTo("setosa");
        assertThat(said.get(1).get("correct").booleanValue()).isTrue();
        assertThat(said.get(1).get("log_loss").doubleValue()).isEqualTo(-Math.log(0.75));
        assertThat(said.get(1).get("observed_at").asText()).isEqualTo("2026-11-20T10:00:00Z");
        assertThat(said.get(1).get("key_id").asText()).isEqualTo("admin");
        assertThat(said.get(2).get("reason").asText()).isEqualTo("unknown_label");
        assertThat(house.server().get("/feedback/none").code()).isEqualTo("prediction_not_found");
    }

    @Test
    void ofAPredictionWithOneRowNobodyNeedSayWhich() {
        String id = house.predict("species/1", SURE);
        assertThat(house.server().post("/feedback/" + id, "{\"outcome\": \"setosa\"}").json().get("scored").intValue())
                .isEqualTo(1);
        String many = house.predict("species/1", "[[1, 0, 0], [0, 1, 0]]");
        Answer answer = house.server().post("/feedback/" + many, "{\"outcome\": \"setosa\"}");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.detail()).contains("has 2 rows; say with row");
    }

    @Test
    void aRewardIsOfThePredictionOrOfARow() {
        String id = house.predict("species/1", "[[1, 0, 0], [0, 1, 0]]");
        for (String body : List.of("{\"reward\": 1.5}", "{\"reward\": -2, \"row\": 1}")) {
            assertThat(house.server().post("/feedback/" + id, body).json().get("scored").intValue()).isEqualTo(1);
        }
        assertThat(house.server().post("/feedback/" + id, "{\"reward\": 1, \"row\": 2}").status()).isEqualTo(422);
    }

    @Test
    void whatCannotBeScoredIsKeptAndSaysWhy() {
        String id = house.predict("species/1", SURE);
        JsonNode answer = house.server().post("/feedback/" + id, "{\"outcome\": \"penguin\"}").json();
        assertThat(answer.get("unscored").intValue()).isEqualTo(1);
        assertThat(answer.at("/reasons/0").textValue()).isEqualTo("unknown_label");
    }

    @Test
    void ofAPredictionThatIsNotThereThereIsNoFeedback() {
        for (String id : List.of("nonsense", UUID.randomUUID().toString(),
                "01890000-0000-7000-8000-000000000000", "0fff0000-0000-7000-8000-000000000000")) {
            Answer answer = house.server().post("/feedback/" + id, "{\"reward\": 1}");
            assertThat(answer.status()).as(id).isEqualTo(404);
            assertThat(answer.code()).isEqualTo("prediction_not_found");
        }
    }

    @Test
    void ofAPredictionThatFailedThereIsNoFeedback() {
        String request = house.server().post("/predict/species/9", "{\"inputs\": [[1, 0, 0]]}").json()
                .get("request_id").textValue();
        String id = "";
        for (JsonNode row : house.server().get("/logs?status=error").json().get("logs")) {
            id = row.get("request_id").textValue().equals(request) ? row.get("prediction_id").textValue() : id;
        }
        Answer answer = house.server().post("/feedback/" + id, "{\"reward\": 1}");
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.code()).isEqualTo("prediction_failed");
    }

    @Test
    void aKeyKnowsNoPredictionsOfOtherTypes() {
        String id = house.predict("species/1", SURE);
        String key = house.server().post("/api-keys",
                "{\"name\": \"pricing\", \"roles\": [\"predict\"], \"types\": [\"price\"]}").json().get("key")
                .textValue();
        Answer answer = house.server().as(key).post("/feedback/" + id, "{\"reward\": 1}");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.code()).isEqualTo("prediction_not_found");
        assertThat(house.server().as(key)
                .post("/feedback/" + house.predict("price/1", "[[1]]"), "{\"outcome\": 1}").status()).isEqualTo(200);
        assertThat(house.server().anonymous().post("/feedback/" + id, "{\"reward\": 1}").status()).isEqualTo(401);
    }

    @Test
    void feedbackMayComeBeforeThePredictionIsInTheLog() {
        long millis = Instant.now().toEpochMilli();
        String id = new UUID(millis << 16 | 0x7000L, 0x8000000000000000L | millis).toString();
        Answer answer = house.server().post("/feedback/" + id, "{\"outcome\": \"setosa\"}");
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().get("pending").intValue()).isEqualTo(1);
        long before = house.server().bean(FeedbackStats.class).resolved();
        house.server().bean(RequestLog.class).append(List.of(new LoggedPrediction(id, "r", millis * 1000, "species",
                "1", null, "onnx", "d", "key", 200, null, null,
                "[{\"label\":\"setosa\",\"confidence\":0.75,\"probabilities\":[0.75,0.25,0]}]", 1, false, false, "ab-1",
                "b", 0, 0, 0, 0, 0)));
        Eventually.isTrue("it is scored", () -> house.server().bean(FeedbackStats.class).resolved() > before);
        FeedbackSums arm = house.metrics().ofArm("species", "ab-1", new Experiment.Arm("b", "1", 1, Instant.EPOCH));
        assertThat(arm.correct()).isEqualTo(1);
        assertThat(arm.meanLogLoss().orElseThrow()).isEqualTo(-Math.log(0.75));
    }

    @Test
    void itemsAreAnsweredInTheirOrderEachWithItsOwnError() {
        String id = house.predict("species/1", SURE);
        JsonNode answer = house.server()
                .post("/feedback", """
                                   {"items": [{"prediction_id": "none", "reward": 1},
                                              {"prediction_id": "%s", "reward": 1, "colour": "red"},
                                              7,
                                              {"prediction_id": "%s", "reward": 1}]}""".formatted(id, id)).json();
        assertThat(answer.get("succeeded").intValue()).isEqualTo(1);
        assertThat(answer.get("failed").intValue()).isEqualTo(3);
        assertThat(answer.at("/results/0/error/code").textValue()).isEqualTo("prediction_not_found");
        assertThat(answer.at("/results/0/error/status").intValue()).isEqualTo(404);
        assertThat(answer.at("/results/1/error/errors/0/pointer").textValue()).isEqualTo("/items/1/colour");
        assertThat(answer.at("/results/2/error/detail").textValue()).isEqualTo("/items/2: must be an object");
        assertThat(answer.at("/results/3/scored").intValue()).isEqualTo(1);
    }

    @Test
    void aLineThatIsNotJsonHarmsNoOther() {
        String id = house.predict("species/1", SURE);
        JsonNode answer = house.server().as(house.server().adminKey()).send("POST", "/feedback",
                "application/x-ndjson",
                BodyPublishers.ofString("{\"prediction_id\": \n\n{\"prediction_id\": \"" + id + "\", \"reward\": 1}\n"))
                .json();
        assertThat(answer.at("/results/0/error/code").textValue()).isEqualTo("malformed_json");
        assertThat(answer.at("/results/1/scored").intValue()).isEqualTo(1);
    }

    @Test
    void moreRowsThanARequestMayTellOfAreRefused() {
        String body = IntStream.range(0, 21).mapToObj(i -> "{\"prediction_id\": \"a\", \"reward\": 1}")
                .collect(Collectors.joining(",", "{\"items\": [", "]}"));
        Answer answer = house.server().post("/feedback", body);
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.code()).isEqualTo("batch_too_large");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{}|must have exactly one of",
            "{\"reward\": 1, \"outcome\": 1}|exactly one of",
            "{\"reward\": \"much\"}|/reward: must be a number", "{\"reward\": 1e31}|/reward: must be a number",
            "{\"outcome\": -1e31}|/outcome: must be a label",
            "{\"outcome\": {}}|/outcome: must be a label",
            "{\"outcome\": null}|/outcome: must be a label", "{\"row\": -1, \"outcome\": 1}|/row: must be the number",
            "{\"outcomes\": []}|/outcomes: must be an array", "{\"outcomes\": [1], \"row\": 0}|/row: goes with outcome",
            "{\"outcomes\": [1, 2]}|there are 2 outcomes, and the prediction has 1 rows",
            "{\"outcome\": 1, \"observed_at\": \"soon\"}|/observed_at: must be a time",
            "{\"outcome\": 1, \"observed_at\": \"2999-01-01T00:00:00Z\"}|/observed_at: is in the future",
            "{\"outcome\": 1, \"weight\": 2}|/weight: is not known"})
    void whatMakesNoSenseIsRefusedWithItsPlace(String body, String detail) {
        Answer answer = house.server().post("/feedback/" + house.predict("price/1", "[[1]]"), body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.code()).isEqualTo("invalid_input");
        assertThat(answer.detail()).contains(detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"/feedback|{\"items\": [", "/feedback|[]", "/feedback|{\"items\": []}",
            "/feedback|{\"things\": []}", "/feedback/x|{\"reward\": ", "/feedback|{\"items\": [{}], \"more\": 1}"})
    void whatIsNotJsonOrNotOfTheFormIsRefusedAsAWhole(String path, String body) {
        Answer answer = house.server().post(path, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("malformed_json");
    }
}
