package io.modelyard.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.Shell;
import io.modelyard.Shell.Outcome;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Prometheus takes what {@code prometheus/} holds, and every alert was seen to fire and seen not to. */
final class AlertRulesTest {
    private static final Path GUIDE = Path.of("docs/monitoring.md");
    /** How a test file asks whether an alert fires. */
    private static final Pattern FIRES = Pattern.compile("ALERTS\\{alertname=\"(\\w+)\", ?alertstate=\"firing\"}");

    @Test
    void prometheusTakesConfigurationAndRules() {
        promtool("check", "config", "--syntax-only", "prometheus/prometheus.yml");
        promtool(with(List.of("check", "rules"), Yaml.files("prometheus/rules", ".yml")));
    }

    @Test
    void theRulesDoWhatTheirTestsSay() {
        promtool(with(List.of("test", "rules"), Yaml.files("prometheus/tests", ".yml")));
    }

    @Test
    void everyAlertHasATestInWhichItFiresAndOneInWhichItDoesNot() {
        Set<String> fire = new HashSet<>();
        Set<String> rest = new HashSet<>();
        for (Path file : Yaml.files("prometheus/tests", ".yml")) {
            for (JsonNode test : Yaml.read(file).path("tests")) {
                for (JsonNode asked : test.path("promql_expr_test")) {
                    Matcher alert = FIRES.matcher(asked.path("expr").asText());
                    if (alert.matches()) {
                        (asked.path("exp_samples").isEmpty() ? rest : fire).add(alert.group(1));
                    }
                }
            }
        }
        List<String> names = alerts().stream().map(alert -> alert.path("alert").asText()).toList();
        assertThat(names).doesNotHaveDuplicates();
        assertThat(fire).as("alerts with a test in which they fire").containsExactlyInAnyOrderElementsOf(names);
        assertThat(rest).as("alerts with a test in which they do not").containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void everyAlertSaysHowBadItIsAndWhatToDo() throws IOException {
        Set<String> headings = Files.readString(GUIDE).lines().filter(line -> line.startsWith("#"))
                .map(AlertRulesTest::anchor).collect(Collectors.toSet());
        for (JsonNode alert : alerts()) {
            String name = alert.path("alert").asText();
            assertThat(alert.path("labels").path("severity").asText()).as(name).isIn("critical", "warning");
            assertThat(alert.path("annotations").path("summary").asText()).as(name).isNotBlank().doesNotContain("\n");
            assertThat(alert.path("annotations").path("description").asText()).as(name).hasSizeGreaterThan(60);
            String link = alert.path("annotations").path("runbook_url").asText();
            assertThat(link).as(name).startsWith(GUIDE + "#");
            assertThat(headings).as(name + " links to " + link).contains(link.substring(link.indexOf('#') + 1));
        }
    }

    private static List<JsonNode> alerts() {
        List<JsonNode> alerts = new ArrayList<>();
        for (Path file : Yaml.files("prometheus/rules", ".yml")) {
            for (JsonNode group : Yaml.read(file).path("groups")) {
                StreamSupport.stream(group.path("rules").spliterator(), false).filter(rule -> rule.has("alert"))
                        .forEach(alerts::add);
            }
        }
        assertThat(alerts).isNotEmpty();
        return alerts;
    }

    /** As GitHub makes it of a heading. */
    private static String anchor(String heading) {
        return heading.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ',
                '-');
    }

    private static List<String> with(List<String> words, List<Path> files) {
        List<String> all = new ArrayList<>(words);
        files.forEach(file -> all.add(file.toString()));
        return all;
    }

    private static void promtool(String... words) {
        promtool(List.of(words));
    }

    private static void promtool(List<String> words) {
        assumeTrue(Shell.works("promtool", "--version"), "there is no promtool here (Debian package prometheus)");
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(words);
        Outcome outcome = Shell.run(Map.of(), command.toArray(String[]::new));
        assertThat(outcome.exit()).as("%s: %s", command, outcome.text()).isZero();
    }
}
