import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Makes the ahead-of-time cache of a server (JEP 483, 514 and 515): starts one over the sample models, has it do what servers do,
 * and stops it, whereupon its JVM writes down the classes that it used and which of its methods were busy. The cache fits the very
 * Java and archive that made it; {@code bin/modelyard} uses the one beside its archive.
 *
 * <pre>
 * java infra/image/Train.java bin/modelyard models-local target/modelyard.aot
 * </pre>
 */
final class Train {
    /** How many numbers a row of each sample model has. */
    private static final Map<String, Integer> WIDTHS = Map.of("breast-cancer", 30, "digits", 64);
    private static final int PREDICTIONS = 200;
    /** Of a machine that is busy, or emulated. */
    private static final Duration START = Duration.ofMinutes(10);
    private static final Duration ANSWER = Duration.ofMinutes(10);
    /** The JVM that ends starts another one, which lays the cache out. */
    private static final Duration END = Duration.ofMinutes(10);
    private static final int TERMINATED = 128 + 15;

    private final URI server;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Train(URI server) {
        this.server = server;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 3) {
            System.err.println("usage: Train <bin/modelyard> <folder of sample models> <cache to write>");
            System.exit(2);
        }
        Path cache = Path.of(arguments[2]).toAbsolutePath();
        Files.deleteIfExists(cache);
        Path home = Files.createTempDirectory("modelyard-training");
        try {
            run(arguments[0], Path.of(arguments[1]), cache, home);
        } finally {
            remove(home);
        }
        System.out.println(cache + " has " + Files.size(cache) / 1_000_000 + " MB");
    }

    private static void run(String launcher, Path samples, Path cache, Path home) throws Exception {
        Path store = home.resolve("store");
        for (String part : List.of("models", "registry")) {
            copy(samples.resolve(part), store.resolve(part));
        }
        int port = freePort();
        ProcessBuilder builder = new ProcessBuilder(launcher, "serve").inheritIO();
        builder.environment().putAll(Map.of("HOST", "127.0.0.1", "PORT", String.valueOf(port), "MODELYARD_STORE_URI",
                store.toString(), "MODELYARD_DATA_DIR", home.resolve("data").toString(),
                "REQUEST_TIMEOUT", ANSWER.toSeconds() + "s",
                "MODELYARD_JAVA_OPTIONS", "-XX:AOTCacheOutput=" + cache + " -Xlog:aot=error,cds=error"));
        Process process = builder.start();
        try {
            Train train = new Train(URI.create("http://127.0.0.1:" + port));
            train.awaitReady(process);
            train.use(store, Files.readString(home.resolve("data/admin.key")).strip());
            process.toHandle().destroy();
            if (!process.waitFor(END.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != TERMINATED) {
                throw new IllegalStateException("the server did not end as it should");
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private void awaitReady(Process process) throws Exception {
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                if (get("/health/readiness", "").statusCode() == 200) {
                    return;
                }
            } catch (IOException notYet) {
                // Asked again below.
            }
            if (System.nanoTime() > deadline || process.waitFor(100, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the server did not start");
            }
        }
    }

    /** What is asked of most servers. */
    private void use(Path store, String key) throws Exception {
        for (Map.Entry<String, Integer> model : WIDTHS.entrySet()) {
            for (String version : versions(store.resolve("registry").resolve(model.getKey()))) {
                String path = "/predict/" + model.getKey() + "/" + version;
                for (int i = 0; i < PREDICTIONS; i++) {
                    expectOk(path, http.send(request(path, key).header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(body(model.getValue(), i))).build(), BodyHandlers.ofString()));
                }
            }
        }
        for (String path : List.of("/", "/health", "/health/liveness", "/metrics", "/models", "/models/digits", "/registry",
                "/logs?n_limit=10", "/api-keys", "/ab-test/status", "/openapi.json")) {
            expectOk(path, get(path, key));
        }
    }

    private static List<String> versions(Path registry) throws IOException {
        try (Stream<Path> manifests = Files.list(registry)) {
            return manifests.map(file -> file.getFileName().toString().replace(".json", "")).sorted().toList();
        }
    }

    /** No two are the same, so that no answer is one that was kept. */
    private static String body(int width, int seed) {
        return IntStream.range(0, width).mapToObj(i -> String.valueOf((i * 7 + seed) % 16 + seed / 1000.0))
                .collect(Collectors.joining(",", "{\"inputs\": [[", "]]}"));
    }

    private HttpResponse<String> get(String path, String key) throws Exception {
        return http.send(request(path, key).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, String key) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path)).timeout(ANSWER);
        return key.isEmpty() ? request : request.header("X-API-Key", key);
    }

    private static void expectOk(String path, HttpResponse<String> response) {
        if (response.statusCode() != 200) {
            throw new IllegalStateException(path + ": " + response.statusCode() + " " + response.body());
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
