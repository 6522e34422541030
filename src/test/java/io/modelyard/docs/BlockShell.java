package io.modelyard.docs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The terminal of somebody who reads a page from its top to its end: each block begins with the variables and in the folder in which
 * the one before it ended. A command that fails ends its block, and so does a variable that nobody set. Not thread-safe.
 */
final class BlockShell {
    private static final Duration MOST = Duration.ofMinutes(20);
    /** Between the commands of a transcript; no command prints it. */
    private static final String NEXT = "\u0001\n";

    private final Path scratch;
    private final Map<String, String> environment;
    private Path folder;

    /**
     * @param folder  where the page begins
     * @param scratch for files of this shell's own
     */
    BlockShell(Path folder, Path scratch, Map<String, String> environment) {
        this.folder = folder;
        this.scratch = scratch;
        this.environment = new HashMap<>(environment);
    }

    /** How a block ended. */
    record Result(int exit, String output, String errors) {
        /** What each command of a transcript printed. */
        List<String> printed() {
            List<String> parts = List.of(output.split(NEXT, -1));
            return parts.subList(1, parts.size());
        }
    }

    Result run(String commands) throws IOException, InterruptedException {
        return bash("set -euo pipefail\n" + commands);
    }

    /** Runs all, whatever becomes of each: what is printed is compared. */
    Result transcript(List<String> commands) throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder("exec 2>&1\n");
        for (String command : commands) {
            script.append("ended=$?; printf '\\001\\n'; (exit $ended)\n").append(command).append('\n');
        }
        return bash(script.toString());
    }

    private Result bash(String script) throws IOException, InterruptedException {
        Path state = scratch.resolve("state");
        Path output = scratch.resolve("output");
        Path errors = scratch.resolve("errors");
        Process process = start("set -a\ntrap 'env -0 > \"" + state + "\"' EXIT\n" + script, output, errors);
        boolean ended = process.waitFor(MOST.toSeconds(), TimeUnit.SECONDS);
        if (!ended) {
            Processes.end(process);
        }
        if (Files.exists(state)) {
            remember(Files.readString(state));
            Files.delete(state);
        }
        return new Result(ended ? process.exitValue() : -1, Files.readString(output),
                Files.readString(errors) + (ended ? "" : "not ended after " + MOST));
    }

    /** Starts what goes on. */
    Process start(String script, Path output, Path errors) throws IOException {
        Path file = scratch.resolve("block.sh");
        Files.writeString(file, script, StandardCharsets.UTF_8);
        ProcessBuilder builder = new ProcessBuilder("bash", file.toString()).directory(folder.toFile())
                .redirectInput(Path.of("/dev/null").toFile()).redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    private void remember(String variables) {
        environment.clear();
        for (String variable : variables.split("\0", -1)) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                environment.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        folder = Path.of(environment.getOrDefault("PWD", folder.toString()));
    }
}
