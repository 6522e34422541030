package io.modelyard.runtime.tensorflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.modelyard.runtime.ModelFiles;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TFloat32;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Writes small SavedModels, good and bad ones. All but one are put together node by node, so that a test can say exactly
 * what stands in the graph.
 */
public final class TestSavedModels {
    /** A version of the graph format of TensorFlow 2. */
    private static final int PRODUCER = 1286;

    private final MetaGraphDef.Builder metaGraph = MetaGraphDef.newBuilder();

    private TestSavedModels() {
        metaGraph.getMetaInfoDefBuilder().addTags("serve");
        metaGraph.getGraphDefBuilder().getVersionsBuilder().setProducer(PRODUCER);
    }

    /** {@code y = 2 x + 1} for {@code x} of {@code [-1, width]}, both float32. */
    public static ModelFiles doublePlusOne(Path folder, int width) {
        return empty().placeholder("x", DataType.DT_FLOAT, -1, width).floats("two", 2).floats("one", 1)
                .node("product", "Mul", DataType.DT_FLOAT, "x", "two")
                .node("sum", "AddV2", DataType.DT_FLOAT, "product", "one")
                .signature("serving_default",
                        signature -> signature.putInputs("x", tensor("x:0", DataType.DT_FLOAT, -1, width))
                                .putOutputs("y", tensor("sum:0", DataType.DT_FLOAT, -1, width)))
                .write(folder);
    }

    /**
     * An order: {@code prices} (float32, [-1, 3]) and {@code pieces} (int64, [-1]) in, {@code total} (float32, [-1]: the
     * sum of the prices times pieces) and {@code more} (int64, [-1]: one piece more) out.
     */
    public static ModelFiles order(Path folder) {
        return empty().placeholder("prices", DataType.DT_FLOAT, -1, 3).placeholder("pieces", DataType.DT_INT64, -1)
                .constant("axis", DataType.DT_INT32, value -> value.addIntVal(1))
                .constant("one", DataType.DT_INT64, value -> value.addInt64Val(1))
                .node("price", "Sum", Map.of("T", type(DataType.DT_FLOAT), "Tidx", type(DataType.DT_INT32)), "prices",
                        "axis")
                .node("times", "Cast", Map.of("SrcT", type(DataType.DT_INT64), "DstT", type(DataType.DT_FLOAT)),
                        "pieces")
                .node("total", "Mul", DataType.DT_FLOAT, "price", "times")
                .node("more", "AddV2", DataType.DT_INT64, "pieces", "one")
                .signature("serving_default",
                        signature -> signature.putInputs("prices", tensor("prices:0", DataType.DT_FLOAT, -1, 3))
                                .putInputs("pieces", tensor("pieces:0", DataType.DT_INT64, -1))
                                .putOutputs("total", tensor("total:0", DataType.DT_FLOAT, -1))
                                .putOutputs("more", tensor("more:0", DataType.DT_INT64, -1)))
                .write(folder);
    }

    /** {@code greeting = "Hello, " + name} for texts of {@code [-1]}. */
    public static ModelFiles greeting(Path folder) {
        return empty().placeholder("name", DataType.DT_STRING, -1)
                .constant("hello", DataType.DT_STRING, value -> value.addStringVal(ByteString.copyFromUtf8("Hello, ")))
                .node("greeting", "StringJoin", Map.of("N", integer(2)), "hello", "name")
                .signature("serving_default",
                        signature -> signature.putInputs("name", tensor("name:0", DataType.DT_STRING, -1))
                                .putOutputs("greeting", tensor("greeting:0", DataType.DT_STRING, -1)))
                .write(folder);
    }

