package io.modelyard.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Commands, options, routes and tests that the documentation names in its sentences, where no command is run, are there. */
final class NamesInTextTest {
    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
    private static final Pattern COMMAND = Pattern.compile("^(?:bin/)?modelyard ([a-z]+)(.*)$");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]+");
    private static final Pattern ROUTE = Pattern.compile("^(GET|POST|PUT|DELETE) (/[^\\s?]*)(?:\\?.*)?$");
    private static final Pattern SERIES = Pattern.compile("modelyard(?:_[a-z]+)+");
    private static final Pattern TESTS = Pattern.compile("-Dtest='?([\\w.,*]+)'?");

    private static List<String> texts = List.of();

    @BeforeAll
    static void read() throws IOException {
        texts = Documentation.pages().stream().flatMap(page -> CODE.matcher(page.prose()).results()
                .map(found -> found.group(1).replaceAll("\\s+", " "))).toList();
    }

    @Test
    void commandsAndTheirOptions() throws IOException {
        String cli = String.join("\n", Documentation.sources(Path.of("src/main/java/io/modelyard/cli")));
        Set<String> unknown = new TreeSet<>();
        texts.stream().map(COMMAND::matcher).filter(command -> command.matches()).forEach(command -> {
            if (!cli.contains("@Command(name = \"" + command.group(1) + "\"")) {
                unknown.add(command.group());
            }
            OPTION.matcher(command.group(2)).results().map(found -> found.group())
                    .filter(option -> !cli.contains('"' + option + '"')).forEach(unknown::add);
        });
        assertThat(unknown).isEmpty();
    }

    /** Those that a test holds against the server itself. */
    @Test
    void routes() throws IOException {
        String table = Files.readString(Path.of("src/test/java/io/modelyard/RouteTableTest.java"));
        Set<Pattern> known = Pattern.compile("\"((?:GET|POST|PUT|DELETE) /[^\"]*)\"").matcher(table).results()
                .map(found -> Pattern.compile(found.group(1).replaceAll("\\{[^}]*}", "[^/]+")))
                .collect(Collectors.toSet());
        assertThat(known).hasSizeGreaterThan(25);
        assertThat(texts.stream().map(ROUTE::matcher).filter(route -> route.matches())
                .map(route -> route.group(1) + " " + route.group(2))
                // Other servers' are in the page for those who come from them.
                .filter(route -> !route.contains(" /v1/") && !route.contains(" /bench/") && !route.endsWith("…"))
                // Of a family of routes.
                .filter(route -> known.stream().noneMatch(pattern -> pattern.pattern().startsWith(route + "/")))
                .filter(route -> known.stream().noneMatch(pattern -> pattern.matcher(route).matches()))).isEmpty();
    }

    /** Each of them stands in the table of all series, there perhaps cut short to what differs from the one before it. */
    @Test
    void series() throws IOException {
        Set<String> known = new TreeSet<>();
        for (String line : Files.readString(Path.of("docs/metrics.md")).lines().toList()) {
            SERIES.matcher(line).results().map(found -> found.group()).forEach(name -> {
                known.add(name);
                Pattern.compile("`(_[a-z_]+)`").matcher(line).results().forEach(end -> {
                    for (int at = name.indexOf('_'); at > 0; at = name.indexOf('_', at + 1)) {
                        known.add(name.substring(0, at) + end.group(1));
                    }
                });
            });
        }
        assertThat(known).hasSizeGreaterThan(50);
        assertThat(texts.stream().flatMap(text -> SERIES.matcher(text).results()).map(found -> found.group())
                .filter(name -> !known.contains(name)
                        && !known.contains(name.replaceFirst("_(count|sum|bucket)$", ""))))
                .isEmpty();
    }

    /** The page for those who add a runtime explains every verb of the port. */
    @Test
    void verbsOfARuntime() throws IOException {
        Path port = Path.of("src/main/java/io/modelyard/runtime");
        String verbs = Files.readString(port.resolve("ModelRuntime.java"))
                + Files.readString(port.resolve("LoadedModel.java"));
        String page = Files.readString(Path.of("docs/adding-a-runtime.md"));
        assertThat(Pattern.compile("^    (?:default )?[\\w<>]+ (\\w+)\\(", Pattern.MULTILINE).matcher(verbs).results()
                .map(found -> found.group(1))).hasSizeGreaterThan(8)
                .allSatisfy(verb -> assertThat(page).contains("`" + verb + "("));
    }

    @Test
    void tests() throws IOException {
        Set<String> classes;
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            classes = files.map(file -> String.valueOf(file.getFileName()).replace(".java", ""))
                    .collect(Collectors.toSet());
        }
        Set<String> named = new TreeSet<>();
        for (MarkdownPage page : Documentation.pages()) {
            String all = page.prose() + page.fences().stream().map(Fence::text).collect(Collectors.joining());
            TESTS.matcher(all).results().flatMap(found -> Stream.of(found.group(1).split(",", -1)))
                    .map(name -> name.substring(name.lastIndexOf('.') + 1)).forEach(named::add);
        }
        assertThat(named).isNotEmpty();
        named.removeAll(classes);
        assertThat(named).as("there are no such tests").isEmpty();
    }
}
