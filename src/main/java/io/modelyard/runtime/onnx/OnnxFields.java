package io.modelyard.runtime.onnx;

/**
 * Field numbers of the messages of <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.in.proto">onnx.proto</a>
 * that are read or written here, as tags: number and wire type.
 */
final class OnnxFields {
    private static final int BYTES = 2;

    private OnnxFields() {}

    static final class Model {
        static final int IR_VERSION = 1 << 3;
        static final int GRAPH = 7 << 3 | BYTES;
        static final int OPSET_IMPORT = 8 << 3 | BYTES;
        static final int TRAINING_INFO = 20 << 3 | BYTES;
        static final int FUNCTIONS = 25 << 3 | BYTES;

        private Model() {}
    }

    static final class OpsetId {
        static final int DOMAIN = 1 << 3 | BYTES;
        static final int VERSION = 2 << 3;

        private OpsetId() {}
    }

    static final class TrainingInfo {
        static final int INITIALIZATION = 1 << 3 | BYTES;
        static final int ALGORITHM = 2 << 3 | BYTES;

        private TrainingInfo() {}
    }

    static final class Function {
        static final int NODE = 7 << 3 | BYTES;
        static final int ATTRIBUTE = 11 << 3 | BYTES;

        private Function() {}
    }

    static final class Graph {
        static final int NODE = 1 << 3 | BYTES;
        static final int INITIALIZER = 5 << 3 | BYTES;
        static final int INPUT = 11 << 3 | BYTES;
        static final int OUTPUT = 12 << 3 | BYTES;
        static final int SPARSE_INITIALIZER = 15 << 3 | BYTES;

        private Graph() {}
    }

    static final class Node {
        static final int INPUT = 1 << 3 | BYTES;
        static final int OUTPUT = 2 << 3 | BYTES;
        static final int OPERATOR = 4 << 3 | BYTES;
        static final int ATTRIBUTE = 5 << 3 | BYTES;

        private Node() {}
    }

    static final class Attribute {
        static final int NAME = 1 << 3 | BYTES;
        static final int TENSOR = 5 << 3 | BYTES;
        static final int GRAPH = 6 << 3 | BYTES;
        static final int INTEGER = 8 << 3;
        static final int INTEGERS = 8 << 3 | BYTES;
        static final int TEXT = 9 << 3 | BYTES;
        static final int TENSORS = 10 << 3 | BYTES;
        static final int GRAPHS = 11 << 3 | BYTES;
        static final int SPARSE_TENSOR = 22 << 3 | BYTES;
        static final int SPARSE_TENSORS = 23 << 3 | BYTES;

        private Attribute() {}
    }

    static final class SparseTensor {
        static final int VALUES = 1 << 3 | BYTES;
        static final int INDICES = 2 << 3 | BYTES;

        private SparseTensor() {}
    }

    static final class TensorData {
        static final int NAME = 8 << 3 | BYTES;
        static final int EXTERNAL = 13 << 3 | BYTES;

        private TensorData() {}
    }

    static final class Entry {
        static final int KEY = 1 << 3 | BYTES;
        static final int VALUE = 2 << 3 | BYTES;

        private Entry() {}
    }

    static final class Value {
        static final int NAME = 1 << 3 | BYTES;
        static final int TYPE = 2 << 3 | BYTES;

        private Value() {}
    }

    static final class Type {
        static final int TENSOR = 1 << 3 | BYTES;

        private Type() {}
    }

    static final class TensorType {
        static final int ELEMENT = 1 << 3;
        static final int SHAPE = 2 << 3 | BYTES;

        private TensorType() {}
    }
}
