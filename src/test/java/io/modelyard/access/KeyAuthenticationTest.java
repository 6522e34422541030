package io.modelyard.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import io.modelyard.model.ApiKey;
import io.modelyard.model.Role;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Set;

/** Who gets in, and what those are told who do not. */
final class KeyAuthenticationTest {
    private static final TestServer SERVER = TestServer.prepare().spec("secured").start();

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void aKeyIsReadFromItsHeader() {
        Answer answer = SERVER.as(key("predictor", Set.of("penguins"), null, false, Role.PREDICT)).get("/whoami");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().path("key_id").asText()).isEqualTo("predictor");
        assertThat(answer.json().path("roles")).extracting(role -> role.asText()).containsExactly("predict");
        assertThat(answer.json().path("types")).extracting(type -> type.asText()).containsExactly("penguins");
    }

    @Test
    void aKeyIsReadFromABearerToken() {
        TestServer.Client client = SERVER.anonymous();
        for (String scheme : new String[]{"Bearer ", "bearer ", "BEARER  "}) {
            Answer answer = client.send(client.request("/whoami").header("Authorization", scheme + SERVER.adminKey())
                    .GET());
            assertThat(answer.status()).isEqualTo(200);
        }
    }

    @Test
    void checkingAKeyDoesNotLeaveTheEventLoop() {
        assertThat(SERVER.get("/whoami").json().path("on_event_loop").asBoolean()).isTrue();
    }

    @Test
    void adminIncludesEveryRole() {
        assertThat(SERVER.get("/whoami").json().path("roles")).hasSize(Role.values().length);
        assertThat(SERVER.post("/logs-or-read", "").status()).isEqualTo(200);
    }

    @Test
    void withoutAKeyItSaysHowToSendOne() {
        Answer answer = SERVER.anonymous().get("/whoami");
        assertUnauthenticated(answer);
        assertThat(answer.detail()).contains("X-API-Key").contains("Bearer");
        assertThat(answer.header("WWW-Authenticate")).contains("Bearer realm=\"modelyard\"");
    }

    @Test
    void anUnknownKeyIsRefusedWithoutBeingRepeated() {
        String unknown = PlainKey.random(new SecureRandom()).text();
        Answer answer = SERVER.as(unknown).get("/whoami");
        assertUnauthenticated(answer);
        assertThat(answer.text()).doesNotContain(unknown);
        assertThat(SERVER.as("").get("/whoami").status()).isEqualTo(401);
        assertThat(SERVER.as("x".repeat(7000)).get("/whoami").status()).isEqualTo(401);
    }

    @Test
    void anExpiredKeyIsToldWhenItExpired() {
        Answer answer = SERVER
                .as(key("old", Set.of(), Instant.parse("2020-01-01T00:00:00Z"), false, Role.PREDICT)).get("/whoami");
        assertUnauthenticated(answer);
        assertThat(answer.detail()).contains("'old'").contains("2020-01-01T00:00:00Z");
    }

    @Test
    void aRevokedKeyIsToldSo() {
        Answer answer = SERVER.as(key("gone", Set.of(), null, true, Role.PREDICT)).get("/whoami");
        assertUnauthenticated(answer);
        assertThat(answer.detail()).contains("'gone'").contains("revoked");
    }

    @Test
    void anotherSchemeIsExplained() {
        TestServer.Client client = SERVER.anonymous();
        Answer answer = client.send(client.request("/whoami").header("Authorization", "Basic dTpw").GET());
        assertUnauthenticated(answer);
        assertThat(answer.detail()).contains("Bearer");
    }

    @Test
    void aKeyInTheUrlIsNotReadAndTheCallerIsWarned() {
        Answer answer = SERVER.anonymous().get("/whoami?api_key=" + SERVER.adminKey());
        assertUnauthenticated(answer);
        assertThat(answer.detail()).contains("URL").contains("revoked");
    }

    @Test
    void aMissingRoleIsNamedBesideTheOnesThatAreThere() {
        Answer answer = SERVER.as(key("reader", Set.of(), null, false, Role.READ, Role.LOGS)).get("/whoami");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.code()).isEqualTo("forbidden");
        assertThat(answer.detail())
                .isEqualTo("GET /whoami needs the role 'predict'; the key 'reader' has logs, read");
    }

    @Test
    void anyOfSeveralRolesIsEnough() {
        assertThat(SERVER.as(key("logger", Set.of(), null, false, Role.LOGS)).post("/logs-or-read", "").status())
                .isEqualTo(200);
        Answer answer = SERVER.as(key("other", Set.of(), null, false, Role.OPERATE)).post("/logs-or-read", "");
        assertThat(answer.detail()).contains("'logs' or 'read'");
    }

    @Test
    void aPublicRouteTakesACallerWithAnyKeyOrNone() {
        assertThat(SERVER.anonymous().get("/anyone").text()).isEqualTo("nobody");
        assertThat(SERVER.as("my_nonsense").get("/anyone").text()).isEqualTo("nobody");
        assertThat(SERVER.get("/anyone").text()).isEqualTo("admin");
    }

    @Test
    void anUnknownPathIsUnknownWithOrWithoutAKey() {
        for (TestServer.Client client : new TestServer.Client[]{SERVER.anonymous(), SERVER.as("my_nonsense"),
                SERVER.as(SERVER.adminKey())}) {
            assertThat(client.get("/no/such").status()).isEqualTo(404);
        }
    }

    @Test
    void aRevocationHoldsFromTheNextRequestOn() {
        String plain = key("short-lived", Set.of(), null, false, Role.PREDICT);
        assertThat(SERVER.as(plain).get("/whoami").status()).isEqualTo(200);
        assertThat(SERVER.delete("/api-keys/short-lived").status()).isEqualTo(200);
        assertUnauthenticated(SERVER.as(plain).get("/whoami"));
    }

    private static void assertUnauthenticated(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("unauthenticated");
        assertThat(answer.header("Content-Type")).contains("application/problem+json");
        assertThat(answer.header("X-Request-Id")).isPresent();
    }

    /** Puts a key into the store and returns its plain text. */
    private static String key(String id, Set<String> types, @Nullable Instant expiresAt, boolean revoked,
            Role... roles) {
        PlainKey plain = PlainKey.random(new SecureRandom());
        SERVER.bean(KeyStore.class).change(id, _ -> new ApiKey(id, 1, ApiKeys.changeId(), id, plain.hash(),
                Set.of(roles), types, expiresAt, revoked, Instant.parse("2026-01-01T00:00:00Z"), null));
        return plain.text();
    }
}
