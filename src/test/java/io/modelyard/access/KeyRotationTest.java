package io.modelyard.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;

/** A key gets another secret, and the old one is good for a while. */
final class KeyRotationTest {
    private static final TestServer SERVER = TestServer.prepare().spec("secured").start();

    private String id;
    private String old;

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @BeforeEach
    void make() {
        Answer made = SERVER.post("/api-keys", """
                                               {"name": "app", "roles": ["predict"], "types": ["penguins"],
                                                "limits": {"requests": {"per_second": 1000}}}""");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        id = made.json().path("id").asText();
        old = made.json().path("key").asText();
    }

    @Test
    void bothSecretsAreGoodAndOfTheSameKey() {
        Answer rotated = rotate("{\"reason\": \"it was in a log\"}");
        assertThat(rotated.status()).as(rotated.text()).isEqualTo(200);
        assertThat(rotated.header("Cache-Control")).contains("no-store");
        assertThat(rotated.json().path("id").asText()).isEqualTo(id);
        assertThat(rotated.json().path("types").path(0).asText()).isEqualTo("penguins");
        assertThat(rotated.json().path("limits").path("requests").path("burst").asLong()).isEqualTo(1000);
        Instant until = Instant.parse(rotated.json().path("previous_valid_until").asText());
        assertThat(Duration.between(Instant.now(), until)).isBetween(Duration.ofHours(23), Duration.ofHours(24));
        String fresh = rotated.json().path("key").asText();
        assertThat(fresh).isNotEqualTo(old);
        for (String secret : new String[]{old, fresh}) {
            assertThat(SERVER.as(secret).get("/whoami").json().path("key_id").asText()).isEqualTo(id);
        }
        assertThat(SERVER.get("/api-keys").text()).doesNotContain(fresh).contains(until.toString());
    }

    @Test
    void withoutABodyItOverlapsADay() {
        TestServer.Client admin = SERVER.as(SERVER.adminKey());
        Answer rotated = admin.send(admin.request("/api-keys/" + id + "/rotate").POST(BodyPublishers.noBody()));
        assertThat(rotated.status()).as(rotated.text()).isEqualTo(200);
        assertThat(SERVER.as(old).get("/whoami").status()).isEqualTo(200);
    }

    @Test
    void withoutAnOverlapTheOldSecretEndsAtOnce() {
        Answer rotated = rotate("{\"overlap_hours\": 0}");
        assertThat(rotated.json().has("previous_valid_until")).isFalse();
        assertThat(SERVER.as(old).get("/whoami").status()).isEqualTo(401);
        assertThat(SERVER.as(rotated.json().path("key").asText()).get("/whoami").status()).isEqualTo(200);
    }

    @Test
    void onlyTheLastSecretOverlaps() {
        String second = rotate("{}").json().path("key").asText();
        rotate("{}");
        assertThat(SERVER.as(old).get("/whoami").status()).isEqualTo(401);
        assertThat(SERVER.as(second).get("/whoami").status()).isEqualTo(200);
    }

    @Test
    void revokingEndsBoth() {
        String fresh = rotate("{}").json().path("key").asText();
        assertThat(SERVER.delete("/api-keys/" + id + "?reason=gone").status()).isEqualTo(200);
        for (String secret : new String[]{old, fresh}) {
            assertThat(SERVER.as(secret).get("/whoami").status()).isEqualTo(401);
        }
        Answer again = rotate("{}");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.code()).isEqualTo("key_not_valid");
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThat(SERVER.post("/api-keys/nobody/rotate", "{}").status()).isEqualTo(404);
        for (String body : new String[]{"{\"overlap_hours\": -1}", "{\"overlap_hours\": 721}"}) {
            Answer answer = rotate(body);
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.json().path("errors").path(0).path("pointer").asText()).isEqualTo("/overlap_hours");
        }
        assertThat(rotate("{\"overlap\": 1}").status()).isEqualTo(422);
    }

    private Answer rotate(String body) {
        return SERVER.post("/api-keys/" + id + "/rotate", body);
    }
}
