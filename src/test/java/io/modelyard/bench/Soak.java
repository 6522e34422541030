package io.modelyard.bench;

import io.modelyard.TestServer;
import io.modelyard.TestStore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Loads, asks and unloads models of all runtimes again and again through the server, and prints what stays resident.
 * Arguments: how many cycles, and the size of the models in MB. Give the JVM a heap of one size that is touched at start, so
 * that what grows is not the heap.
 */
public final class Soak {
    private static final List<String> RUNTIMES = List.of("xgboost", "onnx", "tensorflow");
    private static final int EVERY = 50;
    private static final int FIRST = 100;
    private static final int REQUESTS = 4;

    private Soak() {}

    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        int cycles = Integer.parseInt(arguments[0]);
        long bytes = Math.round(Double.parseDouble(arguments[1]) * 1e6);
        Path folder = Files.createTempDirectory("modelyard-soak");
        try (TestServer server = TestServer.prepare().start();
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            TestStore store = new TestStore(server.store());
            store.publish("xgboost", "1", "xgboost", SizedModels.xgboost(folder.resolve("xgboost"), bytes));
            store.publish("onnx", "1", "onnx", SizedModels.onnx(folder.resolve("onnx"), bytes));
            // Its weights would be asked for in every row: the sample answers, and the large one is only loaded.
            store.publish("tensorflow", "1", "tensorflow", Path.of("models-local/models/digits/1"));
            store.publish("tensorflow-large", "1", "tensorflow",
                    SizedModels.tensorflow(folder.resolve("tensorflow"), bytes));
            server.post("/registry/sync", "");
            TestServer.Client client = server.as(server.adminKey());
            long first = 0;
            for (int cycle = 1; cycle <= cycles; cycle++) {
                String type = RUNTIMES.get(cycle % RUNTIMES.size());
                require(client.post("/models/" + type + "/1/load", ""));
                List<Future<?>> answers = new ArrayList<>();
                for (int i = 0; i < REQUESTS; i++) {
                    String body = rows(type.equals("tensorflow") ? 64 : SizedModels.COLUMNS, 10 * i + 1);
                    answers.add(callers.submit(() -> require(client.post("/predict/" + type, body))));
                }
                for (Future<?> answer : answers) {
                    answer.get();
                }
                require(client.post("/models/" + type + "/1/unload", ""));
                if (type.equals("tensorflow")) {
                    require(client.post("/models/tensorflow-large/1/load", ""));
                    require(client.post("/models/tensorflow-large/1/unload", ""));
                }
                if (cycle % EVERY == 0) {
                    long resident = Resident.bytes();
                    first = cycle == FIRST ? resident : first;
                    System.out.printf("cycle %5d: resident %6.1f MB%n", cycle, resident / 1e6);
                }
            }
            System.out.printf("after %d against %d cycles: %+.1f %%%n", cycles, FIRST,
                    100.0 * Resident.bytes() / first - 100);
        }
    }

    private static void require(TestServer.Answer answer) {
        if (answer.status() != 200) {
            throw new IllegalStateException(answer.text());
        }
    }

    private static String rows(int columns, int rows) {
        String row = "[" + "1,".repeat(columns - 1) + "1]";
        return "{\"inputs\": [" + (row + ",").repeat(rows - 1) + row + "]}";
    }
}
