package io.modelyard.runtime.tensorflow;

import static io.modelyard.runtime.tensorflow.TestSavedModels.tensor;
import static io.modelyard.runtime.tensorflow.TestSavedModels.tensorOfAnyRank;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelyard.runtime.InferenceException;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import io.modelyard.tensor.TensorSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

final class SignatureChoiceTest {
    private static final TensorflowRuntime RUNTIME = new TensorflowRuntime(
            new TensorflowConfiguration(List.of(), 1, 0), Runnable::run);
    private static final DataType FLOAT = DataType.DT_FLOAT;

    @TempDir
    Path folder;

    @Test
    void takesTheDefaultSignatureAmongOthers() throws Exception {
        try (LoadedModel model = load("{}",
                twice().signature("other", SignatureChoiceTest::plusOne).signature("serving_default",
                        SignatureChoiceTest::doubled))) {
            assertThat(run(model, 3)).isEqualTo(6);
            assertThat(model.warnings()).isEmpty();
        }
    }

    @Test
    void takesTheSignatureThatTheManifestNames() throws Exception {
        try (LoadedModel model = load("{'signature': 'other'}",
                twice().signature("other", SignatureChoiceTest::plusOne).signature("serving_default",
                        SignatureChoiceTest::doubled))) {
            assertThat(run(model, 3)).isEqualTo(4);
        }
    }

    @Test
    void takesTheOnlySignatureWhereThereIsNoDefaultAndSaysSo() throws Exception {
        TestSavedModels only = twice().signature("only", SignatureChoiceTest::doubled).node("init", "NoOp", Map.of())
                .signature("__saved_model_init_op", signature -> signature.clearMethodName().putOutputs(
                        "__saved_model_init_op", TensorInfo.newBuilder().setName("init").build()));
        try (LoadedModel model = load("{}", only)) {
            assertThat(run(model, 3)).isEqualTo(6);
            assertThat(model.warnings()).singleElement().asString().contains("'only'");
        }
    }

    @Test
    void asksForTheSignatureWhereThereAreSeveralAndNoDefault() {
        assertThatThrownBy(() -> load("{}",
                twice().signature("one", SignatureChoiceTest::doubled).signature("other",
                        SignatureChoiceTest::plusOne)))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("runtime_options.signature: one, other");
    }

    @Test
    void refusesASignatureThatIsNotThereWithTheNamesOfThoseThatAre() {
        assertThatThrownBy(() -> load("{'signature': 'prediction'}",
                twice().signature("serving_default", SignatureChoiceTest::doubled)))
                .isInstanceOf(InvalidModelException.class).hasMessageContaining("'prediction'")
                .hasMessageContaining("serving_default");
    }

    @Test
    void servesASoundSignatureBesideBrokenOnesAndNamesThem() throws Exception {
        TestSavedModels model = twice().signature("serving_default", SignatureChoiceTest::doubled)
                .signature("lost", signature -> doubled(signature).putInputs("x", tensor("gone:0", FLOAT, -1)))
                .signature("mistyped",
                        signature -> doubled(signature).putOutputs("y", tensor("doubled:0", DataType.DT_INT32, -1)))
                .signature("misshaped",
                        signature -> doubled(signature).putInputs("x", tensor("x:0", FLOAT, -1, 4)));
        try (LoadedModel loaded = load("{}", model)) {
            assertThat(run(loaded, 3)).isEqualTo(6);
            assertThat(loaded.warnings()).hasSize(3)
                    .anyMatch(warning -> warning.contains("'lost'") && warning.contains("'gone:0'"))
                    .anyMatch(warning -> warning.contains("'mistyped'") && warning.contains("int32"))
                    .anyMatch(warning -> warning.contains("'misshaped'") && warning.contains("[-1, 4]"));
        }
        assertThatThrownBy(() -> load("{'signature': 'lost'}", model)).isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("signature 'lost' cannot be served").hasMessageContaining("'gone:0'")
                .hasMessageContaining("serving_default");
    }

    @Test
    void passesOverBrokenSignaturesWhenItLooksForTheOnlyOne() throws Exception {
        try (LoadedModel model = load("{}", twice().signature("sound", SignatureChoiceTest::doubled).signature("broken",
                signature -> doubled(signature).putInputs("x", tensor("x:7", FLOAT, -1))))) {
            assertThat(run(model, 3)).isEqualTo(6);
        }
    }

    @Test
    void refusesTypesThatCannotStandInARequest() {
        assertThatThrownBy(() -> load("{}",
                TestSavedModels.empty().placeholder("x", DataType.DT_HALF, -1).node("y", "Neg", DataType.DT_HALF, "x")
                        .signature("serving_default",
                                signature -> signature.putInputs("x", tensor("x:0", DataType.DT_HALF, -1))
                                        .putOutputs("y", tensor("y:0", DataType.DT_HALF, -1)))))
                .isInstanceOf(InvalidModelException.class).hasMessageContaining("input 'x' is half")
                .hasMessageContaining("cast it to float32");
    }

