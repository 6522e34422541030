package io.modelyard.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.Eventually;
import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import io.modelyard.registry.Registry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Keys live in the store, so every server that reads it knows them. */
final class SharedStoreTest {
    @TempDir
    Path home;
    private Path store;

    @BeforeEach
    void place() throws IOException {
        store = Files.createDirectory(home.resolve("store"));
    }

    @Test
    void onlyTheFirstServerMakesAnAdminKey() {
        try (TestServer first = server(); TestServer second = server()) {
            assertThat(first.dataDirectory().resolve("admin.key")).exists();
            assertThat(second.dataDirectory().resolve("admin.key")).doesNotExist();
            assertThat(second.as(first.adminKey()).get("/whoami").status()).isEqualTo(200);
        }
    }

    @Test
    void aServerThatStartsAgainKeepsItsAdminKey() {
        Path data = home.resolve("data");
        String key;
        try (TestServer server = TestServer.prepare().spec("secured").store(store).data(data).start()) {
            key = server.adminKey();
        }
        try (TestServer server = TestServer.prepare().spec("secured").store(store).data(data).start()) {
            assertThat(server.adminKey()).isEqualTo(key);
            assertThat(server.get("/whoami").status()).isEqualTo(200);
        }
    }

    @Test
    void aKeyMadeAndRevokedByOneServerIsSoForTheOther() {
        try (TestServer one = server(); TestServer other = server()) {
            Answer made = one.post("/api-keys", "{\"name\": \"shared\", \"roles\": [\"predict\"]}");
            String plain = made.json().path("key").asText();
            other.bean(Registry.class).sync();
            assertThat(other.as(plain).get("/whoami").status()).isEqualTo(200);
            one.delete("/api-keys/" + made.json().path("id").asText());
            other.bean(Registry.class).sync();
            assertThat(other.as(plain).get("/whoami").status()).isEqualTo(401);
        }
    }

    @Test
    void aRevocationReachesEveryServerByItsPoll() {
        try (TestServer one = server();
                TestServer other = TestServer.prepare().spec("secured").store(store)
                        .with("modelyard.registry.poll-interval", "100ms").start()) {
            Answer made = one.post("/api-keys", "{\"name\": \"shared\", \"roles\": [\"predict\"]}");
            TestServer.Client holder = other.as(made.json().path("key").asText());
            Eventually.isTrue("the key is known",
                    () -> other.bean(KeyStore.class).keys().containsKey(made.json().path("id").asText()));
            assertThat(holder.get("/whoami").status()).isEqualTo(200);
            one.delete("/api-keys/" + made.json().path("id").asText());
            Eventually.isTrue("it is revoked", () -> holder.get("/whoami").status() == 401);
        }
    }

    @Test
    void theStoreHoldsRevisionsAndNoKey() throws IOException {
        try (TestServer server = server()) {
            Answer made = server.post("/api-keys", "{\"name\": \"a\", \"roles\": [\"predict\"]}");
            String id = made.json().path("id").asText();
            server.delete("/api-keys/" + id);
            assertThat(store.resolve("access/admin/0000000001.json")).exists();
            assertThat(store.resolve("access/" + id + "/0000000001.json")).exists();
            assertThat(store.resolve("access/" + id + "/0000000002.json")).exists();
            for (Path file : files()) {
                assertThat(Files.readString(file)).doesNotContain(server.adminKey())
                        .doesNotContain(made.json().path("key").asText());
            }
        }
    }

    private TestServer server() {
        return TestServer.prepare().spec("secured").store(store).start();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(store)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
