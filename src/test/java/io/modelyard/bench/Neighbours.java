package io.modelyard.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelyard.SampleModels;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * What the loading of a large model does to the latency of a small one. Quiet and loading runs alternate; in a loading run
 * versions of the large model are activated one after the other, and what is not active is dropped from memory and disk, so
 * each is copied from the store, hashed, loaded, warmed and activated anew. Several configurations can be compared: each is
 * a server of its own, and their runs alternate too. Linux only.
 *
 * <p>Arguments are {@code name=value}:
 * <ul>
 * <li>{@code pairs} of a quiet and a loading run (10), {@code swaps} in each loading run (5), {@code megabytes} (300);
 * <li>{@code small}, the sample model that is asked ({@code breast-cancer/2}), by so many {@code connections} (1), each as
 * fast as it is answered or, with {@code rate}, so often a second in all;
 * <li>{@code beside}, a command of the shell that is run again and again in place of the swaps, with {@code $LARGE} for the
 * file of a large model: what another process costs is what no measure in this one can avoid;
 * <li>{@code quiet}, the seconds of a quiet run (4), and {@code warmup} before all (10);
 * <li>a name in capitals is a configuration: words, of which those with {@code -X} are for Java and the others
 * {@code property=value} of the server.
 * </ul>
 */
public final class Neighbours {
    private static final int VERSIONS = 3;
    private static final int MOST_PER_RUN = 4_000_000;
    private static final String LARGE = "large";

    private final Map<String, String> arguments = new LinkedHashMap<>(
            Map.of("beside", "", "pairs", "10", "swaps", "5", "megabytes",
                    "300", "small", "breast-cancer/2", "connections", "1", "rate", "0", "quiet", "4", "warmup", "10"));
    private final Map<String, List<String>> configurations = new LinkedHashMap<>();
    private final Path store;
    private final byte[] body;

    private Neighbours(String[] given, Path folder) throws IOException {
        for (String argument : given) {
            String name = argument.substring(0, argument.indexOf('='));
            String value = argument.substring(name.length() + 1);
            if (name.equals(name.toUpperCase(Locale.ROOT))) {
                configurations.put(name, value.isBlank() ? List.of() : List.of(value.strip().split(" +")));
            } else if (arguments.replace(name, value) == null) {
                throw new IllegalArgumentException("there is no '" + name + "', there are " + arguments.keySet());
            }
        }
        if (configurations.isEmpty()) {
            configurations.put("DEFAULT", List.of());
        }
        store = folder.resolve("store");
        SampleModels.copyTo(store);
        body = ("{\"inputs\": [" + new ObjectMapper().readTree(store.resolve("registry")
                .resolve(arguments.get("small") + ".json").toFile()).at("/examples/0/inputs/0") + "]}")
                .getBytes(StandardCharsets.UTF_8);
        LargeModel large = new LargeModel(number("megabytes") * 1_000_000);
        for (int version = 0; version < VERSIONS; version++) {
            large.publish(store, LARGE, "v" + version);
        }
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("modelyard-neighbours");
        try {
            new Neighbours(arguments, folder).run(folder);
        } finally {
            delete(folder);
        }
        System.exit(0);
    }

    private void run(Path folder) throws Exception {
        List<Subject> subjects = new ArrayList<>();
        try {
            for (Map.Entry<String, List<String>> each : configurations.entrySet()) {
                subjects.add(new Subject(each.getKey(),
                        new ServerProcess(folder.resolve(each.getKey()), ownStore(folder.resolve(each.getKey())),
                                each.getValue())));
                System.out.println(
                        each.getKey() + " " + each.getValue() + ", process " + subjects.getLast().server.pid());
            }
            for (Subject subject : subjects) {
                subject.warmUp();
            }
            System.out.println(Report.HEAD);
            for (int pair = 0; pair < number("pairs"); pair++) {
                for (Subject subject : subjects) {
                    System.out.println(subject.report.add(subject.quiet(number("quiet")), subject.loading()));
                }
            }
            subjects.forEach(subject -> System.out.println(subject.report.summary()));
        } finally {
            for (Subject subject : subjects) {
                subject.close();
            }
        }
        if (subjects.stream().anyMatch(subject -> subject.report.failed() > 0)) {
            throw new IllegalStateException("requests failed");
        }
    }

