package io.modelyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelyard.Eventually;
import io.modelyard.SlowModel;
import io.modelyard.http.RawExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** A server that is told to end by SIGTERM, as an orchestrator does. */
final class StoppedServerTest {
    private static final int REQUESTS = 48;
    private static final int TERMINATED = 128 + 15;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void allThatWasTakenIsAnsweredAndLogged() throws Exception {
        SlowModel.publish(folder.resolve("store"), 1000);
        try (ChildProcess server = serve()) {
            URI url = URI.create(server.await("Modelyard serves at (http://\\S+)").group(1));
            String key = Files.readString(folder.resolve("data/admin.key")).strip();
            assertThat(http.send(predict(url, key), BodyHandlers.ofString()).statusCode()).isEqualTo(200);
            List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, REQUESTS)
                    .mapToObj(i -> http.sendAsync(predict(url, key), BodyHandlers.ofString())).toList();
            Eventually.isTrue("they are in flight", () -> inFlight(url) > REQUESTS / 2);
            Set<String> ids = new HashSet<>();
            server.terminate();
            int answered = 0;
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                HttpResponse<String> response = answer.handle((done, failed) -> done).join();
                // Which had not been taken when the server began to refuse, is refused; none is lost.
                assertThat(response).as("an answer").isNotNull();
                if (response.statusCode() == 200) {
                    answered++;
                    ids.add(new ObjectMapper().readTree(response.body()).get("prediction_id").asText());
                } else {
                    assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
                    assertThat(response.body()).contains("shutting_down");
                }
            }
            assertThat(answered).isGreaterThan(REQUESTS / 2);
            assertThat(logged()).containsAll(ids);
            assertThat(server.exitCode()).isIn(0, TERMINATED);
        }
    }

    @Test
    void aRequestThatDoesNotEndDoesNotKeepItAlive() throws Exception {
        SlowModel.publish(folder.resolve("store"), 1);
        try (ChildProcess server = serve("-Dmodelyard.shutdown.grace=1200ms")) {
            URI url = URI.create(server.await("Modelyard serves at (http://\\S+)").group(1));
            String key = Files.readString(folder.resolve("data/admin.key")).strip();
            RawExchange exchange = RawExchange.with(url.getPort()).send("POST /predict HTTP/1.1\r\nHost: x\r\n"
                    + "Content-Type: application/json\r\nX-API-Key: " + key + "\r\nContent-Length: 100\r\n\r\n{");
            Eventually.isTrue("it is in flight", () -> inFlight(url) >= 2);
            server.terminate();
            assertThat(server.exitCode()).isIn(0, 1, TERMINATED);
            assertThat(server.outputAtEnd()).contains("1 requests are dropped");
            assertThat(exchange.head()).isEmpty();
        }
    }

    private ChildProcess serve(String... more) {
        List<String> arguments = new ArrayList<>(List.of("serve", "--port", "0",
                "-Dmodelyard.publish.drop=off"));
        arguments.addAll(List.of(more));
        return ChildProcess.modelyard(Map.of("MODELYARD_DATA_DIR", folder.resolve("data").toString(),
                "MODELYARD_STORE_URI", folder.resolve("store").toString()), arguments.toArray(String[]::new));
    }

    /** The one that asks included. */
    private int inFlight(URI url) throws IOException, InterruptedException {
        String health = http.send(HttpRequest.newBuilder(url.resolve("/health")).build(), BodyHandlers.ofString())
                .body();
        return new ObjectMapper().readTree(health).at("/details/http/details/requests").asInt();
    }

    private static HttpRequest predict(URI url, String key) {
        return HttpRequest.newBuilder(url.resolve("/predict")).header("X-API-Key", key)
                .header("Content-Type", "application/json").POST(BodyPublishers.ofString(SlowModel.ROW)).build();
    }

    private Set<String> logged() throws SQLException {
        Set<String> ids = new HashSet<>();
        try (Connection connection = DriverManager
                .getConnection("jdbc:sqlite:" + folder.resolve("data/requestlog.db"));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT prediction_id FROM prediction_log")) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        }
        return ids;
    }
}
