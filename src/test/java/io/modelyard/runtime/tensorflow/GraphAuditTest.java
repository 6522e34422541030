package io.modelyard.runtime.tensorflow;

import static io.modelyard.runtime.tensorflow.TestSavedModels.nodeOf;
import static io.modelyard.runtime.tensorflow.TestSavedModels.tensor;
import static io.modelyard.runtime.tensorflow.TestSavedModels.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.AssetFileDef;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Graphs that reach for files of the server, on every way that we could think of. */
final class GraphAuditTest {
    private static final DataType STRING = DataType.DT_STRING;

    @TempDir
    Path model;
    @TempDir
    Path server;
    private Path secret;

    @BeforeEach
    void writeSecret() throws IOException {
        secret = Files.writeString(server.resolve("secret.txt"), "alpha\nbeta\n");
    }

    @Test
    void refusesToReadAFileAndSaysHowToAllowIt() {
        TestSavedModels reads = named().node("content", "ReadFile", Map.of(), "name").signature("serving_default",
                signature -> name(signature).putOutputs("y", tensor("content:0", STRING)));
        assertThatThrownBy(() -> load(reads)).isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("operation 'ReadFile' (node 'content') reads files of the server")
                .hasMessageContaining("modelyard.runtime.tensorflow.allow-operations");
    }

    @Test
    void readsAFileWhereTheConfigurationAllowsIt() throws Exception {
        TestSavedModels reads = named().node("content", "ReadFile", Map.of(), "name").signature("serving_default",
                signature -> name(signature).putOutputs("y", tensor("content:0", STRING)));
        try (LoadedModel loaded = load(reads, "ReadFile")) {
            assertThat(ask(loaded, secret.toString())).isEqualTo("alpha\nbeta\n");
        }
    }

    @Test
    void refusesToWriteAFileAlsoWhereNothingUsesIt() throws Exception {
        TestSavedModels writes = harmless().text("file", server.resolve("written").toString()).node("write",
                "WriteFile",
                Map.of(), "file", "file");
        refuses(writes, "'WriteFile' (node 'write') writes files");
        try (LoadedModel loaded = load(writes, "WriteFile")) {
            assertThat(ask(loaded, "a")).isEqualTo("a");
        }
        assertThat(server.resolve("written")).doesNotExist();
    }

    @Test
    void looksIntoTheLibraryOfFunctions() throws Exception {
        TestSavedModels hidden = named()
                .function("inner", List.of("file"), "read:contents:0", nodeOf("read", "ReadFile", Map.of(), "file"))
                .call("content", "inner", "name").signature("serving_default",
                        signature -> name(signature).putOutputs("y", tensor("content:0", STRING)));
        refuses(hidden, "'ReadFile' (node 'read' of function 'inner')");
        try (LoadedModel loaded = load(hidden, "ReadFile")) {
            assertThat(ask(loaded, secret.toString())).isEqualTo("alpha\nbeta\n");
        }
    }

    @Test
    void refusesToWriteAFileWhenTheModelIsInitialised() throws Exception {
        Path written = server.resolve("written");
        TestSavedModels writes = harmless().text("file", written.toString())
                .node("write", "WriteFile", Map.of(), "file",
                        "file")
                .change(graph -> initialisedBy(graph, "write"));
        refuses(writes, "'WriteFile'");
        assertThat(written).doesNotExist();
        load(writes, "WriteFile").close();
        assertThat(written).exists();
    }

    @Test
    void refusesToSaveVariablesAtLoadAndAtARequestButNotThatTheGraphCan() throws Exception {
        Path written = server.resolve("checkpoint");
        TestSavedModels saves = harmless().text("prefix", written.toString()).text("slices", "")
                .constant("value", DataType.DT_INT32, value -> value.addIntVal(1))
                .constant("first", DataType.DT_INT32, value -> value.addIntVal(0))
                .node("names", "ExpandDims", Map.of("T", type(STRING), "Tdim", type(DataType.DT_INT32)), "slices",
                        "first")
                .node("save", "SaveV2", Map.of("dtypes", types(DataType.DT_INT32)), "prefix", "names", "names", "value")
                .node("saved", "Identity", STRING, "name", "^save");
        try (LoadedModel loaded = load(saves)) {
            assertThat(ask(loaded, "a")).isEqualTo("a");
        }
        TestSavedModels atRequest = saves.signature("saving",
                signature -> name(signature).putOutputs("y", tensor("saved:0", STRING)));
        assertThatThrownBy(() -> runtime().load(atRequest.write(model,
                Map.of("signature", new TextNode("saving")))))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("'SaveV2' (node 'save') would write a file when signature 'saving' is served");
        refuses(saves.change(graph -> initialisedBy(graph, "save")),
                "'SaveV2' (node 'save') would write a file when the model is initialised");
        assertThat(server.toFile().list()).containsExactly("secret.txt");
    }

