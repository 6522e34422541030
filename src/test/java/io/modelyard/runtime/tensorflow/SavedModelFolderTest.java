package io.modelyard.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.protobuf.Any;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.runtime.ModelFiles;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.AssetFileDef;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.DataType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

final class SavedModelFolderTest {
    private static final TensorflowRuntime RUNTIME = new TensorflowRuntime(
            new TensorflowConfiguration(List.of(), 1, 0), Runnable::run);
    private static final String DATA = "variables/variables.data-00000-of-00001";
    private static final String INDEX = "variables/variables.index";

    @TempDir
    Path folder;
    @TempDir
    Path elsewhere;

    @Test
    void findsTheModelInAFolderOfTheArtifact() throws Exception {
        TestSavedModels.weighted(folder.resolve("export/1"), 2);
        ModelFiles files = files(Map.of());
        assertThat(RUNTIME.recognises(files)).isTrue();
        assertThat(ask(files, 3)).isEqualTo(6);
    }

    @Test
    void takesTheShallowestOfSeveralModels() throws Exception {
        TestSavedModels.weighted(folder.resolve("model"), 2);
        TestSavedModels.weighted(folder.resolve("model/assets.extra/older"), 5);
        assertThat(ask(files(Map.of()), 3)).isEqualTo(6);
    }

    @Test
    void asksWhichOfTwoModelsSideBySideIsMeant() throws Exception {
        TestSavedModels.weighted(folder.resolve("a"), 2);
        TestSavedModels.weighted(folder.resolve("b"), 5);
        assertThatThrownBy(() -> ask(files(Map.of()), 3)).isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("a/saved_model.pb, b/saved_model.pb")
                .hasMessageContaining("runtime_options.path");
        assertThat(ask(files(Map.of("path", new TextNode("b"))), 3)).isEqualTo(15);
        assertThat(ask(files(Map.of("path", new TextNode("a/saved_model.pb"))), 3)).isEqualTo(6);
        assertThatThrownBy(() -> ask(files(Map.of("path", new TextNode("c"))), 3))
                .isInstanceOf(InvalidModelException.class).hasMessageContaining("'c'");
    }

    @Test
    void refusesAModelWhoseVariablesWereLeftBehind() throws Exception {
        TestSavedModels.weighted(folder, 2);
        Files.delete(folder.resolve(INDEX));
        Files.delete(folder.resolve(DATA));
        assertThatThrownBy(() -> ask(files(Map.of()), 3)).isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("variables/variables.index").hasMessageContaining("whole folder");
    }

    @ParameterizedTest
    @ValueSource(strings = {DATA, INDEX})
    void refusesVariablesThatAreMissingOrCutOff(String file) throws Exception {
        TestSavedModels.weighted(folder, 2, 3, 4, 5);
        byte[] whole = Files.readAllBytes(folder.resolve(file));
        for (int length : new int[]{0, 1, whole.length / 2, whole.length - 1}) {
            Files.write(folder.resolve(file), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> RUNTIME.load(files(Map.of())).close()).as("%s bytes", length)
                    .isInstanceOf(InvalidModelException.class);
        }
        Files.delete(folder.resolve(file));
        assertThatThrownBy(() -> RUNTIME.load(files(Map.of())).close()).isInstanceOf(InvalidModelException.class);
    }

