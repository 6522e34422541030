package io.modelyard;

import io.modelyard.runtime.onnx.OnnxModelBuilder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * An ONNX model that computes for some milliseconds over a row of four numbers: a chain of products with one matrix. Its
 * manifest says that requests are not joined and answers not kept, so that every one of them costs that much.
 */
public final class SlowModel {
    public static final String TYPE = "slow";
    public static final String ROW = "{\"inputs\": [[1, 2, 3, 4]]}";
    private static final int WIDTH = 512;

    private SlowModel() {}

    /**
     * Publishes its version 1.
     *
     * @param links how long the chain is; each takes some 20 to 50 µs
     */
    public static void publish(Path store, int links) throws IOException {
        publish(store, links, false);
    }

    /** @param kept whether answers may be kept */
    public static void publish(Path store, int links, boolean kept) throws IOException {
        OnnxModelBuilder model = OnnxModelBuilder.model().opset("", 19).input("row", OnnxModelBuilder.FLOAT, -1, 4)
                .output("sum", OnnxModelBuilder.FLOAT, -1, 1)
                .initializer("first", new long[]{4, WIDTH}, values(4, WIDTH))
                .initializer("again", new long[]{WIDTH, WIDTH}, values(WIDTH, WIDTH))
                .initializer("last", new long[]{WIDTH, 1}, values(WIDTH, 1))
                .node("MatMul", List.of("row", "first"), List.of("link-0"));
        for (int link = 0; link < links; link++) {
            model.node("MatMul", List.of("link-" + link, "again"), List.of("link-" + (link + 1)));
        }
        model.node("MatMul", List.of("link-" + links, "last"), List.of("sum"));
        Path folder = Files.createDirectories(store.resolveSibling("slow-model"));
        model.writeTo(folder);
        new TestStore(store).publish(TYPE, "1", "onnx", folder, manifest -> {
            manifest.putObject("batching").put("enabled", false);
            manifest.putObject("cache").put("enabled", kept);
        });
    }

    /** Of a size that leaves a vector about as long as it was, so that no number becomes huge or denormal. */
    private static float[] values(int rows, int columns) {
        Random random = new Random(4);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() / Math.sqrt(rows));
        }
        return values;
    }
}
