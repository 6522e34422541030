package io.modelyard.bench;

import io.modelyard.runtime.onnx.OnnxModelBuilder;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * A large ONNX model, a row of matrix products whose weights stand in the file itself. Every version has weights of its
 * own, so that no two share their content.
 */
final class LargeModel {
    private static final int LAYERS = 5;
    private static final int INPUTS = 8;
    /** Fields of protobuf messages: the graph of a model, a weight of a graph, and of a weight its bytes. */
    private static final int GRAPH = 7;
    private static final int INITIALIZER = 5;
    private static final int DIMS = 1;
    private static final int TYPE = 2;
    private static final int NAME = 8;
    private static final int RAW = 9;

    private final int width;

    LargeModel(long bytes) {
        this.width = (int) Math.sqrt((double) bytes / Float.BYTES / LAYERS);
    }

    /** Puts the version into a store that is a folder: the file, and then the manifest. */
    void publish(Path store, String type, String version) throws IOException {
        Path file = Files.createDirectories(store.resolve("models").resolve(type).resolve(version))
                .resolve("model.onnx");
        MessageDigest sha256 = sha256();
        try (OutputStream out = new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 20),
                sha256)) {
            write(out, new Random(version.hashCode()));
        }
        Path manifest = Files.createDirectories(store.resolve("registry").resolve(type)).resolve(version + ".json");
        Files.writeString(manifest,
                """
                {"schema_version": 1, "type": "%s", "version": "%s", "runtime": "onnx",
                 "files": [{"path": "model.onnx", "size": %d, "sha256": "%s"}],
                 "examples": [{"inputs": [[1, 2, 3, 4, 5, 6, 7, 8]]}],
                 "created_at": "2026-11-20T11:00:00Z"}
                """.formatted(type, version, Files.size(file), HexFormat.of().formatHex(sha256.digest())));
    }

    /**
     * The graph, and then its weights one by one: fields of a message that are written twice are merged, so that nothing
     * large is ever in memory as a whole.
     */
    private void write(OutputStream out, Random random) throws IOException {
        OnnxModelBuilder model = OnnxModelBuilder.model().input("x", OnnxModelBuilder.FLOAT, -1, INPUTS)
                .initializer("in", new long[]{INPUTS, width}, weights(random, INPUTS * width))
                .initializer("out", new long[]{width, 2}, weights(random, width * 2))
                .node("MatMul", List.of("x", "in"), List.of("h0"));
        for (int layer = 0; layer < LAYERS; layer++) {
            model.node("MatMul", List.of("h" + layer, "w" + layer), List.of("h" + (layer + 1)));
        }
        out.write(model.node("MatMul", List.of("h" + LAYERS, "out"), List.of("y"))
                .output("y", OnnxModelBuilder.FLOAT, -1, 2).toByteArray());
        for (int layer = 0; layer < LAYERS; layer++) {
            ByteBuffer raw = ByteBuffer.allocate(width * width * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            raw.asFloatBuffer().put(weights(random, width * width));
            byte[] name = ("w" + layer).getBytes(StandardCharsets.US_ASCII);
            ByteBuffer head = ByteBuffer.allocate(64);
            integer(head, DIMS, width);
            integer(head, DIMS, width);
            integer(head, TYPE, OnnxModelBuilder.FLOAT);
            begin(head, NAME, name.length);
            head.put(name);
            begin(head, RAW, raw.capacity());
            int tensor = head.position() + raw.capacity();
            ByteBuffer graph = ByteBuffer.allocate(32);
            begin(graph, INITIALIZER, tensor);
            ByteBuffer whole = ByteBuffer.allocate(32);
            begin(whole, GRAPH, graph.position() + tensor);
            for (ByteBuffer part : List.of(whole, graph, head)) {
                byte[] bytes = new byte[part.flip().remaining()];
                part.get(bytes);
                out.write(bytes);
            }
            out.write(raw.array());
        }
    }

    /** Such that values neither grow nor vanish from layer to layer. */
    private float[] weights(Random random, int count) {
        float most = (float) Math.sqrt(3.0 / width);
        float[] weights = new float[count];
        for (int i = 0; i < count; i++) {
            weights[i] = (random.nextFloat() * 2 - 1) * most;
        }
        return weights;
    }

    private static void integer(ByteBuffer to, int field, long value) {
        varint(to, (long) field << 3);
        varint(to, value);
    }

    /** A field of so many bytes, which follow. */
    private static void begin(ByteBuffer to, int field, long length) {
        varint(to, ((long) field << 3) | 2);
        varint(to, length);
    }

    private static void varint(ByteBuffer to, long value) {
        long rest = value;
        for (; rest > 0x7f; rest >>>= 7) {
            to.put((byte) ((rest & 0x7f) | 0x80));
        }
        to.put((byte) rest);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