    @Test
    void refusesToRestoreVariablesOfAnotherModel() {
        TestSavedModels restores = harmless().text("prefix", server.resolve("other/variables").toString())
                .text("names", "w").node("restore", "RestoreV2", Map.of("dtypes", types(DataType.DT_FLOAT)), "prefix",
                        "names", "names");
        refuses(restores.change(graph -> initialisedBy(graph, "restore")),
                "'RestoreV2' (node 'restore') would read a file when the model is initialised");
        refuses(harmless().text("prefix", server.resolve("other/variables").toString()).text("names", "w")
                .node("restore", "RestoreV2", Map.of("dtypes", types(DataType.DT_FLOAT)), "prefix", "names", "names")
                .text("given", "x").change(graph -> graph.getSaverDefBuilder().setFilenameTensorName("given:0")
                        .setRestoreOpName("restore")),
                "'RestoreV2' (node 'restore') would read a file when the variables are restored");
    }

    @Test
    void fillsATableFromAnAssetOfTheModel() throws Exception {
        try (LoadedModel loaded = load(table("asset").change(graph -> addAsset(graph, "asset:0")))) {
            assertThat(ask(loaded, "b")).isEqualTo("1");
            assertThat(ask(loaded, "z")).isEqualTo("-1");
        }
    }

    @Test
    void followsTheNameOfAnAssetThroughAVariableAndAFunction() throws Exception {
        TestSavedModels asTensorflow2 = vocabulary().text("asset", "")
                .node("holder", "VarHandleOp", Map.of("dtype", type(STRING), "shape", scalar(), "shared_name",
                        TestSavedModels.text("holder")))
                .node("hold", "AssignVariableOp", Map.of("dtype", type(STRING)), "holder", "asset")
                .node("held", "ReadVariableOp", Map.of("dtype", type(STRING)), "holder", "^hold");
        fillInFunction(asTensorflow2, "held").change(graph -> {
            addAsset(graph, "asset:0");
            initialisedBy(graph, "filled");
        });
        try (LoadedModel loaded = load(asTensorflow2)) {
            assertThat(ask(loaded, "b")).isEqualTo("1");
        }
    }

    @Test
    void refusesATableFromAnyOtherFile() {
        refuses(table("file").text("file", secret.toString()).text("asset", "")
                .change(graph -> addAsset(graph, "asset:0")),
                "reads a file that is not for certain one of the model's assets");
    }

    @Test
    void refusesATableWhoseFileIsNamedByAVariableThatCanHoldAnother() {
        TestSavedModels twice = vocabulary().text("asset", "").text("file", secret.toString())
                .node("holder", "VarHandleOp", Map.of("dtype", type(STRING), "shape", scalar(), "shared_name",
                        TestSavedModels.text("holder")))
                .node("hold", "AssignVariableOp", Map.of("dtype", type(STRING)), "holder", "asset")
                .node("alias", "VarHandleOp", Map.of("dtype", type(STRING), "shape", scalar(), "shared_name",
                        TestSavedModels.text("holder")))
                .node("swap", "AssignVariableOp", Map.of("dtype", type(STRING)), "alias", "file", "^hold")
                .node("held", "ReadVariableOp", Map.of("dtype", type(STRING)), "holder", "^swap");
        refuses(fillInFunction(twice, "held").change(graph -> {
            addAsset(graph, "asset:0");
            initialisedBy(graph, "filled");
        }), "not for certain one of the model's assets");
    }

    @Test
    void refusesATableWhoseFileIsNamedByOneOfTwoCalls() {
        TestSavedModels twice = fillInFunction(vocabulary().text("asset", "").text("file", secret.toString()), "asset")
                .call("other", "fill", "file").change(graph -> {
                    addAsset(graph, "asset:0");
                    initialisedBy(graph, "other");
                });
        refuses(twice, "not for certain one of the model's assets");
    }

    @Test
    void refusesATableThatARequestCouldFill() {
        TestSavedModels byRequest = table("asset").change(graph -> addAsset(graph, "asset:0"))
                .node("late", "Identity", Map.of("T", type(STRING)), "found", "^fill").signature("serving_default",
                        signature -> name(signature).putInputs("file", tensor("asset:0", STRING)).putOutputs("y",
                                tensor("late:0", STRING)));
        refuses(byRequest, "would read a file when signature 'serving_default' is served");
    }

    @Test
    void saysWhichOperationIsOfAnotherLibrary() {
        refuses(harmless().node("tokens", "SentencepieceTokenizeOp", Map.of(), "name"),
                "'SentencepieceTokenizeOp' (node 'tokens') is not part of TensorFlow");
    }

