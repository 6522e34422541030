package io.modelyard.requestlog;

import static io.modelyard.requestlog.Exchanges.NOON;
import static io.modelyard.requestlog.Exchanges.exchange;
import static io.modelyard.requestlog.Exchanges.model;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.model.Experiment;
import io.modelyard.model.Model;
import io.modelyard.predict.AnswerSource;
import io.modelyard.predict.Exchange;
import io.modelyard.predict.Timing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

/** What of an exchange is kept. */
final class QueuedExchangeTest {
    private static final Model OPEN = model("penguins", "2", "full");

    @Test
    void everyFactOfAPredictionIsKept() {
        Exchange exchange = new Exchange("p-1", "r-1", NOON, "penguins", "@champion", OPEN, "key-1", 200, null,
                "[[1]]".getBytes(StandardCharsets.UTF_8),
                "[2]".getBytes(StandardCharsets.UTF_8), 1, AnswerSource.MEMORY, new Experiment.Assignment("e-1", "b"),
                new Timing(1, 2, 3, 4, 11));
        assertThat(row(exchange)).isEqualTo(new LoggedPrediction("p-1", "r-1", LoggedPrediction.micros(NOON),
                "penguins", "2", "@champion", "xgboost", "d16e57", "key-1", 200, null, "[[1]]", "[2]", 1, true, false,
                "e-1", "b",
                1, 2, 3, 4, 11));
    }

    @Test
    void inputsAreKeptOnlyWhereTheManifestAllowsIt() {
        assertThat(row(exchange("a", NOON, OPEN, 200, "[[1]]", "[2]")).inputs()).isEqualTo("[[1]]");
        LoggedPrediction hidden = row(exchange("a", NOON, model("t", "1", "none"), 200, "[[1]]", "[2]"));
        assertThat(hidden.inputs()).isNull();
        assertThat(hidden.predictions()).isEqualTo("[2]");
        assertThat(hidden.truncated()).isFalse();
    }

    @Test
    void inputsOfNoKnownModelAreNotKept() {
        LoggedPrediction row = row(exchange("a", NOON, null, 404, "[[1]]", null));
        assertThat(row.inputs()).isNull();
        assertThat(row.modelType()).isEqualTo("pinguins");
        assertThat(row.requestedVersion()).isEqualTo("7");
        assertThat(row.code()).isEqualTo("model_not_found");
    }

    @Test
    void inputsGoFirstWhenARowIsTooLarge() {
        Exchange exchange = exchange("a", NOON, OPEN, 200, "[" + "1,".repeat(50) + "1]", "[" + "2,".repeat(20) + "2]");
        LoggedPrediction whole = QueuedExchange.of(exchange, 146, null).row();
        LoggedPrediction withoutInputs = QueuedExchange.of(exchange, 145, null).row();
        LoggedPrediction withoutBoth = QueuedExchange.of(exchange, 42, null).row();
        assertThat(whole.inputs()).isNotNull();
        assertThat(whole.truncated()).isFalse();
        assertThat(withoutInputs.inputs()).isNull();
        assertThat(withoutInputs.predictions()).isNotNull();
        assertThat(withoutInputs.truncated()).isTrue();
        assertThat(withoutBoth.predictions()).isNull();
        assertThat(withoutBoth.truncated()).isTrue();
    }

    @Test
    void whatIsNotKeptTakesNoMemoryWhileItWaits() {
        Exchange large = exchange("a", NOON, OPEN, 200, "\"" + "x".repeat(100_000) + "\"", "[2]");
        assertThat(QueuedExchange.of(large, 1_000, null).bytes()).isLessThan(1_000);
        assertThat(QueuedExchange.of(large, 1_000_000, null).bytes()).isGreaterThan(100_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[[1,", "", "{\"a\": NaN}", "1 2", "[1]]", "{\"a\": \"x\ny\"}"})
    void inputsOfAFailureThatAreNotJsonAreLeftOut(String broken) {
        LoggedPrediction row = row(exchange("a", NOON, OPEN, 422, broken, null));
        assertThat(row.inputs()).isNull();
        assertThat(row.truncated()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[[1,2],[3]]", "{\"a\": [null, \"x\"]}", "7", "\"text\"", " [ ] "})
    void inputsOfAFailureThatAreJsonAreKept(String inputs) {
        assertThat(row(exchange("a", NOON, OPEN, 422, inputs, null)).inputs()).isEqualTo(inputs);
    }

    @Test
    void namesOfAnyLengthAreCut() {
        Exchange exchange = new Exchange("p", "r".repeat(5_000), NOON, "t".repeat(5_000), "v".repeat(5_000), null,
                null, 404, "model_not_found", null, null, 0, AnswerSource.BYPASS, null, Timing.NONE);
        LoggedPrediction row = row(exchange);
        assertThat(row.requestId()).hasSize(128);
        assertThat(row.modelType()).hasSize(128);
        assertThat(row.requestedVersion()).hasSize(128);
    }

    private static LoggedPrediction row(Exchange exchange) {
        return QueuedExchange.of(exchange, 1_000_000, null).row();
    }
}
