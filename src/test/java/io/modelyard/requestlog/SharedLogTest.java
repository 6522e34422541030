package io.modelyard.requestlog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.TestServer;
import io.modelyard.database.TestPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** GET /logs of two servers that share a PostgreSQL database. */
@Timeout(60)
final class SharedLogTest {
    private final TestPostgres postgres = TestPostgres.database();

    @Test
    void eitherServerShowsThePredictionsOfBoth() {
        try (TestServer one = start(); TestServer other = start()) {
            String first = one.post("/predict/pinguins/7", "{\"inputs\": [[1, 2]]}").json().get("request_id")
                    .textValue();
            String second = other.post("/predict/pinguins", "{\"inputs\": [[1, 2]]}").json().get("request_id")
                    .textValue();
            for (TestServer server : List.of(one, other)) {
                assertThat(server.get("/logs?status=error&type=pinguins").json().findValuesAsText("request_id"))
                        .containsExactly(second, first);
                JsonNode health = server.get("/health").json().at("/details/requestlog");
                assertThat(health.get("status").textValue()).isEqualTo("UP");
                assertThat(health.at("/details/written").intValue()).isEqualTo(1);
            }
        }
    }

    @Test
    void theCursorOfOneServerLeadsOnAtTheOther() {
        try (TestServer one = start(); TestServer other = start()) {
            one.bean(RequestLog.class).append(
                    IntStream.range(0, 250).mapToObj(i -> Exchanges.row("p%03d".formatted(i), i / 3)).toList());
            List<String> ids = new ArrayList<>();
            String cursor = "";
            TestServer next = other;
            do {
                JsonNode page = next.get("/logs?n_limit=70" + cursor).json();
                page.get("logs").forEach(log -> ids.add(log.get("prediction_id").textValue()));
                cursor = page.get("next_cursor").isNull() ? "" : "&cursor=" + page.get("next_cursor").textValue();
                next = next == other ? one : other;
            } while (!cursor.isEmpty());
            assertThat(ids).isEqualTo(IntStream.range(0, 250).mapToObj(i -> "p%03d".formatted(249 - i)).toList());
            TestServer.Answer lines = other.as(other.adminKey())
                    .send(other.as(other.adminKey()).request("/logs").header("Accept", "application/x-ndjson").GET());
            assertThat(lines.text().lines()).hasSize(250);
            assertThat(other.get("/logs/p007").json().get("model_type").textValue()).isEqualTo("penguins");
        }
    }

    private TestServer start() {
        return TestServer.prepare().with("modelyard.requestlog.url", postgres.url())
                .with("modelyard.requestlog.durability", "sync").with("modelyard.requestlog.retention", "36500d")
                .start();
    }
}