    @Test
    void refusesASignatureWithoutInputs() {
        assertThatThrownBy(() -> load("{}",
                twice().signature("serving_default", signature -> signature.putOutputs("y", tensor("one:0", FLOAT)))))
                .isInstanceOf(InvalidModelException.class).hasMessageContaining("no inputs");
    }

    @Test
    void refusesTwoInputsThatAreOneTensor() {
        assertThatThrownBy(() -> load("{}", twice().signature("serving_default",
                signature -> doubled(signature).putInputs("again", tensor("x:0", FLOAT, -1)))))
                .isInstanceOf(InvalidModelException.class).hasMessageContaining("same tensor");
    }

    @Test
    void refusesSparseTensors() {
        TensorInfo sparse = TensorInfo.newBuilder().setDtype(FLOAT).setCooSparse(TensorInfo.CooSparse.newBuilder()
                .setValuesTensorName("x:0").setIndicesTensorName("x:0").setDenseShapeTensorName("x:0")).build();
        assertThatThrownBy(() -> load("{}",
                twice().signature("serving_default", signature -> doubled(signature).putInputs("x", sparse))))
                .isInstanceOf(InvalidModelException.class).hasMessageContaining("sparse");
    }

    @Test
    void givesAnInputThatIsAlsoAnOutputBackAsItIs() throws Exception {
        TestSavedModels model = twice().signature("serving_default",
                signature -> doubled(signature).putOutputs("key", tensor("x:0", FLOAT, -1)));
        try (LoadedModel loaded = load("{}", model)) {
            Tensor input = new Tensor.Floats(Shape.of(1), new float[]{3});
            assertThat(loaded.run(List.of(input), List.of("y", "key"))).extracting(Tensor::array)
                    .containsExactly(new float[]{6}, new float[]{3});
            assertThat(loaded.run(List.of(input), List.of("key"))).extracting(Tensor::array)
                    .containsExactly(new float[]{3});
        }
    }

    @Test
    void givesOneTensorUnderTwoNames() throws Exception {
        TestSavedModels model = twice().signature("serving_default",
                signature -> doubled(signature).putOutputs("z", tensor("doubled:0", FLOAT, -1)));
        try (LoadedModel loaded = load("{}", model)) {
            assertThat(loaded.run(List.of(new Tensor.Floats(Shape.of(1), new float[]{3})), List.of("z", "y")))
                    .extracting(Tensor::array).containsExactly(new float[]{6}, new float[]{6});
        }
    }

    @Test
    void servesAModelWithoutABatchDimension() throws Exception {
        TestSavedModels fixed = TestSavedModels.empty().placeholder("x", FLOAT, 2).node("y", "Neg", FLOAT, "x")
                .signature(
                        "serving_default",
                        signature -> signature.putInputs("x", tensor("x:0", FLOAT, 2)).putOutputs("y",
                                tensor("y:0", FLOAT, 2)));
        try (LoadedModel model = load("{}", fixed)) {
            assertThat(model.signature().isBatched()).isFalse();
            assertThat(model.run(List.of(new Tensor.Floats(Shape.of(2), new float[]{1, 2})), List.of("y")).getFirst()
                    .array())
                    .isEqualTo(new float[]{-1, -2});
        }
    }

    @Test
    void servesAScalar() throws Exception {
        TestSavedModels scalar = TestSavedModels.empty().placeholder("x", FLOAT).node("y", "Neg", FLOAT, "x").signature(
                "serving_default",
                signature -> signature.putInputs("x", tensor("x:0", FLOAT)).putOutputs("y", tensor("y:0", FLOAT)));
        try (LoadedModel model = load("{}", scalar)) {
            Tensor answer = model.run(List.of(new Tensor.Floats(Shape.of(), new float[]{1})), List.of("y")).getFirst();
            assertThat(answer.shape()).isEqualTo(Shape.of());
            assertThat(answer.array()).isEqualTo(new float[]{-1});
        }
    }

    @Test
    void asksForTheShapeWhereTheModelDoesNotSayIt() {
        assertThatThrownBy(() -> load("{}", anyRank(FLOAT))).isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("input 'x'").hasMessageContaining("\"shapes\"");
    }

    @Test
    void takesTheShapeFromTheManifestWhereTheModelDoesNotSayIt() throws Exception {
        try (LoadedModel model = load("{'shapes': {'x': [-1, 2], 'y': [-1, 2]}}", anyRank(FLOAT))) {
            assertThat(model.signature().inputs()).extracting(TensorSpec::shape).containsExactly(Shape.of(-1, 2));
            assertThat(model.run(List.of(new Tensor.Floats(Shape.of(1, 2), new float[]{1, 2})), List.of("y")).getFirst()
                    .array()).isEqualTo(new float[]{1, 2});
        }
    }

