package io.modelyard.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.Eventually;
import io.modelyard.TestServer;
import io.modelyard.database.TestPostgres;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** The contract, on a PostgreSQL server. */
final class PostgresFeedbackTest extends FeedbackContract {
    @Override
    Map<String, Object> properties() {
        return Map.of("modelyard.requestlog.url", TestPostgres.database().url());
    }

    @Test
    void aReplicaTakesFeedbackAboutThePredictionsOfAnother() {
        Map<String, Object> shared = new HashMap<>(properties());
        shared.put("modelyard.requestlog.durability", "sync");
        try (FeedbackHouse one = new FeedbackHouse(scratch.resolve("one"), shared);
                FeedbackHouse other = new FeedbackHouse(scratch.resolve("other"), shared)) {
            String id = one.predict("price/1", "[[3]]");
            assertThat(other.server().post("/feedback/" + id, "{\"outcome\": 5}").json().get("scored").intValue())
                    .isEqualTo(1);
            assertThat(one.server().post("/feedback/" + id, "{\"outcome\": 5}").status()).isEqualTo(200);
            FeedbackSums sums = one.metrics().byVersion("price", Instant.EPOCH).getOrDefault("1", FeedbackSums.NONE);
            assertThat(sums.numbers()).isEqualTo(1);
            assertThat(sums.rmse().orElseThrow()).isEqualTo(2);
            // What has no square among the database's numbers.
            assertThat(one.server().post("/feedback/" + id, "{\"reward\": 1e-200}").status()).isEqualTo(200);
            assertThat(one.metrics().byVersion("price", Instant.EPOCH).getOrDefault("1", FeedbackSums.NONE)
                    .meanReward().orElseThrow()).isZero();
        }
    }

    @Test
    void whileTheDatabaseIsAwayFeedbackIsRefusedAndCanBeSentAgain() {
        TestPostgres postgres = TestPostgres.database();
        try (FeedbackHouse house = new FeedbackHouse(scratch, Map.of("modelyard.requestlog.url", postgres.url(),
                "modelyard.requestlog.connect-timeout", "500ms", "modelyard.requestlog.durability", "sync"))) {
            String id = house.predict("price/1", "[[3]]");
            postgres.goAway();
            TestServer.Answer answer = house.server().post("/feedback/" + id, "{\"outcome\": 5}");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.code()).isEqualTo("store_unavailable");
            postgres.comeBack();
            Eventually.isTrue("it is taken",
                    () -> house.server().post("/feedback/" + id, "{\"outcome\": 5}").status() == 200);
        }
    }
}
