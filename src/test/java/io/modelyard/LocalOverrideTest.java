package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One of two replicas answers with another version for a while, without writing to the store. */
final class LocalOverrideTest {
    private static final String ROW = "{\"inputs\": [[" + "0,".repeat(63) + "0]]}";

    @TempDir
    Path store;
    @TempDir
    Path data;
    private TestServer one;
    private @Nullable TestServer other;

    @BeforeEach
    void start() {
        one = server(data.resolve("one"));
        assertThat(answering(one)).isEqualTo("2");
    }

    private TestServer server(Path directory) {
        return TestServer.prepare().store(Files.exists(store.resolve("registry")) ? store : SampleModels.copyTo(store))
                .with("modelyard.data-dir", directory.toString()).with("modelyard.registry.poll-interval", "20ms")
                .start();
    }

    @AfterEach
    void stop() {
        one.close();
        if (other != null) {
            other.close();
        }
    }

    private TestServer other() {
        TestServer started = other == null ? server(data.resolve("other")) : other;
        other = started;
        return started;
    }

    /** The first of them made the key, and wrote it where it keeps its data. */
    private TestServer.Client onOther() {
        return other().as(one.adminKey());
    }

    @Test
    void onlyThisReplicaAnswersOtherwiseAndSaysSo() throws IOException {
        other();
        long documents = documents();
        TestServer.Answer begun = one.post("/models/digits/1/activate?local=true&for=1h", "{\"reason\": \"3 a.m.\"}");
        assertThat(begun.status()).as(begun.text()).isEqualTo(200);
        assertThat(begun.json().has("local_until")).isTrue();

        assertThat(answering(one)).isEqualTo("1");
        assertThat(answering(other())).isEqualTo("2");
        assertThat(one.post("/predict/digits/@latest", ROW).json().get("model_version").asText()).isEqualTo("2");
        JsonNode type = one.get("/models/digits").json();
        assertThat(type.get("active_version").asText()).isEqualTo("1");
        assertThat(type.at("/local_override/reason").asText()).isEqualTo("3 a.m.");
        assertThat(type.at("/local_override/until").asText()).isEqualTo(begun.json().get("local_until").asText());
        assertThat(one.get("/health").json().at("/details/serving/details/local_overrides/digits").asText())
                .contains("version 1 until");
        assertThat(one.get("/metrics").text())
                .contains("modelyard_serving_local_override{type=\"digits\",version=\"1\"} 1.0");
        assertThat(onOther().get("/models/digits").json().has("local_override")).isFalse();
        assertThat(documents()).as("nothing was written to the store").isEqualTo(documents);

        assertThat(one.delete("/models/digits/2/activate?local=true").status()).isEqualTo(404);
        assertThat(one.delete("/models/digits/1/activate").status()).isEqualTo(400);
        assertThat(one.delete("/models/digits/1/activate?local=true").status()).isEqualTo(204);
        assertThat(answering(one)).isEqualTo("2");
        assertThat(one.get("/metrics").text()).doesNotContain("modelyard_serving_local_override{");
    }

    @Test
    void itEndsByItself() {
        assertThat(one.post("/models/digits/1/activate?local=true&for=1s", "").status()).isEqualTo(200);
        assertThat(answering(one)).isEqualTo("1");
        Eventually.isTrue("it ended", () -> answering(one).equals("2"));
        assertThat(one.get("/models/digits").json().has("local_override")).isFalse();
    }

    @Test
    void itSurvivesARestartUntilItsEnd() {
        assertThat(one.post("/models/digits/1/activate?local=true", "").status()).isEqualTo(200);
        String key = one.adminKey();
        one.context().close();
        try (TestServer again = server(data.resolve("one"))) {
            assertThat(again.as(key).post("/predict/digits", ROW).json().get("model_version").asText())
                    .isEqualTo("1");
        }
    }

    @Test
    void whatIsActivatedForEverybodyEndsItWhereverThatWasDone() {
        assertThat(one.post("/models/digits/1/activate?local=true&for=1h", "").status()).isEqualTo(200);
        assertThat(one.post("/models/digits/@latest/activate", "").status()).isEqualTo(200);
        assertThat(answering(one)).isEqualTo("2");

        assertThat(one.post("/models/digits/1/activate?local=true&for=1h", "").status()).isEqualTo(200);
        assertThat(answering(one)).isEqualTo("1");
        assertThat(onOther().post("/models/digits/2/activate", "").status()).isEqualTo(200);
        Eventually.isTrue("the other's activation counts here", () -> answering(one).equals("2"));
        Eventually.isTrue("the override ended", () -> !one.get("/models/digits").json().has("local_override"));
    }

    @Test
    void refusesWhatItCannotDo() {
        new TestStore(store).publish("digits", "3", "xgboost",
                Path.of("models-local/models/breast-cancer/2/model.ubj"));
        assertThat(one.post("/registry/sync", "").status()).isEqualTo(200);
        assertThat(one.post("/models/digits/3/activate?local=true", "").code()).isEqualTo("incompatible_signature");
        assertThat(one.post("/models/digits/9/activate?local=true", "").code()).isEqualTo("version_not_found");
        for (String time : new String[]{"0s", "-1h", "8d", "soon"}) {
            assertThat(one.post("/models/digits/1/activate?local=true&for=" + time, "").code()).as(time)
                    .isEqualTo("bad_parameter");
        }
        assertThat(one.post("/models/digits/1/activate?for=1h", "").code()).isEqualTo("bad_parameter");
        assertThat(answering(one)).isEqualTo("2");
    }

    @Test
    void replicasAndTheirSnapshotsCanBeToldApart() {
        JsonNode first = one.get("/health").json().at("/details/registry/details");
        JsonNode second = onOther().get("/health").json().at("/details/registry/details");
        assertThat(first.get("replica").asText()).isNotEmpty().isNotEqualTo(second.get("replica").asText());
        assertThat(first.get("snapshot_id")).isEqualTo(second.get("snapshot_id"));
        String before = series(one);
        assertThat(before).contains("replica=\"" + first.get("replica").asText() + "\"",
                "snapshot=\"" + first.get("snapshot_id").asText() + "\"");

        assertThat(one.post("/models/digits/1/activate", "").status()).isEqualTo(200);
        String after = series(one);
        assertThat(after).isNotEqualTo(before);
        Eventually.isTrue("the other follows", () -> snapshot(other()).equals(snapshot(one)));
        assertThat(series(other())).contains(snapshot(one));
    }

    private String snapshot(TestServer server) {
        return server.as(one.adminKey()).get("/health").json().at("/details/registry/details/snapshot_id").asText();
    }

    /** The one line of the metric. */
    private String series(TestServer server) {
        return server.as(one.adminKey()).get("/metrics").text().lines()
                .filter(line -> line.startsWith("modelyard_registry_snapshot_info{")).reduce((a, b) -> {
                    throw new AssertionError("two series: " + a + " and " + b);
                }).orElseThrow();
    }

    private long documents() throws IOException {
        try (var files = Files.walk(store)) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    private String answering(TestServer server) {
        TestServer.Answer answer = server.as(one.adminKey()).post("/predict/digits", ROW);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().get("model_version").asText();
    }
}
