package io.modelyard.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.KnownProperties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** docs/configuration.md has every property that there is, with its default, and no other; other pages name none that there is not. */
final class ConfigurationPageTest {
    private static final String PAGE = "docs/configuration.md";
    private static final Pattern NAME = Pattern
            .compile("(?<![\\w.])modelyard(?:\\.[a-z0-9]++(?:-[a-z0-9]++)*+)++(?!_)");
    private static final Pattern SHORT = Pattern.compile("\\$\\{([A-Z][A-Z_]+):");
    /** What the sources set for themselves. */
    private static final Set<String> INTERNAL = Set.of("modelyard.registry.watch", "modelyard.access.limits",
            "modelyard.http.access-log", "modelyard.predictioncache.redis");

    /** Each property that the application reads, with its default where the class that reads it states one. */
    private static final Map<String, String> REAL = new TreeMap<>();
    private static String page = "";

    @BeforeAll
    static void read() throws IOException {
        page = Files.readString(Path.of(PAGE));
        KnownProperties.all().forEach((name, stated) -> {
            if (name.startsWith("modelyard.")) {
                REAL.put(name, stated);
            }
        });
        assertThat(REAL).as("what the compiler wrote down").hasSizeGreaterThan(50);
        Map<?, ?> file = new Yaml(new SafeConstructor(new LoaderOptions()))
                .load(Files.readString(Path.of("src/main/resources/application.yml")));
        collect("modelyard", Objects.requireNonNull(file.get("modelyard")));
        REAL.keySet().removeAll(INTERNAL);
    }

    /** What the application's own file sets. */
    private static void collect(String name, Object value) {
        if (value instanceof Map<?, ?> members) {
            members.forEach((key, member) -> collect(name + "." + key, member));
        } else {
            REAL.putIfAbsent(name, "");
        }
    }

    @Test
    void hasEveryProperty() {
        assertThat(rows().keySet()).containsAll(REAL.keySet());
    }

    @Test
    void hasNoPropertyThatThereIsNot() {
        assertThat(REAL.keySet()).containsAll(rows().keySet());
    }

    @Test
    void saysTheirDefaults() {
        List<String> wrong = new ArrayList<>();
        rows().forEach((name, said) -> {
            String real = plain(REAL.getOrDefault(name, ""));
            if (!real.isEmpty() && !plain(said).equals(real)) {
                wrong.add(name + " is " + real + " by default, and the page says " + said);
            }
        });
        assertThat(wrong).isEmpty();
    }

    @Test
    void hasEveryShortVariable() throws IOException {
        List<String> names = SHORT.matcher(Files.readString(Path.of("src/main/resources/application.yml"))).results()
                .map(found -> found.group(1)).toList();
        assertThat(names).isNotEmpty().allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    }

    @Test
    void otherPagesNameNoneThatThereIsNot() throws IOException {
        String sources = String.join("\n", Documentation.sources(Path.of("src")));
        Set<String> unknown = new TreeSet<>();
        for (MarkdownPage each : Documentation.pages()) {
            String text = each.prose() + each.fences().stream().map(Fence::text).collect(Collectors.joining());
            NAME.matcher(text).results().map(found -> found.group()).filter(name -> !isKnown(name, sources))
                    .forEach(name -> unknown.add(each.name() + ": " + name));
        }
        assertThat(unknown).isEmpty();
    }

    /** A property, what several have in common, a file of the build, a switch of a test, or an attribute of a span. */
    private static boolean isKnown(String name, String sources) {
        return REAL.containsKey(name) || INTERNAL.contains(name)
                || Set.of("modelyard.jar", "modelyard.aot", "modelyard.key", "modelyard.api-key").contains(name)
                || REAL.keySet().stream().anyMatch(each -> each.startsWith(name + "."))
                || name.matches("modelyard\\.[a-z]+\\.(com|org)") || sources.contains('"' + name + '"')
                || sources.contains('"' + name + '.');
    }

    /** Properties of Modelyard's own that have a row, with what it says of their default. */
    private static Map<String, String> rows() {
        Map<String, String> rows = new TreeMap<>();
        int column = 0;
        for (String line : page.lines().filter(each -> each.startsWith("|")).toList()) {
            List<String> cells = Stream.of(line.split("\\|", -1)).map(String::strip).toList();
            column = cells.contains("default") ? cells.indexOf("default") : column;
            String name = cells.get(1).replace("`", "");
            if (NAME.matcher(name).matches()) {
                rows.put(name, cells.get(column));
            }
        }
        return rows;
    }

    private static String plain(String value) {
        return value.replaceAll("[`, ]", "").replace("<data-dir>", ".modelyard").toLowerCase(Locale.ROOT);
    }
}
