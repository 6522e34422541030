package io.modelyard.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Making, listing and revoking keys. */
final class ApiKeysControllerTest {
    private final TestServer server = TestServer.prepare().spec("secured").start();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aNewKeyIsShownOnceAndWorks() {
        Answer made = server.post("/api-keys",
                "{\"name\": \"CI of birds\", \"roles\": [\"predict\"], \"types\": [\"penguins\"]}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.header("Cache-Control")).contains("no-store");
        String id = made.json().path("id").asText();
        assertThat(id).matches("ci-of-birds-[0-9a-f]{8}");
        String plain = made.json().path("key").asText();
        assertThat(plain).matches("my_[A-Za-z0-9_-]{43}");
        assertThat(made.json().path("created_by").asText()).isEqualTo("admin");

        assertThat(server.as(plain).get("/whoami").json().path("types").path(0).asText()).isEqualTo("penguins");

        Answer list = server.get("/api-keys");
        assertThat(list.text()).doesNotContain(plain).doesNotContain(new PlainKey(plain).hash());
        JsonNode entry = entry(list, id);
        assertThat(entry.path("name").asText()).isEqualTo("CI of birds");
        assertThat(entry.path("state").asText()).isEqualTo("valid");
        assertThat(entry.path("roles").path(0).asText()).isEqualTo("predict");
        assertThat(entry.has("key")).isFalse();
    }

    @Test
    void aKeyMayExpire() {
        Answer inDays = server.post("/api-keys", "{\"name\": \"a\", \"roles\": [\"read\"], \"expires_in_days\": 30}");
        Instant end = Instant.parse(inDays.json().path("expires_at").asText());
        assertThat(Duration.between(Instant.now(), end)).isBetween(Duration.ofDays(29), Duration.ofDays(30));
        Answer at = server.post("/api-keys",
                "{\"name\": \"a\", \"roles\": [\"read\"], \"expires_at\": \"2099-01-01T00:00:00Z\"}");
        assertThat(at.json().path("expires_at").asText()).isEqualTo("2099-01-01T00:00:00Z");
    }

    @Test
    void everythingThatIsWrongIsPointedAt() {
        Answer answer = server.post("/api-keys",
                """
                {"name": " ", "roles": ["predict", "king"], "types": ["Not A Type"], "expires_in_days": 0}""");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.code()).isEqualTo("invalid_input");
        assertThat(answer.json().path("errors").findValuesAsText("pointer")).containsExactly("/name", "/roles/1",
                "/types/0", "/expires_in_days");
        assertInvalid("{}", "/name", "/roles");
        assertInvalid("{\"name\": \"a\", \"roles\": [\"read\"], \"expires_at\": \"2001-01-01T00:00:00Z\"}",
                "/expires_at");
        assertInvalid("{\"name\": \"a\", \"roles\": [\"admin\"], \"types\": [\"penguins\"]}", "/types");
        assertInvalid("{\"name\": \"a\", \"roles\": [\"read\"], \"expires_in_days\": 1, "
                + "\"expires_at\": \"2099-01-01T00:00:00Z\"}", "/expires_at");
        assertInvalid("{\"name\": \"a\", \"roles\": [null]}", "/roles/0");
    }

    @Test
    void aKeyMayHaveLimits() {
        Answer made = server.post("/api-keys",
                """
                {"name": "a", "roles": ["predict"], "limits": {"requests": {"per_second": 0.5},
                 "rows": {"per_second": 100, "burst": 5000}}}""");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        for (JsonNode limits : new JsonNode[]{made.json().path("limits"),
                entry(server.get("/api-keys"), made.json().path("id").asText()).path("limits")}) {
            assertThat(limits.path("requests").path("per_second").asDouble()).isEqualTo(0.5);
            assertThat(limits.path("requests").path("burst").asLong()).isEqualTo(1);
            assertThat(limits.path("rows").path("burst").asLong()).isEqualTo(5000);
        }
    }

    @Test
    void whatIsWrongWithLimitsIsPointedAt() {
        assertInvalid("{\"name\": \"a\", \"roles\": [\"read\"], \"limits\": {\"requests\": {\"burst\": 0}, "
                + "\"rows\": {\"per_second\": 0}}}", "/limits/requests/per_second", "/limits/requests/burst",
                "/limits/rows/per_second");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"request\": {\"per_second\": 1}}", "{\"requests\": {\"per_minute\": 1}}"})
    void aMisspeltLimitDoesNotMakeAKeyWithoutOne(String limits) {
        Answer answer = server.post("/api-keys",
                "{\"name\": \"a\", \"roles\": [\"read\"], \"limits\": " + limits + "}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
    }

    @Test
    void aMisspeltMemberIsNotOverlooked() {
        Answer answer = server.post("/api-keys", "{\"name\": \"a\", \"roles\": [\"read\"], \"expires_in\": 1}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.detail()).contains("expires_in");
        assertThat(server.get("/api-keys").json().path("keys")).hasSize(1);
    }

    @Test
    void revokingTwiceIsRevoking() {
        Answer made = server.post("/api-keys", "{\"name\": \"a\", \"roles\": [\"predict\"]}");
        String id = made.json().path("id").asText();
        for (int i = 0; i < 2; i++) {
            Answer revoked = server.delete("/api-keys/" + id);
            assertThat(revoked.status()).isEqualTo(200);
            assertThat(revoked.json().path("state").asText()).isEqualTo("revoked");
        }
        assertThat(server.as(made.json().path("key").asText()).get("/whoami").status()).isEqualTo(401);
        assertThat(server.bean(KeyStore.class).keys().get(id)).isNotNull()
                .extracting(key -> key.revision()).isEqualTo(2L);
    }

    @Test
    void theLastValidAdminKeyCannotBeRevoked() {
        Answer refused = server.delete("/api-keys/admin");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("last_admin_key");
        Answer second = server.post("/api-keys", "{\"name\": \"second\", \"roles\": [\"admin\"]}");
        assertThat(server.delete("/api-keys/admin").status()).isEqualTo(200);
        TestServer.Client heir = server.as(second.json().path("key").asText());
        assertThat(heir.delete("/api-keys/" + second.json().path("id").asText()).status()).isEqualTo(409);
    }

    @Test
    void aKeyThatNeverWasIsNotFound() {
        Answer answer = server.delete("/api-keys/nobody");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.detail()).contains("'nobody'");
    }

    @Test
    void onlyAdminsMayDoAnyOfThis() {
        String plain = server.post("/api-keys", "{\"name\": \"a\", \"roles\": [\"predict\", \"read\", \"logs\", "
                + "\"publish\", \"operate\"]}").json().path("key").asText();
        TestServer.Client client = server.as(plain);
        List<Answer> answers = List.of(client.get("/api-keys"), client.post("/api-keys", "{}"),
                client.delete("/api-keys/admin"));
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.detail()).contains("'admin'").contains("operate");
        });
    }

    private void assertInvalid(String json, String... pointers) {
        Answer answer = server.post("/api-keys", json);
        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.json().path("errors").findValuesAsText("pointer")).containsExactly(pointers);
    }

    private static JsonNode entry(Answer list, String id) {
        for (JsonNode key : list.json().path("keys")) {
            if (key.path("id").asText().equals(id)) {
                return key;
            }
        }
        throw new AssertionError("no " + id + " in " + list.text());
    }
}
