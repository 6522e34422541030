package io.modelyard.runtime.onnx;

import static io.modelyard.runtime.onnx.OnnxModelBuilder.FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.runtime.onnx.OnnxModelBuilder.Attribute;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.List;

/** Models that are not served, and what is said of them. */
final class OnnxRefusalsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"4, uint16", "10, float16", "12, uint32", "13, uint64", "16, bfloat16"})
    void typesThatJsonRequestsCannotCarry(int type, String name) {
        refused(OnnxModelBuilder.model().input("good", FLOAT, -1).input("bad", type, -1).output("y", FLOAT, -1)
                .node("Identity", List.of("good"), List.of("y")), "input 'bad'", name, "Cast");
        refused(OnnxModelBuilder.model().input("x", FLOAT, -1).output("bad", type, -1)
                .node("Cast", List.of("x"), List.of("bad"), Attribute.integer("to", type)),
                "output 'bad'", name);
    }

    @Test
    void inputsThatAreNoTensors() {
        refused(OnnxModelBuilder.model().sequenceInput("parts", FLOAT).output("y", FLOAT, -1)
                .node("ConcatFromSequence", List.of("parts"), List.of("y"),
                        Attribute.integer("axis", 0)),
                "input 'parts'", "sequence", "only tensors");
    }

    @Test
    void inputsOfUnknownRank() {
        refused(OnnxModelBuilder.model().inputWithoutShape("x", FLOAT).output("y", FLOAT, -1)
                .node("Identity", List.of("x"), List.of("y")), "input 'x'", "no shape");
    }

    @Test
    void operatorsNewerThanTheLibrary() {
        refused(TestOnnxModels.halfPlusTwo().opset("", 99), "onnxruntime 1.29.0", "ai.onnx 99", "lower target opset");
        refused(TestOnnxModels.halfPlusTwo().opset("", 17).opset("ai.onnx.ml", 99), "ai.onnx 17, ai.onnx.ml 99",
                "lower target opset");
    }

    @Test
    void aFileFormatNewerThanTheLibrary() {
        refused(TestOnnxModels.halfPlusTwo().irVersion(99), "onnxruntime 1.29.0", "IR version: 99",
                "update the server");
    }

    @Test
    void operatorsThatTheLibraryDoesNotHave() {
        refused(OnnxModelBuilder.model().opset("", 17).opset("com.acme", 1).input("x", FLOAT, -1)
                .output("y", FLOAT, -1).node("com.acme", "Fancy", List.of("x"), List.of("y")), "com.acme", "Fancy",
                "custom ones are not");
        refused(OnnxModelBuilder.model().input("x", FLOAT, -1).output("y", FLOAT, -1)
                .node("Fancy", List.of("x"), List.of("y")), "Fancy", "custom ones are not");
    }

    @Test
    void aGraphThatDoesNotFitTogether() {
        refused(OnnxModelBuilder.model().input("x", FLOAT, -1).output("y", FLOAT, -1)
                .node("Identity", List.of("nowhere"), List.of("y")), "nowhere");
    }

    @Test
    void aTreeThatPointsToItself() {
        refused(OnnxModelBuilder.model().input("x", FLOAT, -1, 1).output("y", FLOAT, -1, 1).node(OnnxModelBuilder.ML,
                "TreeEnsembleRegressor", List.of("x"), List.of("y"), Attribute.integers("nodes_treeids", 0),
                Attribute.integers("nodes_nodeids", 0),
                Attribute.integers("nodes_featureids", 0),
                Attribute.numbers("nodes_values", 0.5f),
                Attribute.texts("nodes_modes", "BRANCH_LEQ"),
                Attribute.integers("nodes_truenodeids", 0),
                Attribute.integers("nodes_falsenodeids", 0),
                Attribute.integers("target_treeids", 0),
                Attribute.integers("target_nodeids", 0),
                Attribute.integers("target_ids", 0),
                Attribute.numbers("target_weights", 1),
                Attribute.integer("n_targets", 1)),
                "Exception during initialization: A node cannot point to itself");
    }

    @Test
    void aProtobufThatIsNoModel() {
        assertThatThrownBy(() -> new ModelFolder(folder).with("model.onnx", new byte[]{8, 8}).load())
                .isInstanceOf(InvalidModelException.class).hasMessageContaining("model.onnx is no ONNX model")
                .hasMessageContaining("no graph");
    }

    @Test
    void severalModelsUnlessOneIsNamed() throws Exception {
        ModelFolder files = new ModelFolder(folder).with("a.onnx", TestOnnxModels.halfPlusTwo().toByteArray())
                .with("b.onnx", TestOnnxModels.sums(-1, 4).toByteArray());
        assertThat(ModelFolder.RUNTIME.recognises(files.files())).isFalse();
        assertThatThrownBy(files::load).isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("[a.onnx, b.onnx]").hasMessageContaining("runtime_options.file");

        files.option("file", TextNode.valueOf("b.onnx"));
        assertThat(ModelFolder.RUNTIME.recognises(files.files())).isTrue();
        try (LoadedModel model = files.load()) {
            assertThat(ModelFolder.names(model)).containsExactly("sums", "doubled");
        }

        files.option("file", TextNode.valueOf("c.onnx"));
        assertThat(ModelFolder.RUNTIME.recognises(files.files())).isFalse();
        assertThatThrownBy(files::load).isInstanceOf(InvalidModelException.class).hasMessageContaining("c.onnx")
                .hasMessageContaining("[a.onnx, b.onnx]");
    }

    @Test
    void aFileThatTheOptionNamesOutsideOfTheVersion() {
        ModelFolder files = new ModelFolder(folder).with(TestOnnxModels.halfPlusTwo())
                .option("file", TextNode.valueOf("../model.onnx"));
        assertThatThrownBy(files::load).isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("../model.onnx");
    }

    private void refused(OnnxModelBuilder model, String... said) {
        assertThatThrownBy(() -> new ModelFolder(folder).with(model).load())
                .isInstanceOf(InvalidModelException.class).message().contains(said).startsWith("model.onnx")
                .doesNotContain("\n", folder.toString(), "::", "Error code");
    }
}
