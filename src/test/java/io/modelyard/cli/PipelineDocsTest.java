package io.modelyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.Shell;
import io.modelyard.Shell.Outcome;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What docs/ci.md tells people to copy can be read by those who are to read it. */
final class PipelineDocsTest {
    private static final Path DOCS = Path.of("docs/ci.md");
    private static final Pattern BLOCK = Pattern.compile("```(\\w+)\n(.*?)```", Pattern.DOTALL);

    @TestFactory
    Stream<DynamicTest> everyJobIsYaml() throws IOException {
        return blocks("yaml").stream().map(block -> DynamicTest.dynamicTest(title(block), () -> {
            Map<?, ?> document = yaml(block);
            // YAML 1.1 takes GitHub's "on" for a truth value.
            assertThat(document.containsKey("jobs") == document.containsKey(true)).isTrue();
            assertThat(scripts(document)).isNotEmpty();
        }));
    }

    @TestFactory
    Stream<DynamicTest> everyScriptIsShell() throws IOException {
        return allScripts().stream().map(script -> DynamicTest.dynamicTest(title(script), () -> {
            Outcome checked = Shell.run(Map.of(), "bash", "-n", "-c", script);
            assertThat(checked.exit()).as(checked.text()).isZero();
        }));
    }

    @Test
    void everyCommandOfModelyardIsOne() throws IOException {
        List<String[]> commands = new ArrayList<>();
        for (String script : allScripts()) {
            if (script.contains("modelyard.jar")) {
                commands.addAll(commands(script));
            }
        }
        assertThat(commands).hasSizeGreaterThanOrEqualTo(2);
        for (String[] command : commands) {
            assertThat(Modelyard.commandLine().parseArgs(command).subcommand().commandSpec().name()).isEqualTo("push");
        }
    }

    /** What the shell itself makes of the lines that start Modelyard; it runs nothing. */
    private static List<String[]> commands(String script) {
        String harmless = """
                          for each in curl apt-get aws tar; do eval "$each() { :; }"; done
                          java() { printf '%s\\n' "$@"; printf '\\0\\n'; }
                          """;
        Outcome printed = Shell
                .run(Map.of("GITHUB_REF_NAME", "churn-7", "CI_COMMIT_TAG", "churn-7", "GITHUB_SHA", "4e1c",
                        "CI_COMMIT_SHA", "4e1c"), "bash", "-c", harmless + script);
        List<String[]> commands = new ArrayList<>();
        for (String command : printed.text().split("\0\n", -1)) {
            List<String> words = command.lines().toList();
            int jar = words.indexOf("modelyard.jar");
            if (jar >= 0) {
                commands.add(words.subList(jar + 1, words.size()).toArray(String[]::new));
            }
        }
        return commands;
    }

    private static List<String> allScripts() throws IOException {
        List<String> scripts = new ArrayList<>(blocks("sh"));
        for (String block : blocks("yaml")) {
            scripts.addAll(scripts(yaml(block)));
        }
        return scripts;
    }

    /** What stands under {@code run} in GitHub's form, and under {@code script} in GitLab's. */
    private static List<String> scripts(Object node) {
        List<String> scripts = new ArrayList<>();
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if ("run".equals(key)) {
                    scripts.add(String.valueOf(value));
                } else if ("script".equals(key)) {
                    ((List<?>) value).forEach(line -> scripts.add(String.valueOf(line)));
                } else {
                    scripts.addAll(scripts(value));
                }
            });
        } else if (node instanceof List<?> list) {
            list.forEach(each -> scripts.addAll(scripts(each)));
        }
        return scripts;
    }

    private static Map<?, ?> yaml(String text) {
        return (Map<?, ?>) new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
    }

    private static List<String> blocks(String language) throws IOException {
        List<String> blocks = BLOCK.matcher(Files.readString(DOCS)).results()
                .filter(block -> block.group(1).equals(language)).map(block -> block.group(2)).toList();
        assertThat(blocks).isNotEmpty();
        return blocks;
    }

    private static String title(String block) {
        return block.lines().findFirst().orElse("");
    }
}
