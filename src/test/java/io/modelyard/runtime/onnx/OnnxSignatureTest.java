package io.modelyard.runtime.onnx;

import static io.modelyard.runtime.onnx.ModelFolder.rows;
import static io.modelyard.runtime.onnx.OnnxModelBuilder.FLOAT;
import static io.modelyard.runtime.onnx.OnnxModelBuilder.INT64;
import static io.modelyard.runtime.onnx.OnnxModelBuilder.ML;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.runtime.onnx.OnnxModelBuilder.Attribute;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.Tensor;
import io.modelyard.tensor.TensorSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/** What a model says of its inputs and outputs, and what is learned where it says nothing or what is not so. */
final class OnnxSignatureTest {
    @TempDir
    Path folder;

    @Test
    void inputsAndOutputsStandInTheOrderOfTheModel() throws Exception {
        assertThat(signature(TestOnnxModels.numbersAndCounts())).isEqualTo(new Signature(
                List.of(spec("price", -1, 1), TensorSpec.of("count", DataType.INT64, Shape.of(-1, 1))),
                List.of(spec("total", -1, 1), TensorSpec.of("seen", DataType.INT64, Shape.of(-1, 1))), false));
    }

    @Test
    void allOutputsAreGivenByDefault() throws Exception {
        Signature signature = signature(TestOnnxModels.sums(-1, 4));
        assertThat(signature.defaultOutputs()).isEqualTo(signature.outputs()).hasSize(2);
    }

    @Test
    void axesWithSymbolsAreFree() throws Exception {
        assertThat(signature(TestOnnxModels.identity(FLOAT, -1, 3, -1, -1)).inputs())
                .containsExactly(spec("x", -1, 3, -1, -1));
    }

    @Test
    void aFixedNumberOfRowsIsServedAsDeclared() throws Exception {
        Signature signature = signature(TestOnnxModels.sums(1, 4));
        assertThat(signature.isBatched()).isFalse();
        assertThat(signature.inputs()).containsExactly(spec("x", 1, 4));
        assertThat(signature.outputs()).containsExactly(spec("sums", 1, 1), spec("doubled", 1, 4));
    }

    @Test
    void aModelWithoutAnAxisForRowsIsServedAsDeclared() throws Exception {
        ModelFolder files = new ModelFolder(folder).with(TestOnnxModels.withoutRows());
        try (LoadedModel model = files.load()) {
            assertThat(model.signature().inputs()).containsExactly(spec("x", 4));
            assertThat(model.signature().isBatched()).isFalse();
        }
        Tensor sum = files.answer(new Tensor.Floats(Shape.of(4), new float[]{1, 2, 3, 4})).getFirst();
        assertThat(ModelFolder.floats(sum)).containsExactly(10);
    }

    @Test
    void anInputWithADefaultIsNone() throws Exception {
        ModelFolder files = new ModelFolder(folder).with(TestOnnxModels.withDefault());
        try (LoadedModel model = files.load()) {
            assertThat(model.signature().inputs()).containsExactly(spec("x", -1, 1));
        }
        assertThat(ModelFolder.floats(files.answer(rows(1, 1, 2)).getFirst())).containsExactly(11, 12);
    }

    @Test
    void shapesThatTheModelDoesNotSayAreLearned() throws Exception {
        assertThat(signature(shapeless(-1, 4)).outputs()).containsExactly(spec("y", -1, 4));
        assertThat(signature(shapeless(2, 4)).outputs()).containsExactly(spec("y", 2, 4));
        // Both inner axes were seen with the length 1, but need not have it.
        assertThat(signature(shapeless(-1, -1, 2)).outputs()).containsExactly(spec("y", -1, -1, -1));
    }

    @Test
    void shapesThatCannotBeLearnedAreAReasonNotToServe() {
        OnnxModelBuilder model = OnnxModelBuilder.model().input("x", FLOAT, -1, 4).input("shape", INT64, -1)
                .outputWithoutShape("y", FLOAT).node("Reshape", List.of("x", "shape"), List.of("y"));
        assertThatThrownBy(() -> signature(model)).isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("[y]").hasMessageContaining("export the model with the shapes");
    }

    @Test
    void aModelThatIsTooLargeToBeTriedIsServedAsDeclaredWithAWarning() throws Exception {
        OnnxModelBuilder model = OnnxModelBuilder.model().input("x", FLOAT, -1, 1L << 40).output("total", FLOAT)
                .node("ReduceSum", List.of("x"), List.of("total"), Attribute.integer("keepdims", 0));
        try (LoadedModel loaded = new ModelFolder(folder).with(model).load()) {
            assertThat(loaded.signature().outputs()).containsExactly(spec("total"));
            assertThat(loaded.warnings()).singleElement().asString().contains("'x'").contains("too many values");
        }
    }

