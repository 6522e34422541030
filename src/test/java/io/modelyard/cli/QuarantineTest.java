package io.modelyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelyard.trial.Guests;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A server in a process of its own that a model ends, trials being off; the next one does not load that model. */
final class QuarantineTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void aModelThatEndedTheServerIsNotLoadedByTheNextOne() throws Exception {
        Guests guests = new Guests(Files.createDirectory(folder.resolve("store")));
        guests.publish("killer", "1", "works works");
        guests.publish("killer", "2", "works segfaults");
        try (ChildProcess first = serve()) {
            URI server = URI.create(url(first));
            assertThat(died(server, "/predict/killer")).as("@latest is what kills").isTrue();
            assertThat(first.exitCode()).isNotZero();
        }
        try (ChildProcess second = serve()) {
            URI server = URI.create(url(second));
            JsonNode answer = ask(server, "/predict/killer", Guests.REQUEST);
            assertThat(answer.path("model_version").asText()).as(answer.toString()).isEqualTo("1");

            JsonNode refused = ask(server, "/predict/killer/2", Guests.REQUEST);
            assertThat(refused.path("code").asText()).isEqualTo("model_load_failed");
            assertThat(refused.path("detail").asText()).contains("it ended this server while it was being loaded at")
                    .contains("POST /models/killer/2/load tries it again");
            JsonNode status = ask(server, "/models/killer/2", null);
            assertThat(status.path("state").asText()).isEqualTo("FAILED");
            JsonNode health = ask(server, "/health", null);
            assertThat(health.path("status").asText()).isEqualTo("UP");
            assertThat(health.at("/details/trial/details/quarantined/killer~12").asText()).as(health.toString())
                    .contains("it ended this server");

            assertThat(died(server, "/models/killer/2/load")).as("an operator takes it upon himself").isTrue();
            assertThat(second.exitCode()).isNotZero();
        }
    }

    private ChildProcess serve() {
        return ChildProcess.modelyard(
                Map.of("MODELYARD_DATA_DIR", folder.resolve("data").toString(), "MODELYARD_STORE_URI",
                        folder.resolve("store").toString(), "JAVA_TOOL_OPTIONS",
                        "-XX:-CreateCoredumpOnCrash -XX:ErrorFile=" + folder.resolve("crash.log")),
                "serve", "--port", "0", "-Dmodelyard.publish.drop=off", "-Dmodelyard.test.guests=true",
                "-Dmodelyard.trial.enabled=false");
    }

    private static String url(ChildProcess server) {
        return server.await("Modelyard serves at (http://\\S+)").group(1);
    }

    private boolean died(URI server, String path) throws InterruptedException, IOException {
        HttpRequest request = request(server, path, Guests.REQUEST);
        try {
            http.send(request, BodyHandlers.ofString());
            return false;
        } catch (IOException connectionLost) {
            return true;
        }
    }

    private JsonNode ask(URI server, String path, @Nullable String body) throws IOException, InterruptedException {
        return new ObjectMapper().readTree(http.send(request(server, path, body), BodyHandlers.ofString()).body());
    }

    private HttpRequest request(URI server, String path, @Nullable String body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path)).header("X-API-Key",
                Files.readString(folder.resolve("data/admin.key")).strip()).header("Content-Type", "application/json");
        return (body == null ? request : request.POST(BodyPublishers.ofString(body))).build();
    }
}