    @Test
    void doesNotMindAnOperationOfAnotherLibraryInAFunctionThatNothingCalls() throws Exception {
        TestSavedModels unused = harmless().function("tokenizer", List.of("text"), "tokens:output:0",
                nodeOf("tokens", "SentencepieceTokenizeOp", Map.of(), "text"));
        try (LoadedModel loaded = load(unused)) {
            assertThat(ask(loaded, "a")).isEqualTo("a");
        }
    }

    private void refuses(TestSavedModels graph, String reason) {
        assertThatThrownBy(() -> load(graph)).isInstanceOf(InvalidModelException.class).hasMessageContaining(reason);
    }

    private LoadedModel load(TestSavedModels graph, String... allowed) throws Exception {
        return runtime(allowed).load(graph.write(model));
    }

    private static TensorflowRuntime runtime(String... allowed) {
        return new TensorflowRuntime(new TensorflowConfiguration(List.of(allowed), 1, 0), Runnable::run);
    }

    private static String ask(LoadedModel model, String question) {
        Tensor answer = model.run(List.of(new Tensor.Strings(Shape.of(), new String[]{question})), List.of("y"))
                .getFirst();
        return ((String[]) answer.array())[0];
    }

    private static TestSavedModels named() {
        return TestSavedModels.empty().placeholder("name", STRING);
    }

    /** Says what it is told. */
    private static TestSavedModels harmless() {
        return named().node("echo", "Identity", STRING, "name").signature("serving_default",
                signature -> name(signature).putOutputs("y", tensor("echo:0", STRING)));
    }

    /** Answers with the number of the line that the text stands in, in a table that is still empty. */
    private TestSavedModels vocabulary() {
        try {
            Files.createDirectories(model.resolve("assets"));
            Files.writeString(model.resolve("assets/words.txt"), "a\nb\nc\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return named()
                .node("table", "HashTableV2", Map.of("key_dtype", type(STRING), "value_dtype", type(DataType.DT_INT64),
                        "shared_name", TestSavedModels.text("words")))
                .constant("none", DataType.DT_INT64, value -> value.addInt64Val(-1))
                .node("line", "LookupTableFindV2", Map.of("Tin", type(STRING), "Tout", type(DataType.DT_INT64)),
                        "table",
                        "name", "none")
                .node("found", "AsString", DataType.DT_INT64, "line").signature("serving_default",
                        signature -> name(signature).putOutputs("y", tensor("found:0", STRING)));
    }

    /** The vocabulary, filled at load from the file that a tensor names. */
    private TestSavedModels table(String file) {
        TestSavedModels table = vocabulary()
                .node("fill", "InitializeTableFromTextFileV2",
                        Map.of("key_index", TestSavedModels.integer(-2), "value_index", TestSavedModels.integer(-1)),
                        "table", file)
                .change(graph -> initialisedBy(graph, "fill"));
        return file.equals("asset") ? table.text("asset", "") : table;
    }

    /** The same in a function that is called with the name of the file. */
    private static TestSavedModels fillInFunction(TestSavedModels model, String file) {
        return model.function("fill", List.of("file"), "done:output:0",
                nodeOf("words", "HashTableV2", Map.of("key_dtype", type(STRING), "value_dtype", type(DataType.DT_INT64),
                        "shared_name", TestSavedModels.text("words"))),
                nodeOf("filling", "InitializeTableFromTextFileV2",
                        Map.of("key_index", TestSavedModels.integer(-2), "value_index", TestSavedModels.integer(-1)),
                        "words:table_handle:0", "file"),
                nodeOf("done", "Identity", Map.of("T", type(STRING)), "file", "^filling"))
                .call("filled", "fill", file);
    }

    private static SignatureDef.Builder name(SignatureDef.Builder signature) {
        return signature.putInputs("name", tensor("name:0", STRING));
    }

    private static void addAsset(MetaGraphDef.Builder graph, String tensorName) {
        graph.addAssetFileDef(AssetFileDef.newBuilder().setFilename("words.txt")
                .setTensorInfo(TensorInfo.newBuilder().setName(tensorName)));
    }

    private static void initialisedBy(MetaGraphDef.Builder graph, String node) {
        graph.putSignatureDef("__saved_model_init_op", SignatureDef.newBuilder()
                .putOutputs("__saved_model_init_op", TensorInfo.newBuilder().setName(node).build()).build());
    }

    private static AttrValue types(DataType... types) {
        AttrValue.Builder value = AttrValue.newBuilder();
        Arrays.stream(types).forEach(value.getListBuilder()::addType);
        return value.build();
    }

    private static AttrValue scalar() {
        return AttrValue.newBuilder()
                .setShape(TensorShapeProto.getDefaultInstance()).build();
    }
}