    /** {@code y = x · weights} for {@code x} of {@code [-1, weights]}; the weights are a variable in a file of their own. */
    public static ModelFiles weighted(Path folder, float... weights) {
        try (Graph graph = new Graph(); Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            Placeholder<TFloat32> x = tf.withName("x").placeholder(TFloat32.class,
                    Placeholder.shape(org.tensorflow.ndarray.Shape.of(-1, weights.length)));
            Operand<TFloat32> column = tf.reshape(tf.constant(weights), tf.constant(new int[]{weights.length, 1}));
            Variable<TFloat32> variable = tf.withName("weights").variable(column);
            MatMul<TFloat32> y = tf.withName("y").linalg.matMul(x, variable);
            session.initialize();
            SavedModelBundle.exporter(folder.toString()).withSession(session)
                    .withSignature(
                            org.tensorflow.Signature.builder("serving_default").input("x", x).output("y", y).build())
                    .export();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files(folder, Map.of());
    }

    /** {@code y = operation(x, x)} or {@code operation(x)} for {@code x} of {@code [-1, 2]} and one type. */
    static ModelFiles ofType(Path folder, DataType type, String operation, int arguments) {
        Map<String, AttrValue> attributes = type == DataType.DT_BOOL || type == DataType.DT_STRING
                ? Map.of()
                : Map.of("T", type(type));
        return empty().placeholder("x", type, -1, 2)
                .node("y", operation, attributes, Stream.generate(() -> "x").limit(arguments).toArray(String[]::new))
                .signature("serving_default",
                        signature -> signature.putInputs("x", tensor("x:0", type, -1, 2)).putOutputs("y",
                                tensor("y:0", type, -1, 2)))
                .write(folder);
    }

    static TestSavedModels empty() {
        return new TestSavedModels();
    }

    TestSavedModels change(Consumer<MetaGraphDef.Builder> change) {
        change.accept(metaGraph);
        return this;
    }

    TestSavedModels placeholder(String name, DataType type, long... shape) {
        return node(name, "Placeholder", Map.of("dtype", type(type),
                "shape", AttrValue.newBuilder().setShape(shape(shape)).build()));
    }

    TestSavedModels anyRank(String name, DataType type) {
        return node(name, "Placeholder", Map.of("dtype", type(type)));
    }

    TestSavedModels floats(String name, float value) {
        return constant(name, DataType.DT_FLOAT, tensor -> tensor.addFloatVal(value));
    }

    TestSavedModels text(String name, String value) {
        return constant(name, DataType.DT_STRING, tensor -> tensor.addStringVal(ByteString.copyFromUtf8(value)));
    }

    TestSavedModels constant(String name, DataType type, Consumer<TensorProto.Builder> value) {
        return add(constantNode(name, type, value));
    }

    TestSavedModels node(String name, String operation, DataType type, String... inputs) {
        return node(name, operation, Map.of("T", type(type)), inputs);
    }

    TestSavedModels node(String name, String operation, Map<String, AttrValue> attributes, String... inputs) {
        return add(nodeOf(name, operation, attributes, inputs));
    }

    /** A function of strings: its arguments and its nodes, the last of which has the result {@code result}. */
    TestSavedModels function(String name, List<String> arguments, String result, NodeDef... nodes) {
        OpDef.Builder signature = OpDef.newBuilder().setName(name).setIsStateful(true);
        arguments.forEach(argument -> signature.addInputArg(
                OpDef.ArgDef.newBuilder().setName(argument).setType(DataType.DT_STRING)));
        signature.addOutputArg(OpDef.ArgDef.newBuilder().setName("out").setType(DataType.DT_STRING));
        metaGraph.getGraphDefBuilder().getLibraryBuilder().addFunction(FunctionDef.newBuilder().setSignature(signature)
                .addAllNodeDef(List.of(nodes)).putRet("out", result));
        return this;
    }

    /** Calls such a function. */
    TestSavedModels call(String name, String function, String... inputs) {
        AttrValue.Builder types = AttrValue.newBuilder();
        for (int i = 0; i < inputs.length; i++) {
            types.getListBuilder().addType(DataType.DT_STRING);
        }
        AttrValue.Builder out = AttrValue.newBuilder();
        out.getListBuilder().addType(DataType.DT_STRING);
        AttrValue.Builder callee = AttrValue.newBuilder();
        callee.getFuncBuilder().setName(function);
        return node(name, "StatefulPartitionedCall",
                Map.of("Tin", types.build(), "Tout", out.build(), "f", callee.build()), inputs);
    }

    TestSavedModels signature(String name, Consumer<SignatureDef.Builder> content) {
        SignatureDef.Builder signature = SignatureDef.newBuilder().setMethodName("tensorflow/serving/predict");
        content.accept(signature);
        metaGraph.putSignatureDef(name, signature.build());
        return this;
    }

    ModelFiles write(Path folder) {
        return write(folder, Map.of());
    }

    ModelFiles write(Path folder, Map<String, JsonNode> options) {
        try {
            Files.createDirectories(folder);
            Files.write(folder.resolve("saved_model.pb"),
                    SavedModel.newBuilder().setSavedModelSchemaVersion(1).addMetaGraphs(metaGraph).build()
                            .toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files(folder, options);
    }

    /** All files of a folder. */
    static ModelFiles files(Path folder, Map<String, JsonNode> options) {
        try (Stream<Path> tree = Files.walk(folder)) {
            return new ModelFiles(folder, tree.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/')).sorted().toList(), options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static TensorInfo tensor(String name, DataType type, long... shape) {
        return TensorInfo.newBuilder().setName(name).setDtype(type).setTensorShape(shape(shape)).build();
    }

    static TensorInfo tensorOfAnyRank(String name, DataType type) {
        return TensorInfo.newBuilder().setName(name).setDtype(type)
                .setTensorShape(TensorShapeProto.newBuilder().setUnknownRank(true)).build();
    }

    static NodeDef nodeOf(String name, String operation, Map<String, AttrValue> attributes, String... inputs) {
        return NodeDef.newBuilder().setName(name).setOp(operation).putAllAttr(attributes).addAllInput(List.of(inputs))
                .build();
    }

    static NodeDef constantNode(String name, DataType type, Consumer<TensorProto.Builder> value) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setDtype(type)
                .setTensorShape(TensorShapeProto.getDefaultInstance());
        value.accept(tensor);
        return nodeOf(name, "Const",
                Map.of("dtype", type(type), "value", AttrValue.newBuilder().setTensor(tensor).build()));
    }

    static AttrValue type(DataType type) {
        return AttrValue.newBuilder().setType(type).build();
    }

    static AttrValue integer(long value) {
        return AttrValue.newBuilder().setI(value).build();
    }

    static AttrValue text(String value) {
        return AttrValue.newBuilder().setS(ByteString.copyFromUtf8(value)).build();
    }

    private TestSavedModels add(NodeDef node) {
        metaGraph.getGraphDefBuilder().addNode(node);
        return this;
    }

    private static TensorShapeProto shape(long... dims) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (long dim : dims) {
            shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(dim));
        }
        return shape.build();
    }
}
