package io.modelyard.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads how a child ended from what it left. */
final class ChildEnd {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** As a shell tells of a signal in an exit code. */
    private static final int SIGNALLED = 128;
    private static final int SIGKILL = 9;
    private static final Map<Integer, String> SIGNALS = Map.of(1, "SIGHUP", 2, "SIGINT", 3, "SIGQUIT", 4, "SIGILL", 6,
            "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", SIGKILL, "SIGKILL", 11, "SIGSEGV", 15, "SIGTERM");
    /** Of these, those that somebody sends. */
    private static final Set<Integer> SENT = Set.of(1, 2, 3, 15);
    private static final Pattern SIGNAL = Pattern.compile("^#  (SIG[A-Z]+|Internal Error)\\b");
    private static final String FRAME = "# Problematic frame:";
    private static final Pattern NO_MEMORY = Pattern
            .compile(
                    "std::bad_alloc|insufficient memory for the Java Runtime|Out of Memory Error|Cannot allocate memory");
    private static final int PART = 8192;
    private static final int LONGEST_LINE = 300;

    private ChildEnd() {}

    /** @param begun whether the child came as far as the model */
    static Outcome read(ChildFolder folder, int exit, boolean begun) throws IOException {
        if (exit == 0 && Files.exists(folder.result())) {
            return result(JSON.readTree(folder.result().toFile()));
        }
        String output = tail(folder.output());
        String crash = head(folder.crash());
        int signal = exit - SIGNALLED;
        if (NO_MEMORY.matcher(output).find() || NO_MEMORY.matcher(crash).find()) {
            return new Outcome.OutOfMemory("there was not enough memory for it: " + last(output));
        }
        if (signal == SIGKILL) {
            return new Outcome.OutOfMemory(
                    "the process that tried it was killed from outside (SIGKILL), as the operating"
                            + " system does when memory runs out");
        }
        if (!begun || SENT.contains(signal)) {
            return new Outcome.Undecided(
                    "it could not be tried in a process of its own, which ended with exit code " + exit
                            + (output.isBlank() ? "" : ": " + last(output)));
        }
        return new Outcome.Killed("the model ended the process that tried it: "
                + ofTheCrash(crash).orElseGet(() -> ofTheExit(exit, output)));
    }

    private static Outcome result(JsonNode result) {
        if (result.has("refused")) {
            return new Outcome.Refused(result.get("refused").asText());
        }
        if (result.has("out_of_memory")) {
            return new Outcome.OutOfMemory(
                    "there was not enough memory for it: " + result.get("out_of_memory").asText());
        }
        return new Outcome.Done(result.get("answer"), result.get("peak").asLong());
    }

    /** {@code SIGSEGV in C [libfoo.so+0x1234] foo::bar()+0x12}, from the report of the Java platform. */
    private static Optional<String> ofTheCrash(String crash) {
        String[] lines = crash.split("\n", -1);
        String signal = null;
        for (int i = 0; i < lines.length; i++) {
            Matcher matcher = SIGNAL.matcher(lines[i]);
            if (signal == null && matcher.find()) {
                signal = matcher.group(1);
            }
            if (signal != null && lines[i].startsWith(FRAME) && i + 1 < lines.length) {
                return Optional.of(signal + " in " + line(lines[i + 1].replaceFirst("^# *", "")));
            }
        }
        return Optional.ofNullable(signal);
    }

    private static String ofTheExit(int exit, String output) {
        String signal = SIGNALS.get(exit - SIGNALLED);
        String how = signal == null ? "exit code " + exit : signal;
        return output.isBlank() ? how : how + "; the last that it wrote: " + last(output);
    }

    private static String last(String output) {
        return output.lines().filter(line -> !line.isBlank()).reduce((first, second) -> second)
                .map(ChildEnd::line).orElse("it wrote nothing");
    }

    private static String line(String text) {
        String one = text.strip().replaceAll("\\s+", " ");
        return one.length() <= LONGEST_LINE ? one : one.substring(0, LONGEST_LINE) + "…";
    }

    /** The report begins with what matters. */
    private static String head(Path file) throws IOException {
        return Files.exists(file) ? part(file, 0) : "";
    }

    /** A library may write without end, and not only text. */
    private static String tail(Path file) throws IOException {
        return Files.exists(file) ? part(file, Math.max(0, Files.size(file) - PART)) : "";
    }

    private static String part(Path file, long from) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(from);
            return new String(in.readNBytes(PART), StandardCharsets.UTF_8);
        }
    }
}
