package io.modelyard.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.modelyard.monitoring.Dashboard.Panel;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The dashboards are what Grafana reads, and can be read by people. */
final class DashboardFilesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WIDTH = 24;
    /** Those of Grafana itself, which need no declaration. */
    private static final Set<String> OWN_VARIABLES = Set.of("__rate_interval", "__range", "__interval");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)}?");
    private static final Pattern SERIES = Pattern
            .compile("\\b(?:\\w+:)?(?:modelyard|jvm|process|system|hikaricp|executor|logback|http_server)_\\w+");
    /** The types of panels by what the schema calls them. */
    private static final Map<String, String> DEFINITIONS = Map.of("timeseries", "TimeSeries", "stat", "Stat",
            "bargauge",
            "BarGauge", "heatmap", "Heatmap", "state-timeline", "StateTimeline", "table", "Table", "row", "Row");

    private static Stream<DynamicTest> each(Consumer<Dashboard> check) {
        return Dashboard.all().map(board -> DynamicTest.dynamicTest(board.toString(), () -> check.accept(board)));
    }

    @TestFactory
    Stream<DynamicTest> grafanasSchemaHolds() throws IOException {
        JsonNode text = JSON.readTree(Files.readString(Path.of("src/test/resources/grafana/dashboard.schema.json")));
        Schema dashboards = schema(text, "ModelyardDashboard");
        return each(board -> {
            List<String> complaints = new ArrayList<>();
            for (Panel panel : board.panels()) {
                assertThat(DEFINITIONS).as("the type of %s", panel).containsKey(panel.type());
                String definition = DEFINITIONS.getOrDefault(panel.type(), "");
                // By its own definition first: what the schema says of a panel that may be of any type is long.
                schema(text, definition).validate(panel.json()).forEach(error -> complaints.add(panel + ": " + error));
            }
            assertThat(complaints).isEmpty();
            assertThat(dashboards.validate(board.json())).isEmpty();
        });
    }

    private static Schema schema(JsonNode text, String definition) {
        JsonNode part = text.deepCopy();
        ((ObjectNode) part).put("$ref", "#/definitions/" + definition);
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(part);
    }

    @Test
    void theSchemaRefusesWhatIsWrong() throws IOException {
        JsonNode text = JSON.readTree(Files.readString(Path.of("src/test/resources/grafana/dashboard.schema.json")));
        Dashboard board = Dashboard.all().findFirst().orElseThrow();
        JsonNode wrong = board.json().deepCopy();
        ((ObjectNode) wrong.at("/panels/1/gridPos")).put("width", 3);
        assertThat(schema(text, "ModelyardDashboard").validate(wrong)).isNotEmpty();
    }

    @TestFactory
    Stream<DynamicTest> panelsAreToldApartAndDoNotOverlap() {
        return each(board -> {
            List<Panel> panels = board.panels();
            assertThat(panels.stream().map(Panel::id).toList()).doesNotHaveDuplicates().allMatch(id -> id > 0);
            assertThat(panels.stream().map(panel -> panel.type() + " " + panel).toList()).doesNotHaveDuplicates();
            for (Panel panel : panels) {
                JsonNode place = panel.json().path("gridPos");
                assertThat(place.path("x").asInt() + place.path("w").asInt()).as("%s", panel)
                        .isLessThanOrEqualTo(WIDTH);
                assertThat(place.path("w").asInt() * place.path("h").asInt()).as("%s", panel).isPositive();
                assertThat(panels.stream().filter(other -> other.id() < panel.id() && other.overlaps(panel)))
                        .as("what %s overlaps with", panel).isEmpty();
                assertThat(panel.queries().stream().map(Dashboard.Query::refId).toList()).as("%s", panel)
                        .doesNotHaveDuplicates();
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> everyPanelSaysWhatItShowsAndInWhichUnit() {
        return each(board -> {
            for (Panel panel : board.panels()) {
                if (!panel.isRow()) {
                    assertThat(panel.json().path("description").asText()).as("description of %s", panel)
                            .hasSizeGreaterThan(20);
                    assertThat(unit(panel)).as("unit of %s", panel).isNotBlank();
                    assertThat(panel.queries()).as("queries of %s", panel).isNotEmpty();
                }
            }
        });
    }

    /** Of a heatmap it is that of the axis; its cells are counts. */
    private static String unit(Panel panel) {
        return panel.json().at(panel.type().equals("heatmap") ? "/options/yAxis/unit" : "/fieldConfig/defaults/unit")
                .asText();
    }

    @TestFactory
    Stream<DynamicTest> theDataSourceIsAVariableAndVariablesAreDeclaredAndUsed() {
        return each(board -> {
            Set<String> declared = board.variables().stream().map(each -> each.path("name").asText())
                    .collect(Collectors.toSet());
            Set<String> used = VARIABLE.matcher(board.json().toString()).results().map(found -> found.group(1))
                    .filter(name -> !OWN_VARIABLES.contains(name) && !name.startsWith("__"))
                    .collect(Collectors.toSet());
            assertThat(used).containsExactlyInAnyOrderElementsOf(declared).contains("datasource", "instance");
            for (JsonNode place : board.json().findValues("datasource")) {
                assertThat(place.path("uid").asText()).isEqualTo("${datasource}");
            }
        });
    }

    @Test
    void theDashboardsLeadToEachOtherAndNowhereElse() {
        List<Dashboard> boards = Dashboard.all().toList();
        List<String> uids = boards.stream().map(Dashboard::uid).toList();
        assertThat(uids).doesNotHaveDuplicates().hasSize(5);
        for (Dashboard board : boards) {
            String text = board.json().toString();
            assertThat(text).as("%s", board).doesNotContain("http://", "https://");
            Set<String> leadsTo = new HashSet<>(
                    Pattern.compile("\"/d/([\\w-]+)").matcher(text).results().map(link -> link.group(1)).toList());
            assertThat(uids).as("%s", board).containsAll(leadsTo);
            Set<String> others = new HashSet<>(uids);
            others.remove(board.uid());
            assertThat(leadsTo).as("%s", board).containsAll(others);
        }
    }

    /** What nobody describes cannot be understood. */
    @Test
    void everySeriesThatIsAskedForIsDocumented() throws IOException {
        Set<String> described = described();
        Set<String> asked = Dashboard.all().flatMap(board -> board.queries().stream())
                .flatMap(query -> SERIES.matcher(query.expression()).results()).map(MatchResult::group)
                .map(name -> name.replaceFirst("_(bucket|count|sum|max)$", "")).collect(Collectors.toSet());
        assertThat(asked).isNotEmpty();
        asked.removeAll(described);
        assertThat(asked).as("series that docs/metrics.md does not tell of").isEmpty();
    }

    /** All names in the table of series, where {@code `a_b` · `_c`} stands for {@code a_b} and {@code a_c}. */
    private static Set<String> described() throws IOException {
        Set<String> names = new HashSet<>();
        for (String line : Files.readAllLines(Path.of("docs/metrics.md"))) {
            String cell = line.startsWith("| `") ? line.substring(1, line.indexOf('|', 1)) : "";
            List<String> words = Pattern.compile("`(\\w+)`").matcher(cell).results().map(word -> word.group(1))
                    .toList();
            for (String word : words) {
                String first = words.getFirst();
                names.add(word);
                for (int end = first.length(); word.startsWith("_") && end > 0; end = first.lastIndexOf('_', end - 1)) {
                    names.add(first.substring(0, end) + word);
                }
            }
        }
        return names;
    }

    @Test
    void grafanaFindsThemAndTheirData() {
        JsonNode provider = Yaml.read(Path.of("grafana/provisioning/dashboards/modelyard.yml")).at("/providers/0");
        assertThat(provider.path("type").asText()).isEqualTo("file");
        assertThat(provider.at("/options/path").asText()).isEqualTo("/var/lib/grafana/dashboards");
        JsonNode source = Yaml.read(Path.of("grafana/provisioning/datasources/prometheus.yml")).at("/datasources/0");
        assertThat(source.path("type").asText()).isEqualTo("prometheus");
        String interval = Yaml.read(Path.of("prometheus/prometheus.yml")).at("/global/scrape_interval").asText();
        // From it Grafana makes $__rate_interval.
        assertThat(source.at("/jsonData/timeInterval").asText()).isEqualTo(interval);
        Dashboard.all().forEach(board -> assertThat(board.variables().getFirst().at("/current/value").asText())
                .isEqualTo(source.path("uid").asText()));
    }
}
