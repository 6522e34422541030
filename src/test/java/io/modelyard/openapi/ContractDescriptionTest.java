package io.modelyard.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.SampleModels;
import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One type's description is the same bytes as long as its contract is. */
final class ContractDescriptionTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path store;

    private static Answer description(TestServer server, String type) {
        Answer answer = server.anonymous().get("/openapi/" + type + ".json");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer;
    }

    @Test
    void staysTheSameFromVersionToVersionAndFromReplicaToReplica() {
        SampleModels.copyTo(store);
        Answer first;
        try (TestServer server = TestServer.prepare().store(store).start()) {
            first = description(server, "breast-cancer");
            assertThat(server.post("/models/breast-cancer/1/activate", "").status()).isEqualTo(200);
            Answer second = description(server, "breast-cancer");
            assertThat(second.text()).isEqualTo(first.text());
            assertThat(second.header("ETag")).isEqualTo(first.header("ETag"));
            assertThat(server.anonymous().send(server.anonymous()
                    .request("/openapi/breast-cancer.json").header("If-None-Match", first.header("ETag").orElseThrow())
                    .GET()).status()).isEqualTo(304);
        }
        try (TestServer other = TestServer.prepare().store(store).start()) {
            assertThat(description(other, "breast-cancer").text()).isEqualTo(first.text());
        }
        Description described = new Description(first.json());
        assertThat(described.types()).containsExactly("breast-cancer");
        assertThat(first.text()).doesNotContain("in training from").contains("predictBreastCancerVersion");
    }

    @Test
    void changesWithTheContract() throws IOException {
        SampleModels.copyTo(store);
        try (TestServer server = TestServer.prepare().store(store).start()) {
            Answer before = description(server, "digits");
            Path manifest = store.resolve("registry/digits/2.json");
            ObjectNode other = (ObjectNode) JSON.readTree(Files.readString(manifest));
            ((ObjectNode) other.at("/inputs/0/features/0")).put("unit", "grey levels");
            other.put("version", "3").put("created_at", "2026-11-20T12:00:00Z");
            other.put("push", "p");
            for (var file : other.get("files")) {
                String path = file.get("path").asText();
                Path target = store.resolve("models/digits/3/p/" + path);
                Files.createDirectories(target.getParent());
                Files.copy(store.resolve("models/digits/2/" + path), target);
            }
            Files.writeString(store.resolve("registry/digits/3.json"), other.toString());
            server.post("/registry/sync", "");
            Answer after = description(server, "digits");
            assertThat(after.header("ETag")).isNotEqualTo(before.header("ETag"));
            assertThat(after.text()).contains("grey levels");
        }
    }

    @Test
    void aModelThatMustSayItsSignatureItselfIsLoadedForIt() throws IOException {
        SampleModels.copyTo(store);
        Path manifest = store.resolve("registry/digits/1.json");
        ObjectNode silent = (ObjectNode) JSON.readTree(Files.readString(manifest));
        silent.remove("inputs");
        silent.remove("outputs");
        silent.remove("examples");
        Files.writeString(manifest, silent.toString());
        Files.delete(store.resolve("registry/digits/2.json"));
        try (TestServer server = TestServer.prepare().store(store).start()) {
            Description open = new Description(server.get("/openapi.json").json());
            assertThat(open.tree().at("/components/schemas/DigitsRequest/properties/inputs/description").asText())
                    .contains("GET /models/digits/1/schema");
            Answer described = description(server, "digits");
            assertThat(new Description(described.json()).tree().at("/components/schemas/DigitsRequest").has("anyOf"))
                    .isTrue();
            assertThat(new Description(server.get("/openapi.json").json()).tree()
                    .at("/components/schemas/DigitsRequest").has("anyOf")).isTrue();
            assertThat(description(server, "digits").text()).isEqualTo(described.text());
        }
    }
}