    @Test
    void takesTheShapeFromTheGraphWhereTheSignatureDoesNotSayIt() throws Exception {
        try (LoadedModel model = load("{}", twice().signature("serving_default",
                signature -> signature.putInputs("x", tensorOfAnyRank("x:0", FLOAT)).putOutputs("y",
                        TensorInfo.newBuilder().setName("doubled:0").setDtype(FLOAT).build())))) {
            assertThat(model.signature().inputs().getFirst().shape()).isEqualTo(Shape.of(-1));
            assertThat(model.signature().outputs().getFirst().shape()).isEqualTo(Shape.of(-1));
        }
    }

    @Test
    void servesTextsOfUnknownShapeAsAListAndSaysSo() throws Exception {
        try (LoadedModel model = load("{'shapes': {'y': [-1]}}", anyRank(DataType.DT_STRING))) {
            assertThat(model.signature().inputs().getFirst().shape()).isEqualTo(Shape.of(-1));
            assertThat(model.warnings()).singleElement().asString().contains("input 'x'").contains("[-1]");
        }
    }

    @Test
    void refusesAShapeOfTheManifestThatContradictsTheModel() {
        assertThatThrownBy(() -> load("{'shapes': {'x': [-1, 2]}}",
                twice().signature("serving_default", SignatureChoiceTest::doubled)))
                .isInstanceOf(InvalidModelException.class).hasMessageContaining("[-1, 2]").hasMessageContaining("[-1]");
        assertThatThrownBy(() -> load("{'shapes': {'z': [-1]}}",
                twice().signature("serving_default", SignatureChoiceTest::doubled)))
                .isInstanceOf(InvalidModelException.class).hasMessageContaining("z");
    }

    @Test
    void doesNotGiveAnAnswerThatItsSignatureDenies() throws Exception {
        try (LoadedModel model = load("{'shapes': {'x': [-1], 'y': [-1, 2]}}", anyRank(FLOAT))) {
            assertThatThrownBy(() -> run(model, 3)).isInstanceOf(InferenceException.class)
                    .hasMessageContaining("output 'y'").hasMessageContaining("[-1, 2]");
        }
    }

    @Test
    void refusesOptionsOfTheWrongKindAndNamesUnknownOnes() throws Exception {
        TestSavedModels model = twice().signature("serving_default", SignatureChoiceTest::doubled);
        for (String options : List.of("{'signature': 1}", "{'tags': [1]}", "{'tags': {}}", "{'shapes': [1]}",
                "{'shapes': {'x': 3}}", "{'shapes': {'x': [-2]}}", "{'path': ''}")) {
            assertThatThrownBy(() -> load(options, model)).as(options).isInstanceOf(InvalidModelException.class)
                    .hasMessageContaining("runtime_options");
        }
        try (LoadedModel loaded = load("{'signatur': 'x'}", model)) {
            assertThat(loaded.warnings()).singleElement().asString().contains("signatur");
        }
    }

    @Test
    void takesTheGraphOfTheTagsThatTheManifestNames() throws Exception {
        TestSavedModels model = twice().signature("serving_default", SignatureChoiceTest::doubled)
                .change(graph -> graph.getMetaInfoDefBuilder().addTags("gpu"));
        assertThatThrownBy(() -> load("{}", model)).isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("[serve, gpu]");
        try (LoadedModel loaded = load("{'tags': ['gpu', 'serve']}", model)) {
            assertThat(run(loaded, 3)).isEqualTo(6);
        }
    }

    private static TestSavedModels twice() {
        return TestSavedModels.empty().placeholder("x", FLOAT, -1).floats("one", 1)
                .node("doubled", "AddV2", FLOAT, "x", "x")
                .node("plus_one", "AddV2", FLOAT, "x", "one");
    }

    private static TestSavedModels anyRank(DataType type) {
        return TestSavedModels.empty().anyRank("x", type).node("y", "Identity", type, "x").signature("serving_default",
                signature -> signature.putInputs("x", tensorOfAnyRank("x:0", type)).putOutputs("y",
                        tensorOfAnyRank("y:0", type)));
    }

    private static SignatureDef.Builder doubled(SignatureDef.Builder signature) {
        return signature.putInputs("x", tensor("x:0", FLOAT, -1)).putOutputs("y", tensor("doubled:0", FLOAT, -1));
    }

    private static SignatureDef.Builder plusOne(SignatureDef.Builder signature) {
        return signature.putInputs("x", tensor("x:0", FLOAT, -1)).putOutputs("y", tensor("plus_one", FLOAT, -1));
    }

    private LoadedModel load(String options, TestSavedModels model) throws Exception {
        Map<String, JsonNode> parsed = new HashMap<>();
        new ObjectMapper().readTree(options.replace('\'', '"')).properties()
                .forEach(option -> parsed.put(option.getKey(), option.getValue()));
        return RUNTIME.load(model.write(folder, parsed));
    }

    private static float run(LoadedModel model, float x) {
        return ((float[]) model.run(List.of(new Tensor.Floats(Shape.of(1), new float[]{x})), List.of("y")).getFirst()
                .array())[0];
    }
}
