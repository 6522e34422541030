package io.modelyard.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.model.Example;
import io.modelyard.model.Manifest;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.Publication;
import io.modelyard.runtime.DescribedModel;
import io.modelyard.runtime.ExampleCheck;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.tensor.Feature;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Publishing files of the local disk, from finding them to what a server would load. */
final class PublisherTest {
    private static final ObjectMapper JSON = new ObjectMapper();

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

    @TestFactory
    Stream<DynamicTest> publishesEveryFixtureSoThatTheStoreHoldsWhatItsManifestSays() {
        return Stream.of("xgboost-breast-cancer/model.ubj", "xgboost-digits/model.json", "xgboost-wine-v34/model.ubj",
                "onnx-breast-cancer-logreg", "onnx-digits-mlp/model.onnx", "tensorflow-digits-mlp",
                "tensorflow-half-plus-two/saved_model").map(path -> DynamicTest.dynamicTest(path, () -> {
                    Manifest published = push(path.replaceAll("[^a-z0-9]", "-") + "/1", PublishHouse.fixture(path));
                    assertThat(published.inputs()).isNotEmpty();
                    assertThat(published.outputs()).isNotEmpty();
                    assertThat(published.examples()).hasSize(1);
                    assertThat(published.examples().getFirst().outputs()).isNotNull();
                    assertThat(String.valueOf(published.training())).contains(published.runtime());
                    assertThat(FileDigest.of(house.filesOf(published).root(), house.filesOf(published).paths()))
                            .isEqualTo(published.files());
                    try (DescribedModel served = DescribedModel.load(house.runtime(published.runtime()),
                            house.filesOf(published), published)) {
                        ExampleCheck.check(served, published);
                    }
                }));
    }

    @Test
    void makesAnExampleWhoseValuesDiffer() throws Exception {
        Manifest published = push("cancer/1", PublishHouse.fixture("xgboost-breast-cancer/model.ubj"));
        JsonNode row = published.examples().getFirst().inputs().get(0);
        assertThat(row.size()).isEqualTo(30);
        assertThat(row).doesNotHaveDuplicates();
    }

    @Test
    void publishesTheSameContentOnceAndKeepsNoFilesOfTheSecondPush() throws Exception {
        Path model = PublishHouse.fixture("xgboost-digits/model.ubj");
        push("digits/1", model);
        List<String> files = house.files("models");
        ModelSource source = house.finder().find(model);
        Publication again = house.publisher().push(infer("digits/1", source), source);
        assertThat(again).isInstanceOf(Publication.AlreadyPublished.class);
        assertThat(house.files("models")).hasSize(1).isEqualTo(files);
    }

    @Test
    void refusesOtherContentUnderThePublishedNameAndKeepsTheFirst() throws Exception {
        Manifest first = push("digits/1", PublishHouse.fixture("xgboost-digits/model.ubj"));
        ModelSource other = house.finder().find(PublishHouse.fixture("xgboost-wine-v34/model.ubj"));
        assertThatThrownBy(() -> house.publisher().push(infer("digits/1", other), other))
                .isInstanceOf(ServingFailure.Conflict.class).hasMessageContaining("digits/1 exists");
        assertThat(house.published("digits/1")).isEqualTo(first);
        assertThat(house.files("models")).hasSize(1);
    }

    @Test
    void uploadsNothingWhereTheModelAnswersAnExampleOtherwise() throws Exception {
        ModelSource source = house.finder().find(PublishHouse.fixture("xgboost-diabetes-v34/model.ubj"));
        Manifest inferred = infer("diabetes/1", source);
        Manifest wrong = inferred.withExamples(List.of(new Example(inferred.examples().getFirst().inputs(),
                JsonNodeFactory.instance.arrayNode().add(-1), null)));
        assertThatThrownBy(() -> house.publisher().push(wrong, source)).isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("example 0 of the manifest is answered otherwise");
        assertThat(house.files("models")).isEmpty();
        assertThat(house.hasPublished("diabetes/1")).isFalse();
    }

    @Test
    void refusesFilesThatChangedSinceTheManifestWasWritten() throws Exception {
        Path model = folder.resolve("model.ubj");
        PublishHouse.copy(PublishHouse.fixture("xgboost-diabetes-v34/model.ubj"), model);
        ModelSource source = house.finder().find(model);
        Manifest inferred = infer("diabetes/1", source);
        PublishHouse.copy(PublishHouse.fixture("xgboost-wine-v34/model.ubj"), model);
        assertThatThrownBy(() -> house.publisher().push(inferred, source)).isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("model.ubj").hasMessageContaining("not any more");
        assertThat(house.files("models")).isEmpty();
    }

    @Test
    void takesNamesExampleAndOriginFromMlflow() throws Exception {
        Path mlflow = folder.resolve("mlflow");
        PublishHouse.copy(PublishHouse.fixture("onnx-breast-cancer-logreg/model.onnx"), mlflow.resolve("model.onnx"));
        JsonNode names = JSON.readTree(PublishHouse.fixture("onnx-breast-cancer-logreg/about.json").toFile())
                .path("feature_names");
        JsonNode row = JSON.readTree(PublishHouse.fixture("onnx-breast-cancer-logreg/cases.json").toFile()).path("rows")
                .path(0);
        var columns = JSON.createArrayNode();
        names.forEach(name -> columns.addObject().put("type", "double").put("name", name.asText()));
        PublishHouse.write(mlflow.resolve("MLmodel"), """
                                                      artifact_path: model
                                                      flavors:
                                                        onnx:
                                                          code: null
                                                          data: model.onnx
                                                          onnx_version: 1.17.0
                                                        python_function:
                                                          data: model.onnx
                                                          loader_module: mlflow.onnx
                                                      mlflow_version: 2.20.0
                                                      run_id: 0c31ae0e8a3e4f22
                                                      saved_input_example_info:
                                                        artifact_path: input_example.json
                                                        pandas_orient: split
                                                        type: dataframe
                                                      signature:
                                                        inputs: '%s'
                                                      utc_time_created: '2026-11-20 10:00:00.000000'
                                                      """.formatted(columns));
        ObjectNode frame = JSON.createObjectNode();
        frame.set("columns", names);
        frame.set("data", JSON.createArrayNode().add(row));
        PublishHouse.write(mlflow.resolve("input_example.json"), frame.toString());
        PublishHouse.write(mlflow.resolve("requirements.txt"), "onnx==1.17.0\n");

        Manifest published = push("cancer/1", mlflow);

        assertThat(published.inputs().getFirst().features()).hasSize(30).first().extracting(Feature::name)
                .isEqualTo("mean_radius");
        assertThat(published.files()).extracting(file -> file.path()).containsExactly("model.onnx");
        assertThat(published.examples().getFirst().inputs().get(0).get("mean_radius")).isEqualTo(row.get(0));
        assertThat(String.valueOf(published.training())).contains("\"run_id\":\"0c31ae0e8a3e4f22\"",
                "\"framework\":\"onnx 1.17.0\"");
    }

    private Manifest push(String id, Path model) throws InvalidModelException {
        ModelSource source = house.finder().find(model);
        Publication publication = house.publisher().push(infer(id, source), source);
        assertThat(publication).isInstanceOf(Publication.Created.class);
        return house.published(id);
    }

    private Manifest infer(String id, ModelSource source) throws InvalidModelException {
        return house.inference().infer(PublishHouse.id(id), source, "test");
    }
}
