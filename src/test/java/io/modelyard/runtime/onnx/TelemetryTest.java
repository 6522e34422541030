package io.modelyard.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The library in a process of its own, started as a server is: it must neither report to its makers nor end it. */
final class TelemetryTest {
    @TempDir
    Path home;

    /** What the process runs. */
    static final class Start {
        private Start() {}

        public static void main(String[] arguments) {
            System.out.print(Library.version());
        }
    }

    @Test
    void theLibraryStartsWhateverTheCommandLineAndLeavesNothingBehind() throws Exception {
        // 1.29.0 with its telemetry on ends a process whose command line is longer than 4 KiB.
        List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-Djava.io.tmpdir=" + home, "-cp",
                System.getProperty("java.class.path"), "-Dlong=" + "x".repeat(8192), Start.class.getName());
        Path output = home.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(output.toFile()).directory(home.toFile());
        builder.environment().put("HOME", home.toString());
        // What turns the library's telemetry off by itself, where these tests run and where they do not.
        List.of("CI", "GITHUB_ACTIONS", "TF_BUILD", "XDG_CACHE_HOME", "ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS")
                .forEach(builder.environment()::remove);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readString(output)).endsWith("onnxruntime 1.29.0");
        assertThat(process.exitValue()).isZero();
        assertThat(filesOtherThan(output)).isEmpty();
    }

    private List<Path> filesOtherThan(Path output) throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            return files.filter(Files::isRegularFile).filter(file -> !file.equals(output))
                    .filter(file -> !file.toString().contains("onnxruntime-java")).toList();
        }
    }
}
