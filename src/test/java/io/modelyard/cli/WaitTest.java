package io.modelyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** {@code push --wait} and {@code sync}, with a real server. */
final class WaitTest {
    private static final String MODEL = "models-local/models/breast-cancer/1/model.ubj";

    @TempDir
    Path folder;

    private TestServer server;
    private Cli cli;

    @BeforeEach
    void start() throws IOException {
        Path store = Files.createDirectory(folder.resolve("store"));
        server = TestServer.prepare().store(store).with("modelyard.registry.poll-interval", "50ms")
                .with("modelyard.publish.drop", "off").start();
        cli = new Cli(folder, store.toString()).with("modelyard.api-key", server.adminKey());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void waitsUntilTheVersionIsReadyAndActive() {
        Cli.Run run = push("1", "--activate");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("\ncancer/1 is active (revision 1)\n", "\ncancer/1 is served at " + url());
        assertThat(server.get("/models/cancer/1").json().path("state").asText()).isEqualTo("READY");
        assertThat(push("2", "--json").json().at("/served/0/state").asText()).isEqualTo("READY");
        assertThat(server.get("/models/cancer").json().path("active_version").asText()).isEqualTo("1");
    }

    @Test
    void isContentWithTheListingWhereTheKeyMayNotHaveItLoaded() {
        String reader = server.post("/api-keys", "{\"name\": \"ci\", \"roles\": [\"read\"]}").json().path("key")
                .asText();
        cli.with("modelyard.api-key", reader);
        Cli.Run run = push("1");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("cancer/1 is listed, and loaded by the first request, at " + url());
        assertThat(run.err()).contains(url() + " lists it, and this key may not have it loaded there");
    }

    @Test
    void endsWithTheReasonOfALoadThatFails() throws IOException {
        assertThat(cli.run("push", MODEL, "--type", "cancer", "--version", "1").code()).isZero();
        try (Stream<Path> files = Files.walk(folder.resolve("store/models"))) {
            List<Path> models = files.filter(Files::isRegularFile).toList();
            byte[] bytes = Files.readAllBytes(models.getFirst());
            bytes[bytes.length / 2] ^= 1;
            Files.write(models.getFirst(), bytes);
        }
        Cli.Run run = push("1");
        assertThat(run.code()).isEqualTo(4);
        assertThat(run.err()).contains("cancer/1 was already published in", "cancer/1 cannot be loaded", "SHA-256");
        Cli.Run json = push("1", "--json");
        assertThat(json.code()).isEqualTo(4);
        assertThat(json.json().path("detail").asText()).contains("SHA-256");
    }

    @Test
    void endsWhenTimeIsUpAndSaysHowItStood() {
        Cli elsewhere = new Cli(folder.resolve("else"), folder.resolve("else/store").toString())
                .with("modelyard.api-key", server.adminKey());
        Cli.Run run = elsewhere.run("push", MODEL, "--type", "cancer", "--version", "1", "--wait", url(), "--timeout",
                "1s");
        assertThat(run.code()).isEqualTo(4);
        assertThat(run.err()).contains("cancer/1 is not served at " + url()
                + " after 1 s: the server does not see it yet");

        assertThat(push("1").code()).isZero();
        Cli.Run other = elsewhere.run("push", MODEL, "--type", "cancer", "--version", "1", "--wait", url());
        assertThat(other.code()).isEqualTo(4);
        assertThat(other.err()).contains("it reads another store");
    }

    @Test
    void saysThatTheKeyIsMissing() {
        cli.with("modelyard.api-key", "");
        Cli.Run run = push("1");
        assertThat(run.code()).isEqualTo(5);
        assertThat(run.err()).contains("MODELYARD_API_KEY must hold a key of that server");
        assertThat(push("2", "--wait", "nonsense").code()).isEqualTo(2);
        assertThat(push("2", "--timeout", "soon").err()).contains("'soon' is not a duration such as 90s or 5m");
    }

    @Test
    void letsTheServerReadTheStoreNow() {
        assertThat(cli.run("push", MODEL, "--type", "cancer", "--version", "1").code()).isZero();
        Cli.Run run = cli.run("sync", "--server", url());
        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith(url() + " has read the store: ");
        assertThat(cli.run("sync", "--server", "http://127.0.0.1:1")).satisfies(unreachable -> {
            assertThat(unreachable.code()).isEqualTo(1);
            assertThat(unreachable.err()).contains("http://127.0.0.1:1 cannot be reached");
        });
        cli.with("modelyard.api-key", "my_nothing");
        assertThat(cli.run("sync", "--server", url()).code()).isEqualTo(5);
    }

    private Cli.Run push(String version, String... more) {
        return cli.run(Stream.concat(
                Stream.of("push", MODEL, "--type", "cancer", "--version", version, "--wait", url(), "--timeout", "60s"),
                Stream.of(more)).toArray(String[]::new));
    }

    private String url() {
        return "http://127.0.0.1:" + server.port();
    }
}
