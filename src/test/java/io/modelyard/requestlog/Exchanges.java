package io.modelyard.requestlog;

import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.predict.AnswerSource;
import io.modelyard.predict.Exchange;
import io.modelyard.predict.Timing;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Exchanges and rows to test with. */
final class Exchanges {
    static final Instant NOON = Instant.parse("2026-11-20T12:00:00.123456Z");

    private Exchanges() {}

    static Model model(String type, String version, String logInputs) {
        Manifest manifest = new Manifest(1, type, version, "xgboost", null, List.of(), List.of(), List.of(), List.of(),
                null, null, false, Map.of(), null, new Manifest.LogOptions(logInputs), null, null, NOON, "ci",
                Map.of());
        return new Model(manifest, "d16e57");
    }

    /** A prediction of penguins/2 that went well. */
    static Exchange exchange(String id) {
        return exchange(id, NOON, model("penguins", "2", "full"), 200, "[[39.1,18.7]]", "[{\"label\":\"Adelie\"}]");
    }

    static Exchange exchange(String id, Instant at, @Nullable Model model, int status, @Nullable String inputs,
            @Nullable String predictions) {
        return new Exchange(id, "request-" + id, at, model == null ? "pinguins" : model.id().type(),
                model == null ? "7" : null, model, "key-1", status,
                status < 400 ? null : model == null ? "model_not_found" : "invalid_input", utf8(inputs),
                utf8(predictions), 1, AnswerSource.MISS, null, new Timing(10_000, 20_000, 30_000, 40_000, 100_000));
    }

    /** The row of a prediction of {@code type}, so many microseconds after noon. */
    static LoggedPrediction row(String id, long micros, String type, String version, int status, String keyId) {
        return new LoggedPrediction(id, "r", LoggedPrediction.micros(NOON) + micros, type, version, null, "xgboost",
                "d16e57", keyId, status, status < 400 ? null : "invalid_input", "[[1.5]]", "[0.5]", 1, false, false,
                null, null, 1,
                2, 3, 4, 10);
    }

    static LoggedPrediction row(String id, long micros) {
        return row(id, micros, "penguins", "1", 200, "key-1");
    }

    private static byte @Nullable [] utf8(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
