package io.modelyard.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.SampleModels;
import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every change is told with who made it, newest first. */
final class AuditOverHttpTest {
    @TempDir
    static Path store;
    private static TestServer server;
    private static String keyId;

    @BeforeAll
    static void change() throws IOException {
        server = TestServer.prepare().store(SampleModels.copyTo(store)).start();
        keyId = server
                .post("/api-keys", "{\"name\": \"app\", \"roles\": [\"predict\", \"read\"], \"types\": [\"digits\"]}")
                .json().path("id").asText();
        good(server.post("/models/digits/1/activate", "{\"reason\": \"two is wrong\"}"));
        good(server.put("/models/digits/aliases/champion", "{\"version\": \"2\"}"));
        assertThat(server.get("/registry").json().get("default_type").isNull()).isTrue();
        good(server.put("/registry/default-type", "{\"type\": \"digits\"}"));
        assertThat(server.get("/registry").json().get("default_type").asText()).isEqualTo("digits");
        good(server.post("/api-keys/" + keyId + "/rotate", "{\"reason\": \"it leaked\"}"));
        good(server.delete("/api-keys/" + keyId + "?reason=gone"));
        Files.createDirectories(store.resolve("access/by-hand"));
        Files.writeString(store.resolve("access/by-hand/0000000001.json"), "nonsense");
        inOrder("access/admin/0000000001.json", "access/" + keyId + "/0000000001.json",
                "routing/digits/0000000001.json", "routing/digits/0000000002.json",
                "routing/_platform/0000000001.json", "access/" + keyId + "/0000000002.json",
                "access/" + keyId + "/0000000003.json", "access/by-hand/0000000001.json");
    }

    /** A folder's times are as fine as its file system's: these are apart for sure. */
    private static void inOrder(String... keys) throws IOException {
        Instant at = Instant.parse("2026-11-21T10:00:00Z");
        for (String key : keys) {
            Files.setLastModifiedTime(store.resolve(key), FileTime.from(at));
            at = at.plusSeconds(60);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void everyChangeIsThereNewestFirst() {
        JsonNode changes = audit("");
        assertThat(actions(changes)).startsWith("key by-hand unreadable 1", "key " + keyId + " revoke 3",
                "key " + keyId + " rotate 2", "platform default_type set_default_type 1",
                "routing digits set_alias @champion 2", "routing digits activate 1", "key " + keyId + " create 1",
                "key admin create 1");
        assertThat(actions(changes)).contains("version digits/1 publish 0", "version digits/2 publish 0",
                "version breast-cancer/1 publish 0").hasSize(8 + 4);

        JsonNode revoked = changes.path(1);
        assertThat(revoked.path("by").asText()).isEqualTo("admin");
        assertThat(revoked.path("reason").asText()).isEqualTo("gone");
        assertThat(Instant.parse(revoked.path("at").asText())).isAfter(Instant.parse("2026-01-01T00:00:00Z"));
        JsonNode activated = changes.path(5);
        assertThat(activated.path("from").asText()).isEqualTo("2");
        assertThat(activated.path("to").asText()).isEqualTo("1");
        assertThat(activated.path("reason").asText()).isEqualTo("two is wrong");
        assertThat(changes.path(6).path("to").asText()).isEqualTo("predict, read of digits");
        assertThat(changes.path(0).path("reason").asText()).contains("JSON");
        assertThat(changes.path(8).has("revision")).isFalse();
    }

    @Test
    void pagesGiveWhatAllAtOnceGives() {
        List<String> paged = new ArrayList<>();
        String cursor = "";
        do {
            Answer page = server.get("/audit?n_limit=5" + cursor);
            assertThat(page.status()).as(page.text()).isEqualTo(200);
            assertThat(page.json().path("changes").size()).isLessThanOrEqualTo(5);
            paged.addAll(actions(page.json().path("changes")));
            cursor = page.json().has("next_cursor") ? "&cursor=" + page.json().path("next_cursor").asText() : "";
        } while (!cursor.isEmpty());
        assertThat(paged).isEqualTo(actions(audit("")));
    }

    @Test
    void filtersNarrowIt() {
        assertThat(actions(audit("?kind=platform"))).containsExactly("platform default_type set_default_type 1");
        assertThat(actions(audit("?kind=routing"))).hasSize(2).allMatch(action -> action.startsWith("routing digits"));
        assertThat(actions(audit("?key=" + keyId))).containsExactly("key " + keyId + " revoke 3",
                "key " + keyId + " rotate 2", "key " + keyId + " create 1");
        assertThat(actions(audit("?type=digits"))).hasSize(4)
                .allMatch(action -> action.startsWith("routing digits") || action.startsWith("version digits/"));
        assertThat(actions(audit("?type=digits&kind=version"))).hasSize(2);
        assertThat(actions(audit("?type=digits&kind=key"))).isEmpty();
        assertThat(actions(audit("?since=2026-11-21T10:02:00Z&until=2026-11-21T10:04:00Z")))
                .containsExactly("routing digits set_alias @champion 2", "routing digits activate 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"n_limit=0", "n_limit=501", "n_limit=x", "kind=model", "type=Not%20one", "key=..%2Fx",
            "since=yesterday", "until=1", "cursor=abc", "cursor=%21"})
    void whatMakesNoSenseIsSaid(String query) {
        Answer answer = server.get("/audit?" + query);
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("bad_parameter");
        assertThat(answer.detail()).startsWith(query.substring(0, query.indexOf('=')));
    }

    private static JsonNode audit(String query) {
        Answer answer = server.get("/audit" + query);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().has("next_cursor")).isFalse();
        return answer.json().path("changes");
    }

    private static List<String> actions(JsonNode changes) {
        return Stream.iterate(0, i -> i < changes.size(), i -> i + 1).map(changes::path)
                .map(change -> change.path("kind").asText() + " " + change.path("subject").asText() + " "
                        + change.path("action").asText() + " " + change.path("revision").asLong())
                .toList();
    }

    private static void good(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }
}
