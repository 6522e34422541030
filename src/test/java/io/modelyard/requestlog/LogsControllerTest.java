package io.modelyard.requestlog;

import static io.modelyard.requestlog.Exchanges.exchange;
import static io.modelyard.requestlog.Exchanges.model;
import static io.modelyard.requestlog.Exchanges.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import io.micronaut.runtime.server.EmbeddedServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** GET /logs through a real server. */
final class LogsControllerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private EmbeddedServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() {
        server = ApplicationContext.run(EmbeddedServer.class,
                LogServer.properties(folder,
                        Map.of("micronaut.server.port", -1, "modelyard.requestlog.durability", "sync",
                                HeaderCaller.ENABLED, true, "endpoints.health.details-visible", "ANONYMOUS")),
                Environment.TEST);
    }

    @AfterEach
    void stop() {
        server.close();
        client.close();
    }

    @Test
    void aPredictionIsShownWithAllThatIsKnownOfIt() throws Exception {
        server.getApplicationContext().getBean(ExchangeLog.class).answerAfter(exchange("p-1")).toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        assertThat(get("/logs")).isEqualTo(JSON.readTree(
                """
                {"logs": [{"prediction_id": "p-1", "request_id": "request-p-1", "at": "2026-11-20T12:00:00.123456Z",
                "model_type": "penguins", "model_version": "2", "requested_version": null, "runtime": "xgboost",
                "model_digest": "d16e57", "key_id": "key-1", "status": 200, "code": null, "inputs": [[39.1, 18.7]],
                "predictions": [{"label": "Adelie"}], "rows": 1, "cached": false, "truncated": false, "timing_ms":
                {"preprocessing": 0.01, "queue": 0.02, "inference": 0.03, "postprocessing": 0.04, "total": 0.1}}],
                "next_cursor": null}"""));
        assertThat(get("/logs/p-1")).isEqualTo(get("/logs").at("/logs/0"));
    }

    @Test
    void aPredictionOfNoModelIsShownWithWhatWasAskedFor() throws Exception {
        server.getApplicationContext().getBean(ExchangeLog.class)
                .answerAfter(exchange("p-1", Exchanges.NOON, null, 404, "[[1]]", null)).toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        JsonNode row = get("/logs?status=404").at("/logs/0");
        assertThat(row.get("code").textValue()).isEqualTo("model_not_found");
        assertThat(row.get("model_type").textValue()).isEqualTo("pinguins");
        assertThat(row.get("requested_version").textValue()).isEqualTo("7");
        assertThat(row.get("model_version").isNull()).isTrue();
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
                "[\n  [1,\r\n 2]\n]", "[1]", 1, false, false, 0, 0, 0, 0, 0);
        append(IntStream.range(0, 450).mapToObj(i -> row("p" + i, i)).toList());
        append(List.of(pretty));
        HttpResponse<String> answer = send("/logs", "application/x-ndjson", "");
        assertThat(answer.headers().firstValue("Content-Type")).hasValueSatisfying(
                type -> assertThat(type).startsWith("application/x-ndjson"));
        List<String> lines = answer.body().lines().toList();
        assertThat(lines).hasSize(451);
        for (String line : lines) {
            assertThat(JSON.readTree(line).has("prediction_id")).isTrue();
        }
        assertThat(JSON.readTree(lines.getLast()).get("inputs")).isEqualTo(JSON.readTree("[[1,2]]"));
        assertThat(send("/logs?n_limit=3", "application/x-ndjson", "").body().lines()).hasSize(3);
    }

    @Test
    void aSlowCallerDoesNotMakeTheServerReadAhead() throws Exception {
        String large = "\"" + "x".repeat(500_000) + "\"";
        for (int batch = 0; batch < 15; batch++) {
            int first = batch * 10;
            append(IntStream.range(first, first + 10).mapToObj(i -> new LoggedPrediction("p" + i, "r", i, "t", "1",
                    null, "onnx", "d", null, 200, null, large, "[1]", 1, false, false, 0, 0, 0, 0, 0)).toList());
        }
        HttpRequest request = HttpRequest.newBuilder(server.getURI().resolve("/logs"))
                .header("Accept", "application/x-ndjson").build();
        try (InputStream body = client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body()) {
            assertThat(body.read()).isEqualTo('{');
            // The first line came; rows that are deleted before they were read will not.
            try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + LogServer.file(folder));
                    var statement = connection.createStatement()) {
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
        assertThat(JSON.readTree(send("/logs", "*/*", "churn").body()).findValuesAsText("prediction_id"))
                .containsExactly("b");
        assertThat(send("/logs/b", "*/*", "churn").statusCode()).isEqualTo(200);
        assertThat(send("/logs/a", "*/*", "churn").statusCode()).isNotEqualTo(200);
        assertThat(send("/logs/a", "*/*", "").statusCode()).isEqualTo(200);
    }

    @Test
    void healthTellsOfTheLog() throws Exception {
        server.getApplicationContext().getBean(ExchangeLog.class)
                .answerAfter(exchange("p-1", Exchanges.NOON, model("t", "1", "full"), 200, "[1]", "[1]"))
                .toCompletableFuture().get(30, TimeUnit.SECONDS);
        JsonNode health = get("/health");
        assertThat(health.at("/details/requestlog/status").textValue()).isEqualTo("UP");
        assertThat(health.at("/details/requestlog/details/written").longValue()).isEqualTo(1);
        assertThat(health.at("/details/requestlog/details/database_bytes").longValue()).isPositive();
        assertThat(health.at("/details/jdbc").isMissingNode()).isTrue();
    }

    private void append(List<LoggedPrediction> rows) {
        server.getApplicationContext().getBean(RequestLog.class).append(rows);
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(path, "application/json", "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValueSatisfying(
                type -> assertThat(type).startsWith("application/json"));
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> send(String path, String accept, String types)
            throws IOException, InterruptedException {
        URI uri = URI.create(server.getURI() + path);
        HttpRequest request = HttpRequest.newBuilder(uri).header("Accept", accept)
                .header(HeaderCaller.HEADER, types).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
