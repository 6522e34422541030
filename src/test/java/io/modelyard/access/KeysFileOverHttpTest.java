package io.modelyard.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.Eventually;
import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** A server that was given a file of keys knows them, and leaves them to whoever keeps the file. */
final class KeysFileOverHttpTest {
    private final PlainKey admin = PlainKey.random(new SecureRandom());

    @TempDir
    Path folder;
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        write("mounted", admin);
        server = TestServer.prepare().spec("secured")
                .with("modelyard.access.keys-file", folder.resolve("keys.json").toString())
                .with("modelyard.access.failed-attempts", 100_000).start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void itsAdminIsEnoughSoThatNoneIsMade() {
        Answer list = server.as(admin.text()).get("/api-keys");
        assertThat(list.status()).isEqualTo(200);
        JsonNode only = list.json().path("keys");
        assertThat(only).hasSize(1);
        assertThat(only.path(0).path("id").asText()).isEqualTo("mounted");
        assertThat(only.path(0).path("source").asText()).isEqualTo("file");
        assertThat(only.path(0).has("created_at")).isFalse();
        assertThat(server.dataDirectory().resolve("admin.key")).doesNotExist();
        assertThat(server.store().resolve("access")).doesNotExist();
    }

    @Test
    void theyAreNotChangedOverHttp() {
        for (Answer answer : new Answer[]{server.as(admin.text()).delete("/api-keys/mounted"),
                server.as(admin.text()).post("/api-keys/mounted/rotate", "{}")}) {
            assertThat(answer.status()).as(answer.text()).isEqualTo(409);
            assertThat(answer.code()).isEqualTo("key_from_file");
            assertThat(answer.detail()).contains("modelyard.access.keys-file");
        }
        assertThat(server.as(admin.text()).get("/whoami").status()).isEqualTo(200);
    }

    @Test
    void aChangedFileHoldsSoonAndABrokenOneIsSeenInHealth() throws IOException {
        PlainKey next = PlainKey.random(new SecureRandom());
        write("mounted", next);
        Eventually.isTrue("the new key is known", () -> server.as(next.text()).get("/whoami").status() == 200);
        assertThat(server.as(admin.text()).get("/whoami").status()).isEqualTo(401);
        assertThat(health().path("in_force").asBoolean()).isTrue();

        Files.writeString(folder.resolve("keys.json"), "{");
        Eventually.isTrue("the file is seen to be broken", () -> !health().path("in_force").asBoolean());
        assertThat(health().path("problem").asText()).contains("not JSON");
        assertThat(server.as(next.text()).get("/whoami").status()).isEqualTo(200);
    }

    @Test
    void whatTheStoreRevokedIsNotBroughtBackByTheFile() throws IOException {
        Answer made = server.as(admin.text()).post("/api-keys", "{\"name\": \"a\", \"roles\": [\"predict\"]}");
        String plain = made.json().path("key").asText();
        String id = made.json().path("id").asText();
        server.as(admin.text()).delete("/api-keys/" + id);
        Files.writeString(folder.resolve("keys.json"), """
                                                       {"keys": [{"id": "mounted", "hash": "%s", "roles": ["admin"]},
                                                        {"id": "%s", "hash": "%s", "roles": ["predict"]}]}
                                                       """.formatted(admin.hash(), id, new PlainKey(plain).hash()));
        server.bean(KeysFile.class).look();
        assertThat(server.bean(KeysFile.class).keys()).hasSize(2);
        assertThat(server.as(plain).get("/whoami").status()).isEqualTo(401);
        assertThat(server.as(admin.text()).get("/api-keys").json().path("keys").findValuesAsText("source"))
                .containsExactlyInAnyOrder("store", "file");
    }

    private JsonNode health() {
        return server.anonymous().get("/health").json().path("details").path("keys_file").path("details");
    }

    private void write(String id, PlainKey key) throws IOException {
        Files.writeString(folder.resolve("keys.json"), """
                                                       {"keys": [{"id": "%s", "hash": "%s", "roles": ["admin"]}]}
                                                       """.formatted(id, key.hash()));
    }
}
