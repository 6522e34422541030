package io.modelyard.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.SampleModels;
import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

final class TypesTest {
    @TempDir
    static Path store;
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.prepare().store(SampleModels.copyTo(store)).start();
        // The active one: beside another that is loaded, it would be loaded sooner or later, too.
        server.post("/models/digits/2/load", "");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void saysOfEachTypeWhatSomebodyLooksFor() {
        JsonNode listing = server.get("/dashboard/types").json();
        assertThat(listing.path("total").asInt()).isEqualTo(2);
        JsonNode digits = listing.path("types").path(1);
        assertThat(digits.path("model_type").asText()).isEqualTo("digits");
        assertThat(digits.path("active_version").asText()).isEqualTo("2");
        assertThat(digits.path("follows_latest").asBoolean()).isTrue();
        assertThat(digits.path("versions").asInt()).isEqualTo(2);
        assertThat(digits.path("states").path("READY").asInt()).isEqualTo(1);
    }

    @Test
    void isSearchedAndPaged() {
        assertThat(
                server.get("/dashboard/types?search=CANCER").json().path("types").path(0).path("model_type").asText())
                .isEqualTo("breast-cancer");
        JsonNode second = server.get("/dashboard/types?limit=1&offset=1").json();
        assertThat(second.path("total").asInt()).isEqualTo(2);
        assertThat(second.path("types")).hasSize(1);
        assertThat(server.get("/dashboard/types?state=ready").json().path("total").asInt()).isEqualTo(1);
        assertThat(server.get("/dashboard/types?state=failed").json().path("total").asInt()).isZero();
    }

    @Test
    void aKeyForOneTypeSeesThatOneAlone() {
        String key = server.post("/api-keys", "{\"name\": \"n\", \"roles\": [\"read\"], \"types\": [\"digits\"]}")
                .json()
                .path("key").asText();
        Answer answer = server.as(key).get("/dashboard/types");
        assertThat(answer.json().path("total").asInt()).isEqualTo(1);
        assertThat(answer.text()).doesNotContain("breast-cancer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=201", "offset=-1", "state=nonsense"})
    void whatMakesNoSenseIsRefused(String query) {
        assertThat(server.get("/dashboard/types?" + query).code()).isEqualTo("bad_parameter");
    }
}