    /** Each server writes its own keys and routing; the files of the models are the same. */
    private Path ownStore(Path folder) throws IOException {
        Path own = Files.createDirectories(folder).resolve("store");
        try (Stream<Path> all = Files.walk(store)) {
            for (Path each : all.toList()) {
                Path link = own.resolve(store.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectory(link);
                } else {
                    Files.createLink(link, each);
                }
            }
        }
        return own;
    }

    private long number(String name) {
        return Long.parseLong(arguments.getOrDefault(name, ""));
    }

    /** One server and its clients. */
    private final class Subject implements AutoCloseable {
        private final ServerProcess server;
        private final Report report;
        private final List<ClosedLoop> clients = new ArrayList<>();
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private int swaps;

        Subject(String name, ServerProcess server) throws IOException {
            this.server = server;
            this.report = new Report(name);
            long connections = number("connections");
            long between = number("rate") == 0 ? 0 : 1_000_000_000 * connections / number("rate");
            for (int i = 0; i < connections; i++) {
                clients.add(server.client("/predict/" + arguments.get("small"), body, between));
            }
        }

        void warmUp() throws Exception {
            quiet(number("warmup"));
            loading();
        }

        Report.Run quiet(long seconds) throws Exception {
            long begin = System.nanoTime();
            CoreTime before = CoreTime.of(server.pid());
            Latencies latencies = ask(() -> System.nanoTime() - begin > seconds * 1_000_000_000);
            return new Report.Run(latencies, (System.nanoTime() - begin) / 1e9,
                    CoreTime.of(server.pid()).since(before), List.of());
        }

        Report.Run loading() throws Exception {
            String command = arguments.getOrDefault("beside", "");
            return command.isEmpty() ? swapping() : beside(command);
        }

        private Report.Run beside(String command) throws Exception {
            ProcessBuilder shell = new ProcessBuilder("sh", "-c", "while :; do " + command + "; done");
            shell.environment().put("LARGE", store.resolve("models/" + LARGE + "/v0/model.onnx").toString());
            Process process = shell
                    .redirectOutput(Redirect.DISCARD).redirectError(Redirect.INHERIT).start();
            try {
                return quiet(number("quiet"));
            } finally {
                process.descendants().forEach(ProcessHandle::destroy);
                process.destroy();
                process.onExit().join();
            }
        }

        private Report.Run swapping() throws Exception {
            long begin = System.nanoTime();
            CountDownLatch done = new CountDownLatch(1);
            CoreTime before = CoreTime.of(server.pid());
            Future<List<Double>> swapping = threads.submit(() -> swap(done));
            Latencies latencies = ask(() -> done.getCount() == 0);
            return new Report.Run(latencies, (System.nanoTime() - begin) / 1e9,
                    CoreTime.of(server.pid()).since(before), swapping.get());
        }

        private Latencies ask(BooleanSupplier stop) throws Exception {
            List<Future<Latencies>> running = clients.stream()
                    .map(client -> threads.submit(() -> client.run(stop, MOST_PER_RUN))).toList();
            List<Latencies> all = new ArrayList<>();
            for (Future<Latencies> each : running) {
                all.add(each.get());
            }
            return Latencies.of(all);
        }

        /** The seconds that each swap took, from its order to the last trace of the version before. */
        private List<Double> swap(CountDownLatch done) throws IOException, InterruptedException {
            List<Double> seconds = new ArrayList<>();
            try {
                for (int i = 0; i < number("swaps"); i++) {
                    long begin = System.nanoTime();
                    server.activate(LARGE + "/v" + swaps++ % VERSIONS);
                    server.dropTheOthers();
                    seconds.add((System.nanoTime() - begin) / 1e9);
                }
                return seconds;
            } finally {
                done.countDown();
            }
        }

        @Override
        public void close() throws IOException {
            for (ClosedLoop client : clients) {
                client.close();
            }
            threads.shutdown();
            server.close();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }
}
