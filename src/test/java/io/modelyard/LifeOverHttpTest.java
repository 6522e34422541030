package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Versions come, are activated, rolled back, named, loaded and unloaded, while predictions go on. */
final class LifeOverHttpTest {
    private static final String ROW = "{\"inputs\": [[" + "0,".repeat(63) + "0]]}";

    @TempDir
    Path store;
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.prepare().store(SampleModels.copyTo(store)).start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theLatestVersionAnswersUntilAnotherIsActivatedAndRollbackReturns() {
        assertThat(answering()).isEqualTo("2");
        TestServer.Answer activated = server.post("/models/digits/1/activate", "{\"reason\": \"try the old one\"}");
        assertThat(activated.status()).as(activated.text()).isEqualTo(200);
        assertThat(answering()).isEqualTo("1");

        assertThat(server.post("/models/digits/rollback", "").status()).isEqualTo(200);
        assertThat(answering()).isEqualTo("2");
        assertThat(server.post("/models/digits/@latest/activate", "").status()).isEqualTo(200);
        assertThat(answering()).isEqualTo("2");

        JsonNode history = server.get("/models/digits/history").json();
        assertThat(history.findValuesAsText("action")).containsExactly("activate", "rollback", "activate");
        assertThat(history.toString()).contains("try the old one", "admin");
    }

    @Test
    void anActivationThatSawAnOldRevisionIsAConflict() {
        assertThat(server.post("/models/digits/1/activate", "").status()).isEqualTo(200);
        TestServer.Answer late = server.as(server.adminKey()).send(server.as(server.adminKey())
                .request("/models/digits/2/activate").header("If-Match", "0")
                .POST(BodyPublishers.noBody()));
        assertThat(late.status()).as(late.text()).isEqualTo(412);
        assertThat(late.code()).isEqualTo("revision_conflict");
        assertThat(answering()).isEqualTo("1");
    }

    @Test
    void aVersionThatBreaksTheContractIsOnlyActivatedByForceWithAReason() {
        new TestStore(store).publish("digits", "3", "xgboost",
                Path.of("models-local/models/breast-cancer/2/model.ubj"));
        assertThat(server.post("/registry/sync", "").status()).isEqualTo(200);
        // Its manifest says nothing of inputs and outputs: only the load tells that it must not be followed.
        assertThat(answering()).isEqualTo("2");
        TestServer.Answer refused = server.post("/models/digits/3/activate", "");
        assertThat(refused.status()).as(refused.text()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("incompatible_signature");
        assertThat(server.post("/models/digits/3/activate", "{\"force\": true}").status()).isEqualTo(400);
        assertThat(server.post("/models/digits/3/activate", "{\"force\": true, \"reason\": \"I know\"}").status())
                .isEqualTo(200);
        assertThat(server.get("/models/digits").json().get("active_version").asText()).isEqualTo("3");
    }

    @Test
    void anAliasIsANameForAVersion() {
        assertThat(server.put("/models/digits/aliases/champion", "{\"version\": \"1\"}").status()).isLessThan(300);
        assertThat(server.post("/predict/digits/@champion", ROW).json().get("model_version").asText()).isEqualTo("1");
        assertThat(server.delete("/models/digits/aliases/champion").status()).isLessThan(300);
        assertThat(server.post("/predict/digits/@champion", ROW).code()).isEqualTo("alias_not_found");
    }

    @Test
    void aModelIsUnloadedAndLoadedAgain() {
        assertThat(server.post("/models/digits/2/load", "").json().get("state").asText()).isEqualTo("READY");
        assertThat(server.post("/models/digits/2/unload", "").json().get("state").asText()).isEqualTo("UNLOADED");
        assertThat(answering()).isEqualTo("2");
        assertThat(server.get("/models/digits/2").json().get("state").asText()).isEqualTo("READY");
    }

    @Test
    void sixtyFourFirstRequestsAreAnsweredByOneLoad() throws ExecutionException, InterruptedException {
        List<Future<TestServer.Answer>> answers = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 64; i++) {
                answers.add(callers.submit(() -> server.post("/predict/digits/2", ROW)));
            }
        }
        for (Future<TestServer.Answer> answer : answers) {
            assertThat(answer.get().status()).as(answer.get().text()).isEqualTo(200);
        }
        String metrics = server.get("/metrics").text();
        assertThat(metrics).contains("modelyard_servables{state=\"ready\"} 1.0");
    }

    @Test
    void everyPredictionIsInTheLogWithWhatMadeItAndStoppingWritesWhatIsQueued() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(server.post("/predict/digits/2", ROW).json().get("prediction_id").asText());
        }
        TestServer.Answer digest = server.post("/predict/digits/2", ROW);
        server.post("/predict/digits/9", ROW);
        Path data = server.dataDirectory();
        String key = server.adminKey();
        server.context().close();
        try (TestServer again = TestServer.prepare().store(store).data(data).start()) {
            JsonNode logs = again.as(key).get("/logs?n_limit=1000").json().get("logs");
            assertThat(logs).hasSize(22);
            assertThat(logs.findValuesAsText("prediction_id")).containsAll(ids);
            assertThat(logs.get(0).get("code").asText()).isEqualTo("version_not_found");
            assertThat(logs.get(1).get("model_digest").asText())
                    .isEqualTo(digest.header("X-Model-Digest").orElseThrow());
            assertThat(logs.get(1).get("key_id").asText()).isEqualTo("admin");
            assertThat(logs.toString()).doesNotContain(key);
        }
    }

    private String answering() {
        TestServer.Answer answer = server.post("/predict/digits", ROW);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().get("model_version").asText();
    }
}
