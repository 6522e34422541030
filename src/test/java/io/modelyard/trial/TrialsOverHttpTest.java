package io.modelyard.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.SampleModels;
import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Models that do harm to their process, and a server that goes on. */
final class TrialsOverHttpTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;
    private Guests guests;

    TrialsOverHttpTest() {
        guests = new Guests(Path.of(""));
    }

    @BeforeEach
    void makeStore() throws IOException {
        guests = new Guests(Files.createDirectories(folder.resolve("store")));
    }

    @Test
    void aModelThatKillsEndsTheChildAndNotTheServer() throws IOException {
        Path loads = folder.resolve("loads");
        guests.publish("killer", "1", "works works");
        guests.publish("killer", "2", "works segfaults " + loads);
        guests.publish("neighbour", "1", "works works");
        try (TestServer server = server()) {
            Answer killed = load(server, "killer/2");

            assertThat(killed.status()).isEqualTo(503);
            assertThat(killed.code()).isEqualTo("model_load_failed");
            assertThat(killed.detail()).contains("the model ended the process that tried it: SIGSEGV in C [libc");
            assertThat(server.get("/models/killer/2").json().path("state").asText()).isEqualTo("FAILED");
            assertThat(load(server, "neighbour/1").status()).isEqualTo(200);
            assertThat(load(server, "killer/1").status()).isEqualTo(200);
            assertThat(server.post("/predict/neighbour", Guests.REQUEST).status()).isEqualTo(200);
            assertThat(server.post("/predict/killer/@latest", Guests.REQUEST).json().path("model_version").asText())
                    .as("what @latest falls back to").isEqualTo("1");
            assertThat(Files.readAllLines(loads)).hasSize(1).doesNotContain(ownPid());
        }
        try (TestServer again = server()) {
            assertThat(again.post("/predict/killer/2", Guests.REQUEST).detail()).contains("SIGSEGV");
            assertThat(Files.readAllLines(loads)).as("the verdict outlives the server").hasSize(1);

            assertThat(load(again, "killer/2").detail()).contains("SIGSEGV");
            assertThat(Files.readAllLines(loads)).as("an operator has it tried once more").hasSize(2)
                    .doesNotContain(ownPid());
        }
    }

    @Test
    void aModelThatPassedIsNotTriedAgain() throws IOException {
        Path loads = folder.resolve("loads");
        guests.publish("good", "1", "works works " + loads);
        try (TestServer server = server()) {
            assertThat(load(server, "good/1").status()).isEqualTo(200);
            Answer answer = server.post("/predict/good", Guests.REQUEST);
            assertThat(answer.json().path("predictions").path(0).asDouble()).as(answer.text()).isEqualTo(3);
            List<String> pids = Files.readAllLines(loads);
            assertThat(pids).hasSize(2).endsWith(ownPid());
            assertThat(pids.getFirst()).isNotEqualTo(ownPid());
        }
        // The same files with the same words are the same to a library.
        guests.publish("good", "2", "works works " + loads);
        try (TestServer again = server()) {
            assertThat(again.post("/predict/good/1", Guests.REQUEST).status()).isEqualTo(200);
            assertThat(again.post("/predict/good/2", Guests.REQUEST).status()).isEqualTo(200);
            assertThat(Files.readAllLines(loads)).hasSize(4).endsWith(ownPid(), ownPid(), ownPid());
        }
    }

    @Test
    void aModelThatNeedsTooMuchMemoryOrTimeOrIsRefusedSaysSo() {
        guests.publish("huge", "1", "gorges works");
        guests.publish("slow", "1", "hangs works");
        guests.publish("refused", "1", "is-refused works");
        guests.publish("quitter", "1", "exits works");
        try (TestServer server = TestServer.prepare().with(GuestRuntime.PROPERTY, true)
                .with("modelyard.trial.enabled", true).with("modelyard.trial.max-memory", "100MB")
                .store(folder.resolve("store")).data(folder.resolve("data")).start()) {
            Answer huge = load(server, "huge/1");
            assertThat(huge.code()).as(huge.text()).isEqualTo("out_of_memory");
            assertThat(huge.status()).isEqualTo(503);
            assertThat(huge.detail()).contains("it takes more than the 104857600 bytes that there are for it");

            assertThat(load(server, "refused/1").detail())
                    .endsWith("cannot be loaded: the file says that it is to be refused");
            assertThat(load(server, "quitter/1").detail())
                    .contains("the model ended the process that tried it: exit code 7");
        }
        try (TestServer server = TestServer.prepare().with(GuestRuntime.PROPERTY, true)
                .with("modelyard.trial.enabled", true).with("modelyard.trial.timeout", "1s")
                .store(folder.resolve("store")).data(folder.resolve("data")).start()) {
            assertThat(load(server, "slow/1").detail())
                    .contains("was not loaded and run on its examples within 1 s (modelyard.trial.timeout)");
        }
    }

    @Test
    void whatIsPushedIsLoadedByAChildAlone() throws IOException {
        Path loads = folder.resolve("loads");
        try (TestServer server = server()) {
            Answer refused = push(server, "pushed", "works aborts " + loads);
            assertThat(refused.status()).as(refused.text()).isEqualTo(422);
            assertThat(refused.code()).isEqualTo("invalid_model");
            assertThat(refused.detail()).contains("the model ended the process that tried it: SIGABRT");
            assertThat(server.get("/models").text()).doesNotContain("pushed");

            Files.delete(loads);
            Answer created = push(server, "pushed", "works works " + loads);
            assertThat(created.status()).as(created.text()).isEqualTo(201);
            assertThat(Files.readAllLines(loads)).as("loads of the push").hasSize(1).doesNotContain(ownPid());
            assertThat(server.post("/predict/pushed", Guests.REQUEST).status()).isEqualTo(200);
            assertThat(Files.readAllLines(loads)).as("the push was the trial").hasSize(2).endsWith(ownPid());
        }
    }

    @Test
    void theThreeLibrariesWorkInAChildWithTheServersOptions() {
        try (TestServer server = TestServer.prepare().with("modelyard.trial.enabled", true)
                .with("modelyard.runtime.onnx.intra-op-threads", 2).store(SampleModels.copyTo(folder.resolve("store")))
                .start()) {
            for (String model : List.of("breast-cancer/2", "digits/1", "digits/2")) {
                Answer answer = load(server, model);
                assertThat(answer.json().path("state").asText()).as(answer.text()).isEqualTo("READY");
            }
            assertThat(server.dataDirectory().resolve("trials/verdicts")).isDirectoryContaining("glob:**.json");
            assertThat(server.dataDirectory().resolve("trials/work")).isEmptyDirectory();
        }
    }

    /** Unlike a prediction's, its time is not bounded. */
    private static Answer load(TestServer server, String model) {
        return server.post("/models/" + model + "/load", "");
    }

    private static Answer push(TestServer server, String type, String words) {
        return server.as(server.adminKey()).send("PUT", "/models/" + type + "/1?file=model.guest",
                "application/octet-stream", BodyPublishers.ofString(words));
    }

    private TestServer server() {
        return TestServer.prepare().with(GuestRuntime.PROPERTY, true).with("modelyard.trial.enabled", true)
                .with("modelyard.publish.drop", "off").store(folder.resolve("store")).data(folder.resolve("data"))
                .start();
    }

    private static String ownPid() {
        return Long.toString(ProcessHandle.current().pid());
    }
}
