package io.modelyard.runtime.onnx;

import com.google.protobuf.CodedOutputStream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes ONNX models. The numbers of the fields are those of
 * <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.in.proto">onnx.proto</a>; they are stated here once more, so
 * that the reader under test is not checked against itself.
 */
public final class OnnxModelBuilder {
    public static final int FLOAT = 1;
    public static final int UINT8 = 2;
    public static final int INT8 = 3;
    public static final int UINT16 = 4;
    public static final int INT16 = 5;
    public static final int INT32 = 6;
    public static final int INT64 = 7;
    public static final int STRING = 8;
    public static final int BOOL = 9;
    public static final int FLOAT16 = 10;
    public static final int DOUBLE = 11;
    public static final int UINT32 = 12;
    public static final int UINT64 = 13;
    public static final int BFLOAT16 = 16;
    public static final String ML = "ai.onnx.ml";

    private static final int TYPE_FLOAT = 1;
    private static final int TYPE_INT = 2;
    private static final int TYPE_STRING = 3;
    private static final int TYPE_TENSOR = 4;
    private static final int TYPE_GRAPH = 5;
    private static final int TYPE_FLOATS = 6;
    private static final int TYPE_INTS = 7;
    private static final int TYPE_STRINGS = 8;

    private final Message graph = new Message().text(2, "test");
    private final Message opsets = new Message();
    private final Message functions = new Message();
    private long irVersion = 8;

    /** A model of IR version 8 with the operators of ONNX 1.14. */
    public static OnnxModelBuilder model() {
        return new OnnxModelBuilder();
    }

    /** A message of protobuf that is being written. */
    static final class Message {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        private interface Write {
            void to(CodedOutputStream out) throws IOException;
        }