    @Test
    void labelsThatOldExportersDeclareAsOneAreOnePerRow() throws Exception {
        OnnxModelBuilder model = OnnxModelBuilder.model().input("x", FLOAT, -1, 4).output("label", INT64, 1)
                .node("ArgMax", List.of("x"), List.of("label"), Attribute.integer("axis", 1),
                        Attribute.integer("keepdims", 0));
        try (LoadedModel loaded = new ModelFolder(folder).with(model).load()) {
            assertThat(loaded.signature().outputs())
                    .containsExactly(TensorSpec.of("label", DataType.INT64, Shape.of(-1)));
            assertThat(loaded.warnings()).singleElement().asString().contains("'label'").contains("[1]")
                    .contains("[-1]");
        }
    }

    @Test
    void anOutputThatIsTheSameForAnyNumberOfRowsStaysAsDeclared() throws Exception {
        OnnxModelBuilder model = OnnxModelBuilder.model().input("x", FLOAT, -1, 4).output("total", FLOAT)
                .node("ReduceSum", List.of("x"), List.of("total"), Attribute.integer("keepdims", 0));
        try (LoadedModel loaded = new ModelFolder(folder).with(model).load()) {
            assertThat(loaded.signature().outputs()).containsExactly(spec("total"));
            assertThat(loaded.warnings()).isEmpty();
        }
    }

    @Test
    void missingValuesAreKnownToModelsThatDoSomethingWithThem() throws Exception {
        OnnxModelBuilder imputing = OnnxModelBuilder.model().input("x", FLOAT, -1, 1).output("y", FLOAT, -1, 1).node(ML,
                "Imputer", List.of("x"), List.of("y"), Attribute.numbers("imputed_value_floats", 7f),
                Attribute.number("replaced_value_float", Float.NaN));
        assertThat(signature(imputing).missingAllowed()).isTrue();
        assertThat(ModelFolder.floats(new ModelFolder(folder).with(imputing).answer(rows(1, 1, Float.NaN)).getFirst()))
                .containsExactly(1, 7);
        assertThat(signature(TestOnnxModels.forestRegressor(TestForest.random(1, 2, 2, 2, 1))).missingAllowed())
                .isFalse();
        assertThat(signature(tracking(1)).missingAllowed()).isTrue();
        assertThat(signature(tracking(0)).missingAllowed()).isFalse();
    }

    /** One split at 0.5; a missing value goes to the left if {@code left} is 1. */
    private static OnnxModelBuilder tracking(int left) {
        return OnnxModelBuilder.model().input("x", FLOAT, -1, 1).output("y", FLOAT, -1, 1).node(ML,
                "TreeEnsembleRegressor", List.of("x"), List.of("y"), Attribute.integers("nodes_treeids", 0, 0, 0),
                Attribute.integers("nodes_nodeids", 0, 1, 2), Attribute.integers("nodes_featureids", 0, 0, 0),
                Attribute.numbers("nodes_values", 0.5f, 0, 0),
                Attribute.texts("nodes_modes", "BRANCH_LEQ", "LEAF", "LEAF"),
                Attribute.integers("nodes_truenodeids", 1, 0, 0), Attribute.integers("nodes_falsenodeids", 2, 0, 0),
                Attribute.integers("nodes_missing_value_tracks_true", left, 0, 0),
                Attribute.integers("target_treeids", 0, 0), Attribute.integers("target_nodeids", 1, 2),
                Attribute.integers("target_ids", 0, 0), Attribute.numbers("target_weights", 1, 2),
                Attribute.integer("n_targets", 1));
    }

    /** {@code y = x}, by way of its shape without the zeros in it, whose length the library cannot infer. */
    private static OnnxModelBuilder shapeless(long... shape) {
        return OnnxModelBuilder.model().input("x", FLOAT, shape).outputWithoutShape("y", FLOAT)
                .initializer("first", new long[]{1}, 0L).node("Shape", List.of("x"), List.of("shape"))
                .node("NonZero", List.of("shape"), List.of("places"))
                .node("Squeeze", List.of("places", "first"), List.of("axes"))
                .node("Gather", List.of("shape", "axes"), List.of("same"))
                .node("Reshape", List.of("x", "same"), List.of("y"));
    }

    private Signature signature(OnnxModelBuilder model) throws InvalidModelException {
        try (LoadedModel loaded = new ModelFolder(folder).with(model).load()) {
            return loaded.signature();
        }
    }

    private static TensorSpec spec(String name, long... shape) {
        return TensorSpec.of(name, DataType.FLOAT32, Shape.of(shape));
    }
}
