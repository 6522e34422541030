package io.modelyard.requestlog;

import static io.modelyard.requestlog.Exchanges.exchange;
import static io.modelyard.requestlog.Exchanges.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelyard.TestServer;
import io.modelyard.predict.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** GET /logs through a real server. */
@Timeout(60)
final class LogsControllerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestServer server = TestServer.prepare().with("modelyard.requestlog.durability", "sync")
            .with("modelyard.requestlog.retention", "36500d").start();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aPredictionIsShownWithAllThatIsKnownOfIt() throws Exception {
        predict(exchange("p-1"));
        assertThat(get("/logs")).isEqualTo(JSON.readTree(
                """
                {"logs": [{"prediction_id": "p-1", "request_id": "request-p-1", "at": "2026-11-20T12:00:00.123456Z",
                "model_type": "penguins", "model_version": "2", "requested_version": null, "runtime": "xgboost",
                "model_digest": "d16e57", "key_id": "key-1", "status": 200, "code": null, "inputs": [[39.1, 18.7]],
                "predictions": [{"label": "Adelie"}], "rows": 1, "cached": false, "truncated": false, "experiment": null, "arm": null, "timing_ms":
                {"preprocessing": 0.01, "queue": 0.02, "inference": 0.03, "postprocessing": 0.04, "total": 0.1}}],
                "next_cursor": null}"""));
        assertThat(get("/logs/p-1")).isEqualTo(get("/logs").at("/logs/0"));
    }

    @Test
    void aPredictionOfNoModelIsShownWithWhatWasAskedFor() throws Exception {
        predict(exchange("p-1", Exchanges.NOON, null, 404, "[[1]]", null));
        JsonNode row = get("/logs?status=404").at("/logs/0");
        assertThat(row.get("code").textValue()).isEqualTo("model_not_found");
        assertThat(row.get("model_type").textValue()).isEqualTo("pinguins");
        assertThat(row.get("requested_version").textValue()).isEqualTo("7");
        assertThat(row.get("model_version").isNull()).isTrue();
    }

    @Test
    void withDurabilitySyncARequestThatFailedIsLoggedWhenItsAnswerCame() {
        TestServer.Answer answer = server.post("/predict/pinguins/7", "{\"inputs\": [[1, 2]]}");
        assertThat(answer.status()).isEqualTo(404);
        JsonNode row = get("/logs").at("/logs/0");
        assertThat(row.get("status").intValue()).isEqualTo(404);
        assertThat(row.get("code").textValue()).isEqualTo("model_not_found");
        assertThat(row.get("model_type").textValue()).isEqualTo("pinguins");
        assertThat(row.get("requested_version").textValue()).isEqualTo("7");
        assertThat(row.get("key_id").textValue()).isEqualTo("admin");
        assertThat(row.get("request_id").textValue()).isEqualTo(answer.header("X-Request-Id").orElseThrow());
        assertThat(row.get("inputs").isNull()).isTrue();
    }

    @Test
    void theCursorLeadsThroughAllRows() throws Exception {
        append(IntStream.range(0, 250).mapToObj(i -> row("p%03d".formatted(i), i / 3)).toList());
        List<String> ids = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = get("/logs?n_limit=70" + cursor);
            page.get("logs").forEach(log -> ids.add(log.get("prediction_id").textValue()));
            cursor = page.get("next_cursor").isNull() ? "" : "&cursor=" + page.get("next_cursor").textValue();
        } while (!cursor.isEmpty());
        assertThat(ids).isEqualTo(
                IntStream.range(0, 250).mapToObj(i -> "p%03d".formatted(249 - i)).toList());
        assertThat(get("/logs").get("logs")).hasSize(100);
        assertThat(get("/logs?n_limit=1000").get("logs")).hasSize(250);
    }

    @Test
    void filtersAreTakenFromTheQuery() throws Exception {
        append(List.of(row("a", 0, "penguins", "1", 200, "k1"), row("b", 1_000_000, "churn", "2", 422, "k2")));
        for (String filter : List.of("type=churn", "version=2", "status=422", "status=error", "key_id=k2",
                "prediction_id=b", "since=2026-11-20T12:00:01Z", "since=2026-11-20T13:00:01%2B01:00",
                "type=churn&version=2&status=error&key_id=k2&since=2026-11-20T12:00:01Z")) {
            assertThat(get("/logs?" + filter).findValuesAsText("prediction_id")).as(filter).containsExactly("b");
        }
        for (String filter : List.of("status=ok", "until=2026-11-20T12:00:01Z")) {
            assertThat(get("/logs?" + filter).findValuesAsText("prediction_id")).as(filter).containsExactly("a");
        }
    }

    @Test
    void linesAreRowsAndAreNotLimitedUnlessAsked() throws Exception {
        LoggedPrediction pretty = new LoggedPrediction("q", "r", 0, "t", "1", null, "onnx", "d", null, 200, null,
                "[\n  [1,\r\n 2]\n]", "[1]", 1, false, false, null, null, 0, 0, 0, 0, 0);
        append(IntStream.range(0, 450).mapToObj(i -> row("p" + i, i)).toList());
        append(List.of(pretty));
        TestServer.Answer answer = lines("/logs");
        assertThat(answer.header("Content-Type")).hasValueSatisfying(
                type -> assertThat(type).startsWith("application/x-ndjson"));
        List<String> lines = answer.text().lines().toList();
        assertThat(lines).hasSize(451);
        for (String line : lines) {
            assertThat(JSON.readTree(line).has("prediction_id")).isTrue();
        }
        assertThat(JSON.readTree(lines.getLast()).get("inputs")).isEqualTo(JSON.readTree("[[1,2]]"));
        assertThat(lines("/logs?n_limit=3").text().lines()).hasSize(3);
    }

    @Test
    void aSlowCallerDoesNotMakeTheServerReadAhead() throws Exception {
        String large = "\"" + "x".repeat(500_000) + "\"";
        for (int batch = 0; batch < 15; batch++) {
            int first = batch * 10;
            append(IntStream.range(first, first + 10).mapToObj(i -> new LoggedPrediction("p" + i, "r", i, "t", "1",
                    null, "onnx", "d", null, 200, null, large, "[1]", 1, false, false, null, null, 0, 0, 0, 0, 0))
                    .toList());
        }
        HttpRequest request = server.as(server.adminKey()).request("/logs").header("Accept", "application/x-ndjson")
                .build();
        try (HttpClient client = HttpClient.newHttpClient();
                InputStream body = client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body()) {
            assertThat(body.read()).isEqualTo('{');
            // The first line came; rows that are deleted before they were read will not.
            try (Connection connection = DriverManager
                    .getConnection("jdbc:sqlite:" + LogServer.file(server.dataDirectory()));
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("DELETE FROM prediction_log WHERE at_micros < 60");
            }
            long lines = 0;
            byte[] buffer = new byte[1 << 16];
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                for (int i = 0; i < n; i++) {
                    lines += buffer[i] == '\n' ? 1 : 0;
                }
            }
            assertThat(lines).isLessThan(150).isGreaterThanOrEqualTo(90);
        }
    }

    @Test
    void aCallerOfSomeTypesSeesTheirRowsOnly() throws Exception {
        append(List.of(row("a", 1, "penguins", "1", 200, "k"), row("b", 2, "churn", "1", 200, "k")));
        TestServer.Client limited = key("logs", "\"churn\"");
        assertThat(limited.get("/logs").json().findValuesAsText("prediction_id")).containsExactly("b");
        assertThat(limited.get("/logs?type=penguins").json().get("logs")).isEmpty();
        assertThat(limited.get("/logs/b").status()).isEqualTo(200);
        assertThat(limited.get("/logs/a").status()).isEqualTo(404);
        assertThat(key("logs", "").get("/logs").json().get("logs")).hasSize(2);
    }

    @Test
    void onlyTheRoleLogsReadsTheLog() {
        assertThat(server.anonymous().get("/logs").status()).isEqualTo(401);
        assertThat(key("predict", "").get("/logs").status()).isEqualTo(403);
        assertThat(key("read", "").get("/logs/a").status()).isEqualTo(403);
    }

    @Test
    void aParameterThatMakesNoSenseIsAProblem() {
        for (String query : List.of("n_limit=0", "n_limit=1001", "n_limit=x", "status=fine", "since=now", "cursor=x")) {
            TestServer.Answer answer = server.get("/logs?" + query);
            assertThat(answer.status()).as(query).isEqualTo(400);
            assertThat(answer.code()).isEqualTo("bad_parameter");
            assertThat(answer.detail()).startsWith(query.substring(0, query.indexOf('=')));
        }
        assertThat(lines("/logs?n_limit=0").code()).isEqualTo("bad_parameter");
    }

    @Test
    void aPredictionThatIsNotThereIsNotFound() {
        assertThat(server.get("/logs/nothing").status()).isEqualTo(404);
        assertThat(server.get("/logs/nothing").code()).isEqualTo("not_found");
    }

    @Test
    void healthTellsOfTheLog() throws Exception {
        predict(exchange("p-1"));
        JsonNode health = get("/health");
        assertThat(health.at("/details/requestlog/status").textValue()).isEqualTo("UP");
        assertThat(health.at("/details/requestlog/details/written").longValue()).isEqualTo(1);
        assertThat(health.at("/details/requestlog/details/queued_rows").longValue()).isZero();
        assertThat(health.at("/details/jdbc").isMissingNode()).isTrue();
    }

    @Test
    void aLogThatCannotBeUsedDegradesTheServerButDoesNotTakeItDown() throws Exception {
        Path file = Files.createTempFile("modelyard", "file");
        try (TestServer broken = TestServer.prepare()
                .with("modelyard.requestlog.url", "jdbc:sqlite:" + file + "/below/requestlog.db").start()) {
            while (broken.bean(RequestLogStats.class).failingSince().isEmpty()) {
                Thread.onSpinWait();
            }
            TestServer.Answer health = broken.get("/health");
            assertThat(health.status()).isEqualTo(200);
            assertThat(health.json().at("/details/requestlog/status").textValue()).isEqualTo("DEGRADED");
            assertThat(health.json().at("/details/requestlog/details/last_error").textValue()).contains("below");
            assertThat(broken.get("/logs").status()).isEqualTo(503);
            assertThat(broken.get("/logs").code()).isEqualTo("store_unavailable");
        } finally {
            Files.delete(file);
        }
    }

    private void append(List<LoggedPrediction> rows) {
        server.bean(RequestLog.class).append(rows);
    }

    /** Observes the exchange and returns when its answer may go out. */
    private void predict(Exchange exchange) {
        server.bean(ExchangeLog.class).answerAfter(exchange).toCompletableFuture().orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private JsonNode get(String path) {
        TestServer.Answer answer = server.get(path);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).hasValueSatisfying(
                type -> assertThat(type).startsWith("application/json"));
        return answer.json();
    }

    private TestServer.Answer lines(String path) {
        TestServer.Client admin = server.as(server.adminKey());
        return admin.send(admin.request(path).header("Accept", "application/x-ndjson"));
    }

    /** A client with a new key. */
    private TestServer.Client key(String role, String types) {
        return server.as(server.post("/api-keys",
                "{\"name\": \"test\", \"roles\": [\"" + role + "\"], \"types\": [" + types + "]}").json().get("key")
                .textValue());
    }
}
