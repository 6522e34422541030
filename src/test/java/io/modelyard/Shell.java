package io.modelyard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs of this machine, run as a person or a pipeline runs them. */
public final class Shell {
    private Shell() {}

    /** How a program ended, and what it wrote to either output. */
    public record Outcome(int exit, String text) {}

    public static Outcome run(Map<String, String> environment, String... command) {
        Path output = null;
        try {
            output = Files.createTempFile("modelyard-shell", ".txt");
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(List.of(command) + " did not end: " + Files.readString(output));
            }
            return new Outcome(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            if (output != null) {
                output.toFile().delete();
            }
        }
    }

    /** Whether this command line ends with 0; false too where there is no such program. */
    public static boolean works(String... command) {
        try {
            return run(Map.of(), command).exit() == 0;
        } catch (UncheckedIOException noSuchProgram) {
            return false;
        }
    }

    /** Makes a file that can be run. */
    public static void program(Path file, String script) {
        try {
            Files.writeString(file, script);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
