package io.modelyard.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.model.Example;
import io.modelyard.model.Manifest;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.Publication;
import io.modelyard.runtime.InvalidModelException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What a person says of a model, over what it says of itself. */
final class ManifestFieldsTest {
    @TempDir
    Path folder;

    private PublishHouse house;

    @BeforeEach
    void open() {
        house = new PublishHouse(folder);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void labelsAloneAreEnoughToNameTheOutputs() throws Exception {
        Manifest inferred = infer("{}");
        Manifest named = infer("""
                               {"outputs": [{"name": "%s", "labels": ["malignant", "benign"]}]}"""
                .formatted(inferred.outputs().getFirst().name()));
        assertThat(named.outputs().getFirst().labels()).containsExactly("malignant", "benign");
        assertThat(named.outputs().getFirst().shape()).isEqualTo(inferred.outputs().getFirst().shape());
        assertThat(named.outputs().getFirst().dtype()).isEqualTo(inferred.outputs().getFirst().dtype());
        assertThat(named.inputs()).isEqualTo(inferred.inputs());
    }

    @Test
    void anExampleWithoutOutputsGetsTheModelsOwn() throws Exception {
        Manifest inferred = infer("{}");
        Manifest manifest = infer("{\"examples\": [{\"inputs\": " + ones() + "}, {\"inputs\": "
                + inferred.examples().getFirst().inputs() + "}]}");
        assertThat(manifest.examples()).hasSize(2);
        assertThat(manifest.examples().get(0).outputs()).isNotNull().isNotEqualTo(manifest.examples().get(1).outputs());
        assertThat(manifest.examples().get(1).outputs()).isEqualTo(inferred.examples().getFirst().outputs());
    }

    @Test
    void anAnswerIsMadeWithThePreprocessingThatIsSaid() throws Exception {
        Manifest plain = infer("{\"examples\": [{\"inputs\": " + ones() + "}]}");
        Manifest scaled = infer("""
                                {"preprocessing": {"normalize": true, "scale": 0.01},
                                 "examples": [{"inputs": %s}]}""".formatted(ones()));
        assertThat(scaled.examples().getFirst().outputs()).isNotNull()
                .isNotEqualTo(plain.examples().getFirst().outputs());
        assertThat(push(scaled)).isInstanceOf(Publication.Created.class);
    }

    @Test
    void theInferredExampleIsMadeWithThePreprocessingToo() throws Exception {
        Manifest scaled = infer("{\"preprocessing\": {\"normalize\": true, \"scale\": 0.01}}");
        assertThat(scaled.examples()).hasSize(1).first().extracting(Example::outputs).isNotNull();
        assertThat(push(scaled)).isInstanceOf(Publication.Created.class);
    }

    @Test
    void factsAreAddedToThoseOfTheModel() throws Exception {
        Manifest manifest = infer("""
                                  {"type": "cancer", "version": "1", "runtime": "xgboost", "created_by": "pipeline",
                                   "labels": {"team": "birds"}, "training": {"git_commit": "4e1c2a9"}}""");
        assertThat(manifest.labels()).containsEntry("team", "birds");
        assertThat(String.valueOf(manifest.training())).contains("4e1c2a9", "xgboost");
        assertThat(manifest.createdBy()).isEqualTo("pipeline");
        assertThat(manifest.files()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"type\": \"other\"}|/type|cancer",
            "{\"version\": \"2\"}|/version|\"1\"",
            "{\"runtime\": \"onnx\"}|/runtime|xgboost",
            "{\"files\": []}|/files|leave it out",
            "{\"push\": \"a\"}|/push|leave it out",
            "{\"lables\": {}}|lables|lables",
            "{\"outputs\": [{\"nam\": \"x\"}]}|/outputs/0|nam",
            "{\"outputs\": 7}|/outputs|array",
            "{\"labels\": {}, \"labels\": {}}|not JSON|line 1",
            "{\"labels\": {}} x|not JSON|line 1",
            "[]|JSON object|manifest",
            "|JSON object|manifest"})
    void saysWhereAManifestIsWrong(String json, String place, String remedy) {
        assertThatThrownBy(() -> infer(json == null ? "" : json)).isInstanceOf(ServingFailure.InvalidManifest.class)
                .hasMessageContaining(place).hasMessageContaining(remedy);
    }

    @Test
    void refusesAnExampleThatDoesNotFitTheModel() {
        assertThatThrownBy(() -> infer("{\"examples\": [{\"inputs\": [[1, 2]]}]}"))
                .isInstanceOf(InvalidModelException.class).hasMessageContaining("example 0");
    }

    @Test
    void refusesATensorThatContradictsTheModel() {
        assertThatThrownBy(() -> infer("{\"inputs\": [{\"name\": \"x\", \"dtype\": \"float32\", \"shape\": [-1, 3]}]}"))
                .isInstanceOf(InvalidModelException.class).hasMessageContaining("30");
    }

    private Publication push(Manifest manifest) throws InvalidModelException {
        return house.publisher().push(manifest, source());
    }

    private Manifest infer(String json) throws InvalidModelException {
        return house.inference().infer(PublishHouse.id("cancer/1"), source(), "test",
                ManifestFields.parse(json.getBytes(StandardCharsets.UTF_8)));
    }

    private ModelSource source() throws InvalidModelException {
        return house.finder().find(PublishHouse.fixture("xgboost-breast-cancer/model.ubj"));
    }

    /** One row of thirty values. */
    private static String ones() {
        return "[[" + "1,".repeat(29) + "1]]";
    }
}
