package io.modelyard.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** infra/Dockerfile. */
final class Dockerfile {
    private static final Path FILE = Path.of("infra/Dockerfile");
    private static final Pattern ASSIGNMENT = Pattern.compile("(\\w+)=(\\S+)");

    private final List<String> instructions;

    Dockerfile() {
        try {
            String text = Files.readString(FILE).replaceAll("(?m)^\\s*#.*\n", "").replaceAll("\\\\\n\\s*", " ");
            instructions = text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What follows this word, by line. */
    List<String> all(String instruction) {
        return instructions.stream().filter(line -> line.startsWith(instruction + " "))
                .map(line -> line.substring(instruction.length() + 1).strip()).toList();
    }

    String only(String instruction) {
        List<String> all = all(instruction);
        if (all.size() != 1) {
            throw new AssertionError(instruction + ": " + all);
        }
        return all.getFirst();
    }

    /** As {@code uid:gid}. */
    String user() {
        return only("USER");
    }

    /** As {@code :gid}. */
    String group() {
        return user().substring(user().indexOf(':'));
    }

    /** The command, as JSON without spaces. */
    String healthCheck() {
        String check = only("HEALTHCHECK");
        return check.substring(check.indexOf('[')).replace("\", \"", "\",\"");
    }

    Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String line : all("ENV")) {
            ASSIGNMENT.matcher(line).results().forEach(found -> environment.put(found.group(1), found.group(2)));
        }
        return environment;
    }

    /** The defaults of the arguments that have one. */
    Map<String, String> arguments() {
        Map<String, String> arguments = new LinkedHashMap<>();
        for (String line : all("ARG")) {
            ASSIGNMENT.matcher(line).results().forEach(found -> arguments.put(found.group(1), found.group(2)));
        }
        return arguments;
    }

    /** What it takes from the repository. */
    List<String> sources() {
        List<String> sources = new ArrayList<>();
        for (String line : all("COPY")) {
            List<String> words = new ArrayList<>(List.of(line.split("\\s+", -1)));
            if (words.stream().noneMatch(word -> word.startsWith("--from="))) {
                words.removeIf(word -> word.startsWith("--"));
                sources.addAll(words.subList(0, words.size() - 1));
            }
        }
        return sources;
    }
}
