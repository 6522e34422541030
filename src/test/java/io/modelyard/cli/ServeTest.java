package io.modelyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.Shared;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.stream.Stream;

/** {@code modelyard serve}, in processes of its own where something starts. */
final class ServeTest {
    @TempDir
    Path folder;

    @Test
    void servesAFileFromAStoreThatIsGoneAtTheEndAndLeavesTheConfiguredOneAlone() throws Exception {
        Path model = fixture("xgboost-wine-v34/model.ubj");
        Path data = folder.resolve("data");
        Path configured = folder.resolve("configured-store");
        Map<String, String> environment = Map.of("MODELYARD_DATA_DIR", data.toString(), "MODELYARD_STORE_URI",
                configured.toString(), "PORT", "1");
        try (ChildProcess child = ChildProcess.modelyard(environment, "serve", model.toString(), "--port", "0")) {
            Matcher url = child.await("^xgboost-wine-v34/1 \\(xgboost\\) is served at (http://\\S+)/predict/");
            Path key = Path.of(child.await("^The key is in (.+)$").group(1));
            child.await("^curl '" + url.group(1) + "/predict/xgboost-wine-v34'");
            String body = child.await("-d '(\\{\"inputs\":.*)'$").group(1);

            assertThat(key).isNotEmptyFile().startsWith(data);
            HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(url.group(1)
                    + "/predict/xgboost-wine-v34")).header("X-API-Key", Files.readString(key).strip())
                    .header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("\"model_version\":\"1\"", "\"predictions\":[[");

            ProcessFolder own = ProcessFolder.open(data);
            assertThat(processes(data)).hasSize(2);
            own.close();
            child.kill();
            assertThat(processes(data)).hasSize(1);
            ProcessFolder.open(data).close();
            assertThat(processes(data)).isEmpty();
            assertThat(configured).doesNotExist();
        }
    }

    @Test
    void servesTheConfiguredStoreWithoutACommandAndCleansUpWhenItIsToldToEnd() throws Exception {
        Map<String, String> environment = Map.of("MODELYARD_DATA_DIR", folder.resolve("data").toString(), "MODEL_PATH",
                folder.resolve("store").toString(), "PORT", "0");
        try (ChildProcess child = ChildProcess.modelyard(environment)) {
            String url = child.await("Modelyard serves at (http://127\\.0\\.0\\.1:[1-9]\\d*) ").group(1);
            assertThat(status(url + "/health")).isEqualTo(200);
            child.terminate();
        }
        assertThat(folder.resolve("store")).isDirectory();
        assertThat(processes(folder.resolve("data"))).isEmpty();
    }

    @Test
    void saysThatThePortIsTakenWithoutAStackTrace() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ChildProcess child = ChildProcess.modelyard(
                        Map.of("MODELYARD_DATA_DIR", folder.resolve("data").toString(), "MODELYARD_STORE_URI",
                                folder.resolve("store").toString()),
                        "serve", "--port", String.valueOf(taken.getLocalPort()))) {
            assertThat(child.outputAtEnd()).doesNotContain("\tat ").doesNotContain("Exception:")
                    .endsWith("choose another port with --port or PORT\n");
            assertThat(child.exitCode()).isEqualTo(1);
        }
        assertThat(processes(folder.resolve("data"))).isEmpty();
    }

    @Test
    void refusesAPickleBeforeAnythingStarts() throws IOException {
        Path pickle = Files.writeString(folder.resolve("it's a model.pkl"), "\u0080\u0004cxgboost.core Booster");
        Run run = run("serve", pickle.toString());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.error()).contains("is a pickle", "pickle.load(open('", "it\\'s a model.pkl'", ".save_model('")
                .doesNotContain("\tat ");
    }

    @Test
    void refusesArgumentsThatMakeNoSense() throws IOException {
        Path model = Files.writeString(folder.resolve("m.ubj"), "x");
        assertThat(run("serve", "nowhere.onnx")).isEqualTo(new Run(2, "there is no file or folder nowhere.onnx\n"));
        assertThat(run("serve", model.toString(), "--type", "No Type").error()).contains("'No Type' is not the name");
        assertThat(run("serve", model.toString(), "--version", "latest").code()).isEqualTo(2);
        assertThat(run("serve", "--prot", "1").error()).contains("Unknown option: '--prot'");
        assertThat(run("--help").code()).isZero();
        assertThat(run("--version").code()).isZero();
    }

    private record Run(int code, String error) {}

    private static Run run(String... arguments) {
        StringWriter error = new StringWriter();
        CommandLine command = Modelyard.commandLine().setErr(new PrintWriter(error))
                .setOut(new PrintWriter(new StringWriter()));
        return new Run(command.execute(arguments), error.toString());
    }

    private static List<Path> processes(Path data) throws IOException {
        try (Stream<Path> folders = Files.list(data.resolve("run"))) {
            return folders.filter(Files::isDirectory).toList();
        }
    }

    private static int status(String url) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url))).statusCode();
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    private static Path fixture(String path) {
        return Shared.path("fixtures/" + path);
    }
}
