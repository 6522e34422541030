package io.modelyard.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server as it always is, in a process of its own, and its administrator. */
final class ServerProcess implements AutoCloseable {
    private static final Pattern SERVES = Pattern.compile("Modelyard serves at (\\S+)");

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI uri;
    private final String key;

    /**
     * Starts it and waits until it serves.
     *
     * @param folder for its data and its log
     * @param options words: those that begin with {@code -X} are for Java, the others are {@code property=value}
     */
    ServerProcess(Path folder, Path store, List<String> options) throws IOException {
        Path data = Files.createDirectories(folder).resolve("data");
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        options.stream().filter(option -> option.startsWith("-X")).forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.modelyard.Application", "serve",
                "--host", "127.0.0.1", "--port", "0", "-Dmodelyard.store.uri=" + store,
                "-Dmodelyard.data-dir=" + data, "-Dmodelyard.publish.drop=off",
                // What is asked again is computed again, unless an option says otherwise.
                "-Dmodelyard.predictioncache.policy=never"));
        options.stream().filter(option -> !option.startsWith("-X")).forEach(option -> command.add("-D" + option));
        Path log = folder.resolve("server.log");
        process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        // However this ends.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        uri = awaitUri(log);
        key = Files.readString(data.resolve("admin.key")).strip();
    }

    private URI awaitUri(Path log) throws IOException {
        while (true) {
            Matcher serves = SERVES.matcher(Files.readString(log));
            if (serves.find()) {
                return URI.create(serves.group(1));
            }
            if (!process.isAlive()) {
                throw new IOException("the server ended: " + Files.readString(log));
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** A connection that asks for predictions, see {@link ClosedLoop}. */
    ClosedLoop client(String path, byte[] body, long nanosBetween) throws IOException {
        return new ClosedLoop(uri, path, key, body, nanosBetween);
    }

    /** Returns when the version is active, and so loaded and warm. */
    void activate(String id) throws IOException, InterruptedException {
        HttpResponse<String> answer = send("POST", "/models/" + id + "/activate");
        if (answer.statusCode() != 200) {
            throw new IOException(id + " could not be activated: " + answer.body());
        }
    }

    /** Drops, from memory and disk, what is not active; returns when it is gone. */
    void dropTheOthers() throws IOException, InterruptedException {
        while (true) {
            HttpResponse<String> answer = send("DELETE", "/delete-models");
            if (answer.statusCode() != 200) {
                throw new IOException("the local copies could not be dropped: " + answer.body());
            }
            if (!answer.body().contains("files are in use") && !answer.body().contains("being loaded")) {
                return;
            }
            pause();
        }
    }

    /** What an administrator reads there. */
    String get(String path) throws IOException, InterruptedException {
        return send("GET", path).body();
    }

    private HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri.resolve(path)).header("X-API-Key", key)
                .method(method, BodyPublishers.noBody()).build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        http.close();
        process.destroy();
        process.onExit().join();
    }
}