    /** The values have checksums, and so have the blocks of the index: what is altered is never served. */
    @ParameterizedTest
    @ValueSource(strings = {DATA, INDEX})
    void neverAnswersFromAlteredVariables(String file) throws Exception {
        TestSavedModels.weighted(folder, 2, 3, 4, 5);
        byte[] whole = Files.readAllBytes(folder.resolve(file));
        Random random = new Random(7);
        int refused = 0;
        int rounds = 60;
        for (int round = 0; round < rounds; round++) {
            byte[] altered = whole.clone();
            altered[random.nextInt(altered.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(folder.resolve(file), altered);
            try (LoadedModel model = RUNTIME.load(files(Map.of()))) {
                assertThat(model
                        .run(List.of(new Tensor.Floats(Shape.of(1, 4), new float[]{1, 10, 100, 1000})), List.of("y"))
                        .getFirst().array()).isEqualTo(new float[]{5432});
            } catch (InvalidModelException e) {
                assertThat(e.reason()).isNotBlank();
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(rounds / 2);
    }

    @Test
    void neverCrashesOnAlteredGraphs() throws Exception {
        TestSavedModels.weighted(folder, 2, 3, 4, 5);
        byte[] whole = Files.readAllBytes(folder.resolve("saved_model.pb"));
        Random random = new Random(11);
        int refused = 0;
        for (int round = 0; round < 200; round++) {
            byte[] altered = whole.clone();
            altered[random.nextInt(altered.length)] = (byte) random.nextInt(256);
            Files.write(folder.resolve("saved_model.pb"), altered);
            try (LoadedModel model = RUNTIME.load(files(Map.of()))) {
                assertThat(model.signature().inputs()).isNotEmpty();
            } catch (InvalidModelException e) {
                assertThat(e.reason()).isNotBlank();
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void refusesAssetsOutsideOfTheModel() {
        for (String name : List.of("../../secret", "/etc/passwd", "", ".", "a/../../b", "nul\0")) {
            TestSavedModels model = model()
                    .change(graph -> graph.addAssetFileDef(AssetFileDef.newBuilder().setFilename(name)));
            assertThatThrownBy(() -> RUNTIME.load(model.write(folder)).close()).as("'%s'", name)
                    .isInstanceOf(InvalidModelException.class).hasMessageContaining("asset '" + name + "'");
        }
    }

    @Test
    void refusesAssetsOutsideOfTheModelAlsoInTheOldList() {
        TestSavedModels model = model().change(graph -> {
            var assets = CollectionDef.newBuilder();
            assets.getAnyListBuilder().addValue(Any
                    .pack(AssetFileDef.newBuilder().setFilename("../secret").build()));
            graph.putCollectionDef("saved_model_assets", assets.build());
        });
        assertThatThrownBy(() -> RUNTIME.load(model.write(folder)).close()).isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("asset '../secret'");
    }

    @Test
    void refusesLinksOutOfTheArtifactAndTakesThoseInside() throws Exception {
        Path shared = Files.writeString(elsewhere.resolve("words.txt"), "a\n");
        model().write(folder.resolve("1"));
        Files.createDirectories(folder.resolve("1/assets"));
        Path inside = Files.writeString(folder.resolve("words.txt"), "a\n");
        Path link = Files.createSymbolicLink(folder.resolve("1/assets/words.txt"), inside);
        RUNTIME.load(files(Map.of())).close();
        Files.delete(link);
        Files.createSymbolicLink(link, shared);
        assertThatThrownBy(() -> RUNTIME.load(files(Map.of())).close()).isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("1/assets/words.txt is a link out of the model's folder");
    }

    @Test
    void refusesASecondFormOfTheGraph() throws Exception {
        ModelFiles files = model().write(folder);
        Files.write(folder.resolve("saved_model.cpb"), new byte[]{1});
        assertThatThrownBy(() -> RUNTIME.load(files).close()).isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("saved_model.cpb");
    }

    @Test
    void refusesAModelWithoutSignatures() {
        assertThatThrownBy(() -> RUNTIME.load(TestSavedModels.empty().floats("one", 1).write(folder)).close())
                .isInstanceOf(InvalidModelException.class).hasMessageContaining("no signatures");
    }

    @Test
    void saysInTheLibrarysWordsWhatIsWrongWithAGraph() {
        TestSavedModels mismatch = model().placeholder("square", DataType.DT_FLOAT, 2, 2).node("z", "MatMul",
                DataType.DT_FLOAT, "square", "x");
        assertThatThrownBy(() -> RUNTIME.load(mismatch.write(folder)).close()).isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("TensorFlow cannot load the SavedModel").hasMessageContaining("for node 'z' with")
                .hasMessageNotContaining("{{");
    }

    private static TestSavedModels model() {
        var type = DataType.DT_FLOAT;
        return TestSavedModels.empty().placeholder("x", type, -1).node("y", "Neg", type, "x").signature(
                "serving_default",
                signature -> signature.putInputs("x", TestSavedModels.tensor("x:0", type, -1)).putOutputs("y",
                        TestSavedModels.tensor("y:0", type, -1)));
    }

    private ModelFiles files(Map<String, JsonNode> options) {
        return TestSavedModels.files(folder, options);
    }

    private static float ask(ModelFiles files, float x) throws InvalidModelException {
        try (LoadedModel model = RUNTIME.load(files)) {
            return ((float[]) model.run(List.of(new Tensor.Floats(Shape.of(1, 1), new float[]{x})), List.of("y"))
                    .getFirst()
                    .array())[0];
        }
    }
}
