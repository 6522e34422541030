package io.modelyard.runtime.onnx;

import static io.modelyard.runtime.onnx.ModelFolder.floats;
import static io.modelyard.runtime.onnx.ModelFolder.rows;
import static io.modelyard.runtime.onnx.OnnxModelBuilder.FLOAT;
import static io.modelyard.runtime.onnx.OnnxModelBuilder.external;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.onnx.OnnxModelBuilder.Attribute;
import io.modelyard.runtime.onnx.OnnxModelBuilder.Message;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A model may read the other files of its version, and nothing else of the host. */
final class OnnxExternalDataTest {
    private static final byte[] WEIGHTS = TestOnnxModels.floatBytes(4);

    @TempDir
    Path host;
    private Path folder = Path.of("");

    @BeforeEach
    void putASecretBesideTheModelsFolder() throws IOException {
        Files.write(host.resolve("secret.bin"), WEIGHTS);
        folder = Files.createDirectory(host.resolve("model"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"weights.bin", "parts/weights.bin", "parts/../weights.bin"})
    void weightsBesideTheModelAreRead(String location) throws Exception {
        ModelFolder model = new ModelFolder(folder).with(TestOnnxModels.external(location))
                .with("weights.bin", WEIGHTS).with("parts/weights.bin", WEIGHTS);
        assertThat(floats(model.answer(rows(4, 1, 1, 1, 1)).getFirst())).containsExactly(1, 2, 3, 4);
    }

    @Test
    void aModelInASubfolderReadsWhatIsBesideIt() throws Exception {
        ModelFolder model = new ModelFolder(folder)
                .with("net/model.onnx", TestOnnxModels.external("w.bin").toByteArray()).with("net/w.bin", WEIGHTS);
        assertThat(floats(model.answer(rows(4, 1, 1, 1, 1)).getFirst())).containsExactly(1, 2, 3, 4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret.bin", "parts/../../secret.bin", "/etc/passwd", "./../secret.bin", ".."})
    void whatIsOutsideOfTheFolderIsRefused(String location) {
        assertThatThrownBy(() -> new ModelFolder(folder).with(TestOnnxModels.external(location)).load())
                .isInstanceOf(InvalidModelException.class).hasMessageContaining("'w'")
                .hasMessageContaining("'" + location + "'").hasMessageContaining("outside");
    }

    @Test
    void anAbsolutePathIsRefusedEvenWhereItLeadsInside() {
        Path weights = folder.resolve("weights.bin").toAbsolutePath();
        assertThatThrownBy(() -> new ModelFolder(folder).with("weights.bin", WEIGHTS)
                .with(TestOnnxModels.external(weights.toString())).load())
                .isInstanceOf(InvalidModelException.class).hasMessageContaining("by its name alone");
    }

    @ParameterizedTest
    @ValueSource(strings = {"other.bin", "*/_ORT_MEM_ADDR_/*", "", "model.onnx/x"})
    void whatIsNotAmongTheFilesOfTheVersionIsRefused(String location) throws Exception {
        Files.write(folder.resolve("other.bin"), WEIGHTS);
        assertThatThrownBy(() -> new ModelFolder(folder).with(TestOnnxModels.external(location)).load())
                .isInstanceOf(InvalidModelException.class).hasMessageContaining("'w'")
                .hasMessageContaining("not among the files of this version");
    }

    @Test
    void aNameThatIsNoneIsRefused() {
        assertThatThrownBy(() -> new ModelFolder(folder).with(TestOnnxModels.external("a\0b")).load())
                .isInstanceOf(InvalidModelException.class).hasMessageContaining("no name of a file");
    }

    @Test
    void weightsThatAreCutOffAreRefused() {
        assertThatThrownBy(() -> new ModelFolder(folder).with(TestOnnxModels.external("weights.bin"))
                .with("weights.bin", TestOnnxModels.floatBytes(3)).load())
                .isInstanceOf(InvalidModelException.class).hasMessageContaining("out of bounds")
                .hasMessageNotContaining(folder.toString()).hasMessageNotContaining("::");
    }

    /** Every place of a model where a tensor can stand, with one in it whose values lie outside. */
    static Stream<OnnxModelBuilder> placesOfTensors() {
        Message secret = external("w", "../secret.bin", 0, 4);
        Message sparse = new Message().message(1, secret).message(2, OnnxModelBuilder.tensor("i", new long[]{0}))
                .integer(3, 4);
        Message constant = OnnxModelBuilder.nodeMessage("", "Constant", List.of(), List.of("w"),
                Attribute.tensor("value", secret));
        Message branch = new Message().message(1, constant).text(2, "branch");
        Message withInitializer = new Message().message(5, secret).text(2, "branch");
        return Stream.of(
                model().graphField(5, secret),
                model().graphField(15, sparse),
                model().graphField(1, constant),
                model().node("If", List.of("x"), List.of("z"), Attribute.graph("then_branch", branch)),
                model().node("If", List.of("x"), List.of("z"), Attribute.graph("then_branch", withInitializer)),
                model().function("local", "F", "a", "b", constant));
    }

    private static OnnxModelBuilder model() {
        return OnnxModelBuilder.model().input("x", FLOAT, -1).output("y", FLOAT, -1)
                .node("Identity", List.of("x"), List.of("y"));
    }

    @ParameterizedTest
    @MethodSource("placesOfTensors")
    void noPlaceOfATensorIsOverlooked(OnnxModelBuilder model) {
        assertThatThrownBy(() -> new ModelFolder(folder).with(model).load())
                .isInstanceOf(InvalidModelException.class).hasMessageContaining("'../secret.bin'")
                .hasMessageContaining("outside of the folder");
    }
}