        private Message write(Write write) {
            try {
                CodedOutputStream out = CodedOutputStream.newInstance(bytes);
                write.to(out);
                out.flush();
                return this;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Message integer(int field, long value) {
            return write(out -> out.writeInt64(field, value));
        }

        Message number(int field, float value) {
            return write(out -> out.writeFloat(field, value));
        }

        Message text(int field, String value) {
            return write(out -> out.writeString(field, value));
        }

        Message bytes(int field, byte[] value) {
            return write(out -> out.writeByteArray(field, value));
        }

        Message message(int field, Message value) {
            return bytes(field, value.toByteArray());
        }

        /** The fields of {@code other}, after those that are there. */
        Message merge(Message other) {
            bytes.writeBytes(other.toByteArray());
            return this;
        }

        byte[] toByteArray() {
            return bytes.toByteArray();
        }
    }

    /** An attribute of a node. */
    public static final class Attribute {
        private final Message message;

        private Attribute(String name, int type, Message value) {
            message = new Message().text(1, name).integer(20, type).merge(value);
        }

        public static Attribute integer(String name, long value) {
            return new Attribute(name, TYPE_INT, new Message().integer(3, value));
        }

        public static Attribute number(String name, float value) {
            return new Attribute(name, TYPE_FLOAT, new Message().number(2, value));
        }

        public static Attribute text(String name, String value) {
            return new Attribute(name, TYPE_STRING, new Message().text(4, value));
        }

        public static Attribute integers(String name, long... values) {
            Message message = new Message();
            for (long value : values) {
                message.integer(8, value);
            }
            return new Attribute(name, TYPE_INTS, message);
        }

        public static Attribute numbers(String name, float... values) {
            Message message = new Message();
            for (float value : values) {
                message.number(7, value);
            }
            return new Attribute(name, TYPE_FLOATS, message);
        }

        public static Attribute texts(String name, String... values) {
            Message message = new Message();
            for (String value : values) {
                message.text(9, value);
            }
            return new Attribute(name, TYPE_STRINGS, message);
        }

        static Attribute tensor(String name, Message tensor) {
            return new Attribute(name, TYPE_TENSOR, new Message().message(5, tensor));
        }

        static Attribute graph(String name, Message graph) {
            return new Attribute(name, TYPE_GRAPH, new Message().message(6, graph));
        }
    }

    public OnnxModelBuilder irVersion(long version) {
        irVersion = version;
        return this;
    }

    public OnnxModelBuilder opset(String domain, long version) {
        Message opset = new Message();
        if (!domain.isEmpty()) {
            opset.text(1, domain);
        }
        opsets.message(8, opset.integer(2, version));
        return this;
    }

    /** A tensor that goes in; -1 for a free axis. */
    public OnnxModelBuilder input(String name, int type, long... shape) {
        graph.message(11, value(name, tensorType(type).message(2, shape(shape))));
        return this;
    }

    public OnnxModelBuilder inputWithoutShape(String name, int type) {
        graph.message(11, value(name, tensorType(type)));
        return this;
    }

    /** A tensor that comes out; -1 for a free axis. */
    public OnnxModelBuilder output(String name, int type, long... shape) {
        graph.message(12, value(name, tensorType(type).message(2, shape(shape))));
        return this;
    }

    public OnnxModelBuilder outputWithoutShape(String name, int type) {
        graph.message(12, value(name, tensorType(type)));
        return this;
    }

    /** A sequence of maps to floats, what a ZipMap node gives. */
    public OnnxModelBuilder mapsOutput(String name, int keyType) {
        Message floats = new Message().message(1, tensorType(FLOAT));
        Message map = new Message().message(5, new Message().integer(1, keyType).message(2, floats));
        Message sequence = new Message().message(4, new Message().message(1, map));
        graph.message(12, new Message().text(1, name).message(2, sequence));
        return this;
    }

    /** A sequence of tensors that goes in. */
    public OnnxModelBuilder sequenceInput(String name, int type) {
        Message element = new Message().message(1, tensorType(type).message(2, shape(-1)));
        Message sequence = new Message().message(4, new Message().message(1, element));
        graph.message(11, new Message().text(1, name).message(2, sequence));
        return this;
    }

    public OnnxModelBuilder initializer(String name, long[] shape, float... values) {
        graph.message(5, tensor(name, shape, values));
        return this;
    }

    public OnnxModelBuilder initializer(String name, long[] shape, long... values) {
        ByteBuffer raw = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asLongBuffer().put(values);
        graph.message(5, dims(INT64, shape).text(8, name).bytes(9, raw.array()));
        return this;
    }

    public OnnxModelBuilder initializer(String name, long[] shape, String... values) {
        Message tensor = dims(STRING, shape).text(8, name);
        for (String value : values) {
            tensor.bytes(6, value.getBytes(StandardCharsets.UTF_8));
        }
        graph.message(5, tensor);
        return this;
    }

    /** Float values in the file {@code location}, from its byte {@code offset} on. */
    public OnnxModelBuilder externalInitializer(String name, String location, long offset, long... shape) {
        graph.message(5, external(name, location, offset, shape));
        return this;
    }

    public OnnxModelBuilder node(String operator, List<String> inputs, List<String> outputs, Attribute... attributes) {
        graph.message(1, nodeMessage("", operator, inputs, outputs, attributes));
        return this;
    }

    /** A node with an operator of {@link #ML} or another domain. */
    public OnnxModelBuilder node(String domain, String operator, List<String> inputs, List<String> outputs,
            Attribute... attributes) {
        graph.message(1, nodeMessage(domain, operator, inputs, outputs, attributes));
        return this;
    }

    /** A function of the model itself, with one node in it. */
    OnnxModelBuilder function(String domain, String name, String input, String output, Message node) {
        functions.message(25, new Message().text(1, name).text(4, input).text(5, output).message(7, node)
                .message(9, new Message().text(1, "").integer(2, 17))
                .message(9, new Message().text(1, ML).integer(2, 3))
                .text(10, domain));
        return this;
    }

    /** Appends fields to the graph as they are. */
    OnnxModelBuilder graphField(int field, Message value) {
        graph.message(field, value);
        return this;
    }

    public byte[] toByteArray() {
        if (opsets.toByteArray().length == 0) {
            opset("", 17).opset(ML, 3);
        }
        return new Message().integer(1, irVersion).text(2, "modelyard tests").message(7, graph).merge(opsets)
                .merge(functions).toByteArray();
    }

    /** Writes the model as {@code folder/model.onnx}. */
    public Path writeTo(Path folder) {
        try {
            return Files.write(folder.resolve("model.onnx"), toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Message nodeMessage(String domain, String operator, List<String> inputs, List<String> outputs,
            Attribute... attributes) {
        Message node = new Message();
        inputs.forEach(input -> node.text(1, input));
        outputs.forEach(output -> node.text(2, output));
        node.text(3, operator + "_" + String.join("_", outputs)).text(4, operator);
        for (Attribute attribute : attributes) {
            node.message(5, attribute.message);
        }
        if (!domain.isEmpty()) {
            node.text(7, domain);
        }
        return node;
    }

    static Message tensor(String name, long[] shape, float... values) {
        ByteBuffer raw = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        return dims(FLOAT, shape).text(8, name).bytes(9, raw.array());
    }

    static Message external(String name, String location, long offset, long... shape) {
        long length = Float.BYTES;
        for (long dim : shape) {
            length *= dim;
        }
        return dims(FLOAT, shape).text(8, name)
                .message(13, new Message().text(1, "location").text(2, location))
                .message(13, new Message().text(1, "offset").text(2, Long.toString(offset)))
                .message(13, new Message().text(1, "length").text(2, Long.toString(length)))
                .integer(14, 1);
    }

    static Message value(String name, Message tensorType) {
        return new Message().text(1, name).message(2, new Message().message(1, tensorType));
    }

    static Message tensorType(int type) {
        return new Message().integer(1, type);
    }

    private static Message shape(long... dims) {
        Message shape = new Message();
        for (int axis = 0; axis < dims.length; axis++) {
            shape.message(1, dims[axis] < 0
                    ? new Message().text(2, axis == 0 ? "batch" : "axis" + axis)
                    : new Message().integer(1, dims[axis]));
        }
        return shape;
    }

    private static Message dims(int type, long... shape) {
        Message tensor = new Message();
        for (long dim : shape) {
            tensor.integer(1, dim);
        }
        return tensor.integer(2, type);
    }
}
