package io.modelyard.runtime.tensorflow;

import static io.modelyard.runtime.tensorflow.TestSavedModels.nodeOf;
import static io.modelyard.runtime.tensorflow.TestSavedModels.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.ModelFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Nodes that TensorFlow 2.18 would not survive, or could only speak of in riddles. */
final class GraphStructureTest {
    private static final DataType FLOAT = DataType.DT_FLOAT;
    private static final DataType STRING = DataType.DT_STRING;

    @TempDir
    Path folder;

    @Test
    void refusesANodeWithTooFewInputs() {
        refuses(graph().node("y", "Identity", FLOAT), "node 'y' of operation 'Identity': it has 0 inputs",
                "takes 1");
        refuses(graph().node("y", "AddV2", FLOAT, "x", "x", "x"), "it has 3 inputs", "takes 2");
        refuses(graph().node("y", "AddN", Map.of("T", type(FLOAT), "N", TestSavedModels.integer(3)), "x", "x"),
                "it has 2 inputs", "takes 3");
    }

    @Test
    void refusesInputsThatAreNowhere() {
        refuses(graph().node("y", "Neg", FLOAT, "gone"), "its input 'gone' is nowhere");
        refuses(graph().node("y", "Neg", FLOAT, "x:1"), "its input 'x:1' is nowhere");
        refuses(graph().node("y", "Neg", FLOAT, "x:first"), "its input 'x:first' is nowhere");
        refuses(graph().node("y", "Neg", FLOAT, "x", "^gone"), "its input '^gone' is nowhere");
        refuses(graph().node("y", "Neg", FLOAT, "^x", "x"), "disorder");
    }

    @Test
    void refusesAttributesThatAreMissingOrOfAnotherKind() {
        refuses(graph().node("y", "Neg", Map.of(), "x"), "it has no attribute 'T'");
        refuses(graph().node("y", "Neg", Map.of("T", TestSavedModels.text("float")), "x"), "attribute 'T' is no type");
        refuses(graph().node("y", "Neg", Map.of("T", AttrValue.newBuilder().setTypeValue(77).build()), "x"),
                "attribute 'T' is no type");
    }

    @Test
    void refusesValuesThatTheOperationDoesNotTake() {
        refuses(graph().node("y", "AddN", Map.of("T", type(FLOAT), "N", TestSavedModels.integer(0))),
                "attribute 'N' has a value that the operation does not take");
        refuses(graph().text("t", "a").node("y", "Neg", STRING, "t"), "attribute 'T' has a value");
        AttrValue.Builder wrong = AttrValue.newBuilder();
        wrong.getListBuilder().addI(1);
        refuses(graph().node("y", "Print", Map.of("T", type(FLOAT), "U", wrong.build()), "x"),
                "attribute 'U' is no list(type)");
    }

    @Test
    void refusesTwoNodesOfOneName() {
        refuses(graph().placeholder("x", FLOAT, -1), "node 'x'", "there are two of it");
    }

    @Test
    void looksIntoFunctionsToo() {
        refuses(graph().function("f", List.of("a"), "out:output:0",
                nodeOf("out", "Identity", Map.of("T", type(STRING)))),
                "node 'out' of function 'f' of operation 'Identity': it has 0 inputs");
        refuses(graph().function("f", List.of("a"), "out:output:0",
                nodeOf("in", "Identity", Map.of("T", type(STRING)), "a"),
                nodeOf("out", "Identity", Map.of("T", type(STRING)), "in:output:1")),
                "its input 'in:output:1' is nowhere");
        refuses(graph().function("f", List.of("a"), "out:output:0",
                nodeOf("out", "Identity", Map.of("T", type(STRING)), "b")), "its input 'b' is nowhere");
    }

    @Test
    void takesListsOptionalAttributesAndFunctions() throws Exception {
        ModelFiles sound = graph()
                .function("f", List.of("a"), "out:output:0", nodeOf("out", "Identity", Map.of("T", type(STRING)), "a"))
                .text("text", "a").call("called", "f", "text").node("again", "f", Map.of(), "text")
                .node("sum", "AddN", Map.of("T", type(FLOAT), "N", TestSavedModels.integer(2)), "x", "x:0", "^called")
                .signature("serving_default",
                        signature -> signature.putInputs("x", TestSavedModels.tensor("x:0", FLOAT, -1)).putOutputs("y",
                                TestSavedModels.tensor("sum:0", FLOAT, -1)))
                .write(folder);
        try (var model = runtime().load(sound)) {
            assertThat(model.signature().outputs()).hasSize(1);
        }
    }

    private void refuses(TestSavedModels graph, String... reasons) {
        assertThatThrownBy(() -> runtime().load(graph.write(folder)).close()).isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("saved_model.pb").hasMessageContainingAll(reasons);
    }

    private static TensorflowRuntime runtime() {
        return new TensorflowRuntime(new TensorflowConfiguration(List.of(), 1, 0), Runnable::run);
    }

    private static TestSavedModels graph() {
        return TestSavedModels.empty().placeholder("x", FLOAT, -1);
    }
}
