package io.modelyard.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/** When a key was used last is known to the minute, also after a restart, and the store does not hear of it. */
final class LastUseTest {
    @TempDir
    Path home;

    @Test
    void isShownAndKeptOverARestart() throws IOException {
        Path store = Files.createDirectory(home.resolve("store"));
        String id;
        Instant used;
        try (TestServer server = server(store)) {
            Answer made = server.post("/api-keys", "{\"name\": \"a\", \"roles\": [\"predict\"]}");
            id = made.json().path("id").asText();
            assertThat(entry(server, id).has("last_used_at")).isFalse();
            long documents = documents(store);
            for (int i = 0; i < 5; i++) {
                assertThat(server.as(made.json().path("key").asText()).get("/whoami").status()).isEqualTo(200);
            }
            used = Instant.parse(entry(server, id).path("last_used_at").asText());
            assertThat(used.getEpochSecond() % 60).isZero();
            assertThat(Duration.between(used, Instant.now())).isBetween(Duration.ZERO, Duration.ofMinutes(2));
            assertThat(documents(store)).isEqualTo(documents);
        }
        try (TestServer server = server(store)) {
            assertThat(entry(server, id).path("last_used_at").asText()).isEqualTo(used.toString());
        }
    }

    @Test
    void anEarlierUseIsNotTheLast() {
        LastUses uses = new LastUses();
        Instant later = Instant.parse("2026-11-21T10:05:30Z");
        uses.of("k").note(later);
        uses.of("k").note(later.minus(Duration.ofMinutes(2)));
        assertThat(uses.at("k")).contains(Instant.parse("2026-11-21T10:05:00Z"));
        assertThat(uses.at("other")).isEmpty();
    }

    @Test
    void aDamagedFileIsNoReasonNotToStart() throws IOException {
        Path store = Files.createDirectory(home.resolve("store"));
        Files.createDirectories(home.resolve("data"));
        Files.writeString(home.resolve("data/last-use.json"), "{");
        try (TestServer server = server(store)) {
            assertThat(entry(server, "admin").has("last_used_at")).isTrue();
        }
    }

    private TestServer server(Path store) {
        return TestServer.prepare().spec("secured").store(store).data(home.resolve("data")).start();
    }

    private static long documents(Path store) throws IOException {
        try (Stream<Path> files = Files.walk(store)) {
            return files.count();
        }
    }

    private static JsonNode entry(TestServer server, String id) {
        for (JsonNode key : server.get("/api-keys").json().path("keys")) {
            if (key.path("id").asText().equals(id)) {
                return key;
            }
        }
        throw new AssertionError("there is no key " + id);
    }
}
