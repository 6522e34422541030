package io.modelyard.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import io.modelyard.publish.PublishConfiguration.Drop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

/** Dropped models as somebody meets them who runs a server. */
final class DropWatchTest {
    @TempDir
    Path store;

    @Test
    void servesWhatIsDroppedAndTellsInHealthWhatCannotBe() {
        try (TestServer server = TestServer.prepare().store(store).with("modelyard.publish.drop-settle", "20ms")
                .with("modelyard.publish.drop-interval", "20ms").start()) {
            PublishHouse.write(store.resolve("models/churn/1/model.pkl"), "\u0080\u0004csklearn.linear_model\n");
            PublishHouse.copy(PublishHouse.fixture("xgboost-wine-v34/model.ubj"), store.resolve(
                    "models/wine/1/model.ubj"));

            Answer predicted = until(() -> server.post("/predict/wine",
                    "{\"inputs\": [[13.17,5.19,2.32,22.0,93.0,null,0.63,0.61,1.55,7.9,0.6,1.48,725.0]]}"),
                    answer -> answer.status() == 200);
            assertThat(predicted.json().path("model_version").asText()).isEqualTo("1");

            Answer health = until(() -> server.get("/health"), answer -> answer.text().contains("models/churn/1"));
            assertThat(health.status()).isEqualTo(200);
            assertThat(health.text()).contains("models/churn/1/model.pkl is a pickle")
                    .doesNotContain(store.toString() + "/models");
        }
    }

    @ParameterizedTest
    @CsvSource({"AUTO, models-local, true", "AUTO, file:///srv/models, true", "AUTO, s3://bucket/prefix, false",
            "ON, s3://bucket, true", "OFF, models-local, false"})
    void looksOnlyWhereAListingCostsNothingUnlessItIsTold(Drop drop, String uri, boolean watches) {
        assertThat(new PublishConfiguration(drop, Duration.ZERO, Duration.ofSeconds(2), Path.of("work")).watches(uri))
                .isEqualTo(watches);
    }

    @Test
    void refusesTimesThatMakeNoSense() {
        assertThatThrownBy(() -> new PublishConfiguration(Drop.ON, Duration.ofSeconds(-1), Duration.ofSeconds(2),
                Path.of("work"))).hasMessageContaining("modelyard.publish.drop-settle is PT-1S");
        assertThatThrownBy(() -> new PublishConfiguration(Drop.ON, Duration.ZERO, Duration.ZERO, Path.of("work")))
                .hasMessageContaining("modelyard.publish.drop-interval is PT0S");
    }

    private interface Ask {
        Answer ask();
    }

    /** The server looks in its own time; asking is what passes it. */
    private static Answer until(Ask ask, Predicate<Answer> condition) {
        Instant limit = Instant.now().plusSeconds(60);
        Answer answer = ask.ask();
        while (!condition.test(answer) && Instant.now().isBefore(limit)) {
            answer = ask.ask();
        }
        assertThat(condition.test(answer)).as(answer.text()).isTrue();
        return answer;
    }
}
