package io.modelyard.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.Eventually;
import io.modelyard.Shell;
import io.modelyard.monitoring.Dashboard.Query;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * A real Prometheus scrapes a real server to which everything happens that can, and then each query of each panel has data.
 * The traffic goes on until that is so, at least as long as {@code -Dmodelyard.test.traffic=PT1M} says.
 */
final class DashboardQueriesTest {
    private static final Duration AT_LEAST = Duration.parse(System.getProperty("modelyard.test.traffic", "PT0S"));
    private static final Duration AT_MOST = AT_LEAST.plus(Duration.ofSeconds(60));
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), ?(\\w+)\\)");

    @TempDir
    private Path folder;

    @Test
    void everyQueryOfEveryPanelHasData() throws IOException {
        assumeTrue(Shell.works("prometheus", "--version"), "there is no prometheus here (Debian package prometheus)");
        Instant begin = Instant.now();
        try (Traffic traffic = new Traffic(Files.createDirectory(folder.resolve("server")));
                Prometheus prometheus = Prometheus.start(Files.createDirectory(folder.resolve("prometheus")),
                        traffic.targets(), traffic.reader())) {
            Eventually.isTrue("the server is scraped", () -> !prometheus.now("up == 1").isEmpty());
            List<String> without;
            do {
                traffic.round();
                traffic.withoutTheStore(() -> scrapes(prometheus, 2));
                traffic.withoutRedis(traffic::round);
                scrapes(prometheus, 2);
                without = withoutData(prometheus, begin);
            } while (Instant.now().isBefore(begin.plus(without.isEmpty() ? AT_LEAST : AT_MOST)));
            assertThat(without).as("what has no data").isEmpty();
            for (JsonNode rule : prometheus.rules()) {
                assertThat(rule.path("health").asText()).as(rule.toString()).isEqualTo("ok");
            }
        }
    }

    /** Waits for so many of them. */
    private static void scrapes(Prometheus prometheus, int count) {
        double end = lastScrape(prometheus) + count;
        Eventually.isTrue("the server is scraped", () -> lastScrape(prometheus) >= end);
    }

    private static double lastScrape(Prometheus prometheus) {
        return prometheus.now("max(timestamp(up))").at("/0/value/1").asDouble();
    }

    private static List<String> withoutData(Prometheus prometheus, Instant begin) {
        List<String> without = new ArrayList<>();
        Dashboard.all().forEach(board -> {
            board.queries().stream().filter(query -> Traffic.TYPES.stream().map(DashboardQueriesTest::variables)
                    .noneMatch(values -> hasData(prometheus, query, values, begin))).map(Query::toString)
                    .forEach(without::add);
            for (JsonNode variable : board.variables()) {
                Matcher asked = LABEL_VALUES.matcher(variable.at("/query/query").asText());
                if (asked.matches() && Traffic.TYPES.stream().map(type -> asked.group(1).replace("$type", type))
                        .allMatch(series -> prometheus.labelValues(series, asked.group(2)).isEmpty())) {
                    without.add(board + ", variable " + variable.path("name"));
                }
            }
        });
        return without;
    }

    private static Map<String, String> variables(String type) {
        return Map.of("type", type, "instance", ".+", "version", ".+", "experiment", ".+", "window", "1h",
                "__rate_interval", "10s");
    }

    /** A panel that shows what was has it if there was something at any time. */
    private static boolean hasData(Prometheus prometheus, Query query, Map<String, String> variables, Instant begin) {
        String asked = query.with(variables);
        return query.instant()
                ? hasNumber(prometheus.now(asked), "value")
                : hasNumber(prometheus.range(asked, begin, Instant.now(), STEP), "values");
    }

    private static boolean hasNumber(JsonNode series, String member) {
        return StreamSupport.stream(series.spliterator(), false).map(each -> each.path(member))
                .flatMap(values -> member.equals("value")
                        ? List.of(values).stream()
                        : StreamSupport.stream(values.spliterator(), false))
                .anyMatch(value -> !value.path(1).asText().equals("NaN"));
    }
}
