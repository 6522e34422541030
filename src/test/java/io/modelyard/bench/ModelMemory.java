package io.modelyard.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.TestServer;
import io.modelyard.TestStore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What models take of memory for each byte of their files, as the server measures it and as the resident size of the process
 * grows. Arguments: sizes in MB.
 */
public final class ModelMemory {
    private static final int LOADS = 5;

    private ModelMemory() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createTempDirectory("modelyard-model-memory");
        try (TestServer server = TestServer.prepare().with("modelyard.publish.drop", "off").start()) {
            TestStore store = new TestStore(server.store());
            for (String runtime : List.of("xgboost", "onnx", "tensorflow")) {
                store.publish(runtime, "0", runtime, model(runtime, folder.resolve(runtime + "-0"), 10_000));
                for (String size : arguments) {
                    long bytes = Math.round(Double.parseDouble(size) * 1e6);
                    store.publish(runtime, size, runtime, model(runtime, folder.resolve(runtime + "-" + size), bytes));
                }
            }
            server.post("/registry/sync", "");
            System.out.printf("%-12s %12s %14s %8s %14s %8s%n", "runtime", "file bytes", "measured", "a byte",
                    "resident", "a byte");
            for (String runtime : List.of("xgboost", "onnx", "tensorflow")) {
                // The first model of a runtime loads its library.
                load(server, runtime, "0");
                for (String size : arguments) {
                    print(server, runtime, size);
                }
            }
        }
    }

    private static Path model(String runtime, Path folder, long bytes) {
        return switch (runtime) {
            case "xgboost" -> SizedModels.xgboost(folder, bytes);
            case "onnx" -> SizedModels.onnx(folder, bytes);
            default -> SizedModels.tensorflow(folder, bytes);
        };
    }

    private static void print(TestServer server, String runtime, String size) throws IOException {
        List<Long> measured = new ArrayList<>();
        List<Long> resident = new ArrayList<>();
        long files = 0;
        for (int i = 0; i < LOADS; i++) {
            long before = Resident.bytes();
            JsonNode view = load(server, runtime, size);
            resident.add(Resident.bytes() - before);
            measured.add(view.at("/memory/measured_bytes").asLong());
            files = view.get("size_bytes").asLong();
            server.post("/models/" + runtime + "/" + size + "/unload", "");
        }
        System.out.printf("%-12s %12d %14d %8.2f %14d %8.2f   %s%n", runtime, files, median(measured),
                (double) median(measured) / files, median(resident), (double) median(resident) / files, measured);
    }

    private static JsonNode load(TestServer server, String runtime, String version) {
        TestServer.Answer answer = server.post("/models/" + runtime + "/" + version + "/load", "");
        if (answer.status() != 200) {
            throw new IllegalStateException(answer.text());
        }
        return answer.json();
    }

    private static long median(List<Long> values) {
        List<Long> sorted = values.stream().sorted(Comparator.naturalOrder()).toList();
        return sorted.get(sorted.size() / 2);
    }
}
