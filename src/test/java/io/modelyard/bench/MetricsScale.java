package io.modelyard.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.TestServer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a scrape costs with a small registry and a large one, with few models in use and with many: series, bytes and time. The
 * store is a folder in which every version that is used has a hard link to one sample's file.
 */
public final class MetricsScale {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SAMPLE = Path.of("models-local/registry/breast-cancer/1.json");
    private static final Path FILE = Path.of("models-local/models/breast-cancer/1/model.ubj");
    private static final int FEW = 10;
    private static final int REQUESTS = 5;
    private static final int SCRAPES = 30;

    private final ObjectNode sample;
    private final String right;
    private final Path folder;

    private MetricsScale(Path folder) throws IOException {
        this.folder = folder;
        this.sample = (ObjectNode) JSON.readTree(SAMPLE.toFile());
        this.right = JSON.createObjectNode().set("inputs", sample.at("/examples/0/inputs")).toString();
    }

    /** Arguments: the number of types of the large registry, of versions of each type, and of models in use. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int types = Integer.parseInt(arguments[0]);
        int versions = Integer.parseInt(arguments[1]);
        int active = Integer.parseInt(arguments[2]);
        Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "metrics-scale");
        try {
            MetricsScale scale = new MetricsScale(folder);
            scale.run("small", FEW, versions, List.of(FEW));
            scale.run("large", types, versions, List.of(FEW, active));
        } finally {
            // Tens of thousands of files: the system's own way is the fastest.
            new ProcessBuilder("rm", "-rf", folder.toString()).inheritIO().start().waitFor();
        }
    }

    /** Registers, starts a server, and measures as often as more models are in use. */
    private void run(String name, int types, int versions, List<Integer> inUse) throws IOException {
        Path store = folder.resolve(name);
        long began = System.nanoTime();
        fill(store, types, versions, Collections.max(inUse));
        long filled = System.nanoTime();
        try (TestServer server = TestServer.prepare().store(store).with("modelyard.publish.drop", "off")
                .with("modelyard.registry.poll-interval", "1h").with("modelyard.registry.reconcile-interval", "1h")
                .start()) {
            System.out.printf("%s: %,d types x %d versions, written in %.1f s, server started in %.1f s%n", name, types,
                    versions, (filled - began) / 1e9, (System.nanoTime() - filled) / 1e9);
            int used = 0;
            for (int count : inUse) {
                use(server, used, count);
                used = count;
                measure(server, count);
            }
        }
    }

    private void fill(Path store, int types, int versions, int active) throws IOException {
        for (int i = 0; i < types; i++) {
            String type = type(i);
            Path manifests = Files.createDirectories(store.resolve("registry").resolve(type));
            for (int version = 1; version <= versions; version++) {
                ObjectNode manifest = sample.deepCopy().put("type", type).put("version", Integer.toString(version));
                Files.write(manifests.resolve(version + ".json"), JSON.writeValueAsBytes(manifest));
            }
            if (i < active) {
                Path files = Files.createDirectories(
                        store.resolve("models").resolve(type).resolve(Integer.toString(versions)));
                Path first = store.resolve("model.ubj");
                if (i == 0) {
                    Files.copy(FILE, first);
                }
                Files.createLink(files.resolve("model.ubj"), first);
            }
        }
    }

    private static String type(int i) {
        return "type-%05d".formatted(i);
    }

    /** Asks each model a few times, once wrongly. */
    private void use(TestServer server, int from, int to) {
        TestServer.Client client = server.as(server.adminKey());
        long began = System.nanoTime();
        for (int i = from; i < to; i++) {
            for (int request = 0; request < REQUESTS; request++) {
                demand(200, client.post("/predict/" + type(i), right));
            }
            demand(422, client.post("/predict/" + type(i), "{\"inputs\": [[1]]}"));
        }
        System.out.printf("  %d models loaded and asked in %.1f s%n", to - from, (System.nanoTime() - began) / 1e9);
    }

    private static void demand(int status, TestServer.Answer answer) {
        if (answer.status() != status) {
            throw new IllegalStateException(answer.status() + ": " + answer.text());
        }
    }

    private static void measure(TestServer server, int inUse) {
        TestServer.Client client = server.as(server.adminKey());
        List<Double> millis = new ArrayList<>();
        String text = "";
        for (int i = 0; i < SCRAPES; i++) {
            long began = System.nanoTime();
            text = client.get("/metrics").text();
            millis.add((System.nanoTime() - began) / 1e6);
        }
        Collections.sort(millis);
        List<String> series = text.lines().filter(line -> !line.startsWith("#")).toList();
        long ofModels = series.stream().filter(line -> line.contains("type=\"")).count();
        JsonNode summary = client
                .send(client.request("/metrics").header("Accept", "application/json").GET()).json();
        System.out.printf(
                "  %d models in use: %,d series (%,d with a type), %,d bytes, scraped in %.1f ms (median of %d; best %.1f, worst %.1f); %,d requests counted%n",
                inUse, series.size(), ofModels, text.getBytes(StandardCharsets.UTF_8).length,
                millis.get(millis.size() / 2), SCRAPES, millis.getFirst(), millis.getLast(),
                summary.path("total_requests").longValue());
    }
}
