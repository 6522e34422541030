package io.modelyard.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.context.ApplicationContext;
import io.modelyard.TestBucket;
import io.modelyard.registry.InvalidDocumentException;
import io.modelyard.registry.RegistryWriter;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * What a large registry costs a server: a cold start, an idle while, one more push, and a warm start that finds a few
 * versions more. The store is a folder, or the S3 server of the tests, which runs in this process; the server runs in
 * another, whose time, CPU, requests and memory are what is printed.
 */
public final class RegistryScale {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PUSHES = 5;
    private static final int SETTLING_SECONDS = 30;
    private static final int BETWEEN_STARTS = 20;
    /** Times that documents are written at once: the S3 server of the tests is no faster with more. */
    private static final int WRITERS = 8;

    private final ScaleDocuments documents = new ScaleDocuments();
    private final Map<String, Object> store;
    private final Path data;

    private RegistryScale(Map<String, Object> store, Path data) {
        this.store = store;
        this.data = data;
    }

    /** Arguments: {@code directory} or {@code s3}, the number of versions, of types, and of idle seconds to watch. */
    public static void main(String[] arguments) throws Exception {
        int versions = Integer.parseInt(arguments[1]);
        int types = Integer.parseInt(arguments[2]);
        Path folder = Files.createTempDirectory("modelyard-scale");
        Optional<TestBucket> bucket = arguments[0].equals("s3") ? Optional.of(TestBucket.start()) : Optional.empty();
        try {
            RegistryScale scale = new RegistryScale(bucket.map(TestBucket::properties)
                    .orElse(Map.of("modelyard.store.uri", folder.resolve("store").toString())), folder.resolve("data"));
            System.out.printf("%s, %,d versions of %,d types%n", arguments[0], versions, types);
            scale.fill(versions, types, bucket, folder.resolve("store"));
            scale.measure(Integer.parseInt(arguments[3]));
        } finally {
            bucket.ifPresent(TestBucket::close);
            delete(folder);
        }
    }

    private void fill(int versions, int types, Optional<TestBucket> bucket, Path folder)
            throws InvalidDocumentException {
        try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
            documents.all(versions, types, (key, content) -> {
                if (bucket.isPresent()) {
                    var _ = writers.submit(() -> bucket.get().put(key, content));
                } else {
                    write(folder.resolve(key), content);
                }
            });
        }
    }

    private static void write(Path file, byte[] content) {
        try {
            Files.createDirectories(file.resolveSibling(""));
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void measure(int idleSeconds) throws Exception {
        try (Server cold = new Server()) {
            print("cold start", cold.read());
            // What the start leaves to be compiled is not what idling costs.
            cold.tell("idle " + SETTLING_SECONDS);
            cold.read();
            cold.tell("idle " + idleSeconds);
            print("idle", cold.read());
            for (int i = 0; i < PUSHES; i++) {
                String version = "9." + i;
                cold.tell("await " + ScaleDocuments.type(0) + " " + version);
                long published = publish(List.of(version));
                JsonNode seen = cold.read();
                System.out.printf("seen %.2f s after it was published; ",
                        (seen.get("at").longValue() - published) / 1e3);
                print("one more push", seen);
            }
        }
        List<String> more = new ArrayList<>();
        for (int i = 0; i < BETWEEN_STARTS; i++) {
            more.add("8." + i);
        }
        publish(more);
        try (Server warm = new Server()) {
            print("warm start with " + BETWEEN_STARTS + " versions more", warm.read());
        }
    }

    private static void print(String what, JsonNode answer) {
        System.out.printf("%s: %.2f s, CPU %.2f s, %,d versions, heap %,.1f MB, requests %s%n", what,
                answer.get("seconds").doubleValue(), answer.get("cpu_seconds").doubleValue(),
                answer.get("versions").intValue(), answer.get("heap_bytes").longValue() / 1e6, answer.get("requests"));
    }

    /** @return when the last of them was published, by the clock */
    private long publish(List<String> versions) throws InvalidDocumentException {
        Map<String, Object> properties = new HashMap<>(store);
        properties.put("modelyard.registry.watch", "false");
        properties.put("modelyard.data-dir", data.resolveSibling("publisher").toString());
        try (ApplicationContext context = ApplicationContext.run(properties)) {
            RegistryWriter writer = context.getBean(RegistryWriter.class);
            for (String version : versions) {
                writer.publish(documents.manifest(ScaleDocuments.type(0), version));
            }
            return System.currentTimeMillis();
        }
    }

    private static void delete(Path folder) throws IOException, InterruptedException {
        // Hundreds of thousands of files: the system's own way is the fastest.
        new ProcessBuilder("rm", "-rf", folder.toString()).inheritIO().start().waitFor();
    }

    /** A server in a process of its own. */
    private final class Server implements AutoCloseable {
        private final Process process;
        private final BufferedReader answers;

        Server() throws IOException {
            List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow(),
                    "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Xmx4g", "-cp",
                    System.getProperty("java.class.path"), "-Daws.accessKeyId=" + TestBucket.ACCESS_KEY,
                    "-Daws.secretAccessKey=" + TestBucket.SECRET_KEY, ScaleServer.class.getName(),
                    "micronaut.server.port=-1", "modelyard.publish.drop=off", "modelyard.data-dir=" + data));
            store.forEach((property, value) -> command.add(property + "=" + value));
            Path log = Files.createDirectories(data).resolve("server.log");
            process = new ProcessBuilder(command).redirectError(log.toFile()).start();
            answers = process.inputReader(StandardCharsets.UTF_8);
        }

        void tell(String line) throws IOException {
            process.outputWriter(StandardCharsets.UTF_8).append(line).append('\n').flush();
        }

        JsonNode read() throws IOException {
            String line = answers.readLine();
            if (line == null) {
                try (Stream<String> log = Files.lines(data.resolve("server.log"))) {
                    throw new IOException("the server ended: " + log.toList());
                }
            }
            return JSON.readTree(line);
        }

        @Override
        public void close() throws IOException {
            tell("end");
            process.onExit().join();
        }
    }
}
