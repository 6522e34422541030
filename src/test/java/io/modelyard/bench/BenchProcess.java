package io.modelyard.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@link BenchServer} in a JVM of its own, with the class path of this one. Closing ends it and deletes its folder. */
final class BenchProcess implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("Modelyard serves at (http://\\S+)");

    private final Process process;
    private final Path folder;
    private final URI url;

    private BenchProcess(Process process, Path folder, URI url) {
        this.process = process;
        this.folder = folder;
        this.url = url;
    }

    /**
     * Returns when it serves.
     *
     * @param folder with {@code store}; the server's output goes to {@code out} there
     */
    static BenchProcess start(Path folder) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        String options = System.getenv("BENCH_JAVA_OPTIONS");
        if (options != null && !options.isBlank()) {
            command.addAll(List.of(options.strip().split("\\s+")));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BenchServer.class.getName(),
                folder.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
        while (true) {
            Matcher ready = READY.matcher(Files.exists(out) ? Files.readString(out) : "");
            if (ready.find()) {
                return new BenchProcess(process, folder, URI.create(ready.group(1)));
            }
            if (!process.isAlive()) {
                throw new IllegalStateException("the server ended: " + Files.readString(out));
            }
            Thread.sleep(100);
        }
    }

    URI url() {
        return url;
    }

    long pid() {
        return process.pid();
    }

    /** The first admin key. */
    String key() throws IOException {
        return Files.readString(folder.resolve("data/admin.key")).strip();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
