package io.modelyard.runtime.onnx;

import static io.modelyard.runtime.onnx.OnnxModelBuilder.FLOAT;
import static io.modelyard.runtime.onnx.OnnxModelBuilder.INT64;
import static io.modelyard.runtime.onnx.OnnxModelBuilder.ML;
import static io.modelyard.runtime.onnx.OnnxModelBuilder.STRING;

import io.modelyard.runtime.onnx.OnnxModelBuilder.Attribute;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Small models of every kind that ONNX knows, each with an answer that can be said in a line. */
public final class TestOnnxModels {
    /** Three classes. */
    public static final List<String> SPECIES = List.of("setosa", "versicolor", "virginica");

    private TestOnnxModels() {}

    /** {@code y = x / 2 + 2}; x is {@code float32 [-1, 1]}. */
    public static OnnxModelBuilder halfPlusTwo() {
        return OnnxModelBuilder.model().input("x", FLOAT, -1, 1).output("y", FLOAT, -1, 1)
                .initializer("half", new long[0], 0.5f).initializer("two", new long[0], 2f)
                .node("Mul", List.of("x", "half"), List.of("h")).node("Add", List.of("h", "two"), List.of("y"));
    }

    /** {@code sums = x · 1, doubled = x + x}; x is {@code float32} of the shape given, its last axis of length 4. */
    public static OnnxModelBuilder sums(long... shape) {
        long[] sums = shape.clone();
        sums[sums.length - 1] = 1;
        return OnnxModelBuilder.model().input("x", FLOAT, shape).output("sums", FLOAT, sums)
                .output("doubled", FLOAT, shape).initializer("ones", new long[]{4, 1}, 1f, 1f, 1f, 1f)
                .node("MatMul", List.of("x", "ones"), List.of("sums"))
                .node("Add", List.of("x", "x"), List.of("doubled"));
    }

    /** One vector of 4 in, no axis for rows; the sum of it out. */
    public static OnnxModelBuilder withoutRows() {
        return OnnxModelBuilder.model().input("x", FLOAT, 4).output("sum", FLOAT, 1)
                .node("ReduceSum", List.of("x"), List.of("sum"), Attribute.integer("keepdims", 1));
    }

    /** {@code euros = amount × rate of the currency}: EUR 1, USD 0.5, others 0. */
    public static OnnxModelBuilder numbersAndTexts() {
        return OnnxModelBuilder.model().input("amount", FLOAT, -1, 1).input("currency", STRING, -1, 1)
                .output("euros", FLOAT, -1, 1)
                .node(ML, "LabelEncoder", List.of("currency"), List.of("rate"),
                        Attribute.texts("keys_strings", "EUR", "USD"),
                        Attribute.numbers("values_floats", 1f, 0.5f), Attribute.number("default_float", 0f))
                .node("Mul", List.of("amount", "rate"), List.of("euros"));
    }

    /** {@code total = price × count}, of an int64 count. */
    public static OnnxModelBuilder numbersAndCounts() {
        return OnnxModelBuilder.model().input("price", FLOAT, -1, 1).input("count", INT64, -1, 1)
                .output("total", FLOAT, -1, 1).output("seen", INT64, -1, 1)
                .node("Cast", List.of("count"), List.of("n"), Attribute.integer("to", FLOAT))
                .node("Mul", List.of("price", "n"), List.of("total"))
                .node("Identity", List.of("count"), List.of("seen"));
    }

    /** What goes in comes out, of any type. */
    public static OnnxModelBuilder identity(int type, long... shape) {
        return OnnxModelBuilder.model().input("x", type, shape).output("y", type, shape)
                .node("Identity", List.of("x"), List.of("y"));
    }

    /** {@code y = x + offset}, where offset is 10 unless the caller overrides it: an input with a default. */
    public static OnnxModelBuilder withDefault() {
        return OnnxModelBuilder.model().input("x", FLOAT, -1, 1).input("offset", FLOAT, 1).output("y", FLOAT, -1, 1)
                .initializer("offset", new long[]{1}, 10f).node("Add", List.of("x", "offset"), List.of("y"));
    }

    /** {@code y = x + w}, where the four values of w lie in {@code location}. */
    public static OnnxModelBuilder external(String location) {
        return OnnxModelBuilder.model().input("x", FLOAT, -1, 4).output("y", FLOAT, -1, 4)
                .externalInitializer("w", location, 0, 4).node("Add", List.of("x", "w"), List.of("y"));
    }

    /**
     * A classifier of 2 columns and 3 classes as scikit-learn's are exported: its outputs are the label, and probabilities as
     * a sequence of maps. The probabilities are the softmax of {@code [x0, x1, 0]}.
     *
     * @param labels class labels that are texts; none for 0, 1, 2
     */
    public static OnnxModelBuilder linearClassifier(List<String> labels) {
        return withMaps(linear(labels), labels);
    }

    /** The same with the probabilities as a tensor, as with {@code zipmap=False}. */
    public static OnnxModelBuilder linearClassifierWithTensor(List<String> labels) {
        return linear(labels).output("probabilities", FLOAT, -1, 3)
                .node("Identity", List.of("scores"), List.of("probabilities"));
    }

    private static OnnxModelBuilder linear(List<String> labels) {
        return OnnxModelBuilder.model().input("x", FLOAT, -1, 2).output("label", labelType(labels), -1)
                .node(ML, "LinearClassifier", List.of("x"), List.of("label", "scores"),
                        Attribute.numbers("coefficients", 1, 0, 0, 1, 0, 0),
                        Attribute.numbers("intercepts", 0, 0, 0), Attribute.integer("multi_class", 1),
                        Attribute.text("post_transform", "SOFTMAX"), classLabels("classlabels_ints", labels));
    }

    /** A forest that classifies, as scikit-learn's are exported: the mean of what the leaves say. */
    public static OnnxModelBuilder forest(TestForest forest, List<String> labels) {
        return withMaps(OnnxModelBuilder.model().input("x", FLOAT, -1, forest.columns())
                .output("label", labelType(labels), -1)
                .node(ML, "TreeEnsembleClassifier", List.of("x"), List.of("label", "scores"),
                        forest.classifierAttributes(classLabels("classlabels_int64s", labels))),
                labels);
    }

    /** A forest that gives one number a row: the sum of its leaves. */
    public static OnnxModelBuilder forestRegressor(TestForest forest) {
        return OnnxModelBuilder.model().input("x", FLOAT, -1, forest.columns()).output("variable", FLOAT, -1, 1)
                .node(ML, "TreeEnsembleRegressor", List.of("x"), List.of("variable"), forest.regressorAttributes());
    }

    private static OnnxModelBuilder withMaps(OnnxModelBuilder classifier, List<String> labels) {
        return classifier.mapsOutput("probabilities", labelType(labels))
                .node(ML, "ZipMap", List.of("scores"), List.of("probabilities"),
                        classLabels("classlabels_int64s", labels));
    }

    private static int labelType(List<String> labels) {
        return labels.isEmpty() ? INT64 : STRING;
    }

    private static Attribute classLabels(String integerName, List<String> labels) {
        return labels.isEmpty()
                ? Attribute.integers(integerName, 0, 1, 2)
                : Attribute.texts("classlabels_strings", labels.toArray(String[]::new));
    }

    /** The values {@code 0, 1, 2, …} as bytes of little-endian floats, for {@link #external}. */
    public static byte[] floatBytes(int count) {
        ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            bytes.putFloat(i);
        }
        return bytes.array();
    }
}
