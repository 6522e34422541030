package io.modelyard.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Another process, whose output is read as it comes. Killed when closed. */
final class ChildProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 120;

    private final Process process;
    private final BufferedReader output;
    private final StringBuilder read = new StringBuilder();

    private ChildProcess(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    /** Modelyard in a JVM of its own, with the classes that are tested. */
    static ChildProcess modelyard(Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(), "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-XX:TieredStopAtLevel=1", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "io.modelyard.Application"));
        command.addAll(List.of(arguments));
        return start(environment, command);
    }

    static ChildProcess start(Map<String, String> environment, List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            return new ChildProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads on until a line matches. */
    Matcher await(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        try {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                read.append(line).append('\n');
                Matcher matcher = compiled.matcher(line);
                if (matcher.find()) {
                    return matcher;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("ended without '" + pattern + "': " + read);
    }

    /** All that was written, once the process has ended by itself. */
    String outputAtEnd() throws InterruptedException {
        output.lines().forEach(line -> read.append(line).append('\n'));
        exitCode();
        return read.toString();
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still runs: " + read);
        }
        return process.exitValue();
    }

    /** As SIGTERM does. What it writes until its end is still to be read. */
    void terminate() throws InterruptedException {
        process.toHandle().destroy();
        exitCode();
    }

    /** As SIGKILL does. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        exitCode();
    }

    /** As {@link #kill()}, without waiting for the end. */
    void killNow() {
        process.destroyForcibly();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
