package io.modelyard.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import io.modelyard.TestStore;
import io.modelyard.publish.SendingHouse.Form;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;

/** A model is sent by one request and is an endpoint: every form in which it may come, and every answer. */
final class PublishControllerTest {
    private static SendingHouse house;

    @BeforeAll
    static void start() {
        house = new SendingHouse(TestServer.prepare());
    }

    @AfterAll
    static void stop() {
        house.close();
    }

    @Test
    void aFileIsAnEndpointAtOnce() {
        byte[] model = SendingHouse.model(SendingHouse.CANCER_1);
        Answer answer = house.put("/models/file/1", model);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.header("Location")).contains("/models/file/1");
        JsonNode published = answer.json();
        assertThat(published.path("model_type").asText()).isEqualTo("file");
        assertThat(published.path("model_version").asText()).isEqualTo("1");
        assertThat(published.path("runtime").asText()).isEqualTo("xgboost");
        assertThat(published.path("files").asInt()).isEqualTo(1);
        assertThat(published.path("size_bytes").asLong()).isEqualTo(model.length);
        assertThat(published.path("sha256").path("model.ubj").asText()).isEqualTo(TestStore.sha256(model));
        assertThat(published.path("already_published").asBoolean(true)).isFalse();
        assertThat(published.path("created_by").asText()).isEqualTo("admin");
        Answer listed = house.server().get(published.path("links").path("self").asText());
        assertThat(listed.json().path("digest")).isEqualTo(published.path("digest"));
        assertThat(listed.json().path("size_bytes")).isEqualTo(published.path("size_bytes"));
        assertThat(listed.json().path("files")).isEqualTo(published.path("files"));
        assertThat(predicts(published, 30)).isEqualTo(200);
        assertThat(house.server().get(published.path("links").path("schema").asText()).status()).isEqualTo(200);
        assertThat(house.server().post(published.path("links").path("activate").asText(), "{}").status())
                .isEqualTo(200);
        assertThat(house.uploads()).isEmpty();
    }

    @Test
    void whatAFileIsIsToldByItsContent() {
        assertThat(
                house.put("/models/onnx/1", SendingHouse.model(SendingHouse.DIGITS_2)).json().path("sha256")
                        .fieldNames()
                        .next())
                .isEqualTo("model.onnx");
    }

    @Test
    void aFileMayHaveANameOfItsOwn() {
        Answer answer = house.put("/models/named/1?file=forest.ubj", SendingHouse.model(SendingHouse.CANCER_1));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.json().path("sha256").has("forest.ubj")).isTrue();
    }

    @Test
    void aFileMayComeInGzip() {
        Answer answer = house.put("/models/zipped/1?file=forest.ubj.gz",
                Tars.gzip(SendingHouse.model(SendingHouse.CANCER_1)));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.json().path("sha256").has("forest.ubj")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "./", "digits/", "export/2026/digits/"})
    void aTarIsAFolderWhateverItIsWrappedIn(String below) {
        byte[] tar = Tars.of(SendingHouse.DIGITS_SAVED_MODEL, below);
        String path = "/models/tar-" + below.length() + "/1";
        Answer answer = house.put(path, "application/x-tar", tar);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.json().path("runtime").asText()).isEqualTo("tensorflow");
        assertThat(answer.json().path("sha256").has("saved_model.pb")).as(answer.text()).isTrue();
        assertThat(answer.json().path("sha256").has("variables/variables.index")).isTrue();
        assertThat(predicts(answer.json(), 64)).isEqualTo(200);
        Answer packed = house.put(path, "application/gzip", Tars.gzip(tar));
        assertThat(packed.status()).as(packed.text()).isEqualTo(200);
    }

    @Test
    void hiddenFilesOfATarAreLeftOut() {
        byte[] tar = new Tars().file("._model.ubj", new byte[100]).file("m/.DS_Store", new byte[2_000_000])
                .file("m/model.ubj", SendingHouse.model(SendingHouse.CANCER_1)).end();
        Answer answer = house.put("/models/hidden/1", tar);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.json().path("files").asInt()).isEqualTo(1);
    }

    @Test
    void aFormHasAModelAndWhatItDoesNotSayItself() {
        Answer answer = house.putForm("/models/form/1",
                new Form().file("model", "model.ubj", SendingHouse.model(SendingHouse.CANCER_1)).file("manifest",
                        "more.json", """
                                     {"outputs": [{"name": "probabilities", "labels": ["malignant", "benign"]}],
                                      "labels": {"team": "birds"}, "examples": [{"inputs": [%s]}]}"""
                                .formatted(row(30)).getBytes(StandardCharsets.UTF_8)));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        JsonNode model = house.server().get("/models/form/1").json();
        assertThat(model.path("labels").path("team").asText()).isEqualTo("birds");
        assertThat(model.path("outputs").path(0).path("labels").path(0).asText()).isEqualTo("malignant");
        Answer prediction = house.server().post("/predict/form/1", "{\"inputs\": [" + row(30) + "]}");
        assertThat(prediction.json().path("predictions").path(0).path("label").asText()).isIn("malignant", "benign");
    }

    @Test
    void aFormMayHaveTheManifestAsAFieldAndBeforeTheModel() {
        Answer answer = house.putForm("/models/form/2",
                new Form().field("manifest", "{\"labels\": {\"team\": \"birds\"}}")
                        .file("model", "digits.tar.gz",
                                Tars.gzip(Tars.of(SendingHouse.DIGITS_SAVED_MODEL, "digits/"))));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.json().path("runtime").asText()).isEqualTo("tensorflow");
        assertThat(house.server().get("/models/form/2").json().path("labels").path("team").asText()).isEqualTo("birds");
    }

    @Test
    void theSameAgainIsNoChange() {
        byte[] model = SendingHouse.model(SendingHouse.CANCER_1);
        Answer first = house.put("/models/again/1", model);
        var stored = SendingHouse.below(house.server().store().resolve("models/again"));
        Answer second = house.putForm("/models/again/1", new Form().file("model", "model.ubj", model));
        assertThat(first.status()).isEqualTo(201);
        assertThat(second.status()).as(second.text()).isEqualTo(200);
        assertThat(second.json().path("already_published").asBoolean()).isTrue();
        assertThat(second.json().path("digest")).isEqualTo(first.json().path("digest"));
        assertThat(second.json().path("created_at")).isEqualTo(first.json().path("created_at"));
        assertThat(SendingHouse.below(house.server().store().resolve("models/again"))).isEqualTo(stored);
    }

    @Test
    void otherContentIsAConflictThatSaysWhatDiffers() {
        byte[] first = SendingHouse.model(SendingHouse.CANCER_1);
        house.put("/models/conflict/1", first);
        Answer second = house.put("/models/conflict/1", SendingHouse.model(SendingHouse.CANCER_2));
        assertThat(second.status()).as(second.text()).isEqualTo(409);
        assertThat(second.code()).isEqualTo("version_exists");
        assertThat(second.detail()).contains("/files/0").contains(TestStore.sha256(first));
        assertThat(house.uploads()).isEmpty();
    }

    @Test
    void aDeletedVersionIsGone() throws Exception {
        house.put("/models/gone/1", SendingHouse.model(SendingHouse.CANCER_1));
        Files.createDirectories(house.server().store().resolve("routing/gone"));
        Files.writeString(house.server().store().resolve("routing/gone/0000000001.json"),
                """
                {"schema_version": 1, "type": "gone", "revision": 1,
                 "retired": {"1": {"at": "2026-11-20T10:00:00Z", "by": "ann", "reason": "wrong data"}},
                 "change": {"id": "a", "at": "2026-11-20T10:00:00Z", "by": "ann", "action": "delete", "to": "1"}}""");
        assertThat(house.server().post("/registry/sync", "{}").status()).isEqualTo(200);
        Answer answer = house.put("/models/gone/1", SendingHouse.model(SendingHouse.CANCER_1));
        assertThat(answer.status()).as(answer.text()).isEqualTo(410);
        assertThat(answer.code()).isEqualTo("version_deleted");
        assertThat(answer.detail()).contains("gone/1", "ann");
    }

    @Test
    void aKeyNeedsTheRoleAndTheType() {
        byte[] model = SendingHouse.model(SendingHouse.CANCER_1);
        JsonNode ofBirds = key("{\"name\": \"birds\", \"roles\": [\"publish\"], \"types\": [\"birds\"]}");
        TestServer.Client birds = house.server().as(ofBirds.path("key").asText());
        TestServer.Client reader = house.server()
                .as(key("{\"name\": \"reader\", \"roles\": [\"read\", \"predict\", \"operate\"]}").path("key")
                        .asText());
        assertThat(send(reader, "/models/birds/1", model).status()).isEqualTo(403);
        assertThat(send(house.server().anonymous(), "/models/birds/1", model).status()).isEqualTo(401);
        assertThat(send(birds, "/models/fish/1", model).status()).isEqualTo(403);
        house.assertNothingOf("fish/1");
        Answer allowed = send(birds, "/models/birds/1", model);
        assertThat(allowed.status()).as(allowed.text()).isEqualTo(201);
        assertThat(allowed.json().path("created_by").asText()).isEqualTo(ofBirds.path("id").asText());
    }

    @Test
    void theApiDescriptionNamesEveryForm() {
        JsonNode put = house.server().get("/openapi.json").json().path("paths").path("/models/{type}/{version}")
                .path("put");
        assertThat(put.path("requestBody").path("content").fieldNames()).toIterable().containsExactlyInAnyOrder(
                "application/octet-stream", "application/x-tar", "application/gzip", "multipart/form-data");
        assertThat(put.path("requestBody").path("required").asBoolean()).isTrue();
        assertThat(put.path("responses").path("201").path("content").has("application/json")).isTrue();
        assertThat(put.path("responses").path("200").path("content").has("application/json")).isTrue();
        assertThat(put.path("parameters").findValuesAsText("name")).containsExactlyInAnyOrder("type", "version",
                "file");
    }

    private static JsonNode key(String wish) {
        Answer made = house.server().post("/api-keys", wish);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.json();
    }

    private static Answer send(TestServer.Client client, String path, byte[] body) {
        return client.send("PUT", path, "application/octet-stream", BodyPublishers.ofByteArray(body));
    }

    private static int predicts(JsonNode published, int width) {
        return house.server().post(published.path("links").path("predict").asText(),
                "{\"inputs\": [" + row(width) + "]}").status();
    }

    private static String row(int width) {
        int[] ones = new int[width];
        Arrays.fill(ones, 1);
        return Arrays.toString(ones);
    }
}
