package io.modelyard.requestlog;

import static io.modelyard.requestlog.Exchanges.NOON;
import static io.modelyard.requestlog.Exchanges.row;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** How SQLite goes about each query. */
final class LogSelectTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static LogServer server;

    @BeforeAll
    static void start() {
        server = LogServer.start(folder, Map.of());
        server.log().append(List.of(row("a", 1)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void everyCombinationOfFiltersIsAnsweredByAnIndexWithoutSorting() throws SQLException {
        for (int choice = 0; choice < 1 << 8; choice++) {
            for (Set<String> visible : List.of(Set.<String>of(), Set.of("t"), Set.of("t", "u", "v"))) {
                LogQuery query = new LogQuery(new TreeSet<>(visible), has(choice, 0) ? "t" : null,
                        has(choice, 1) ? "1" : null,
                        has(choice, 2) ? LogQuery.StatusRange.ERROR : has(choice, 7) ? LogQuery.StatusRange.OK : null,
                        has(choice, 3) ? NOON : null, has(choice, 4) ? NOON : null, has(choice, 5) ? "k" : null, null,
                        has(choice, 6) ? new LogCursor(5, "p") : null, 100);
                List<String> plan = plan(query);
                assertThat(plan).as(query.toString()).noneMatch(step -> step.contains("TEMP B-TREE"))
                        .anyMatch(step -> step.contains("prediction_log"))
                        .filteredOn(step -> step.contains("prediction_log"))
                        .allMatch(step -> step.contains("USING INDEX"));
            }
        }
    }

    @Test
    void eachFilterHasTheIndexThatWasMadeForIt() throws SQLException {
        RequestLogContract.Filters filters = new RequestLogContract.Filters();
        assertThat(plan(filters.query())).containsExactly("SCAN prediction_log USING INDEX prediction_log_at");
        filters.status = LogQuery.StatusRange.ERROR;
        assertThat(plan(filters.query())).containsExactly("SCAN prediction_log USING INDEX prediction_log_errors");
        filters.after = new LogCursor(5, "p");
        filters.status = null;
        assertThat(plan(filters.query())).containsExactly(
                "SEARCH prediction_log USING INDEX prediction_log_at ((at_micros,prediction_id)<(?,?))");
        filters.keyId = "k";
        assertThat(plan(filters.query())).singleElement().asString().contains("prediction_log_key (key_id=?");
        filters.keyId = null;
        filters.type = "t";
        assertThat(plan(filters.query())).singleElement().asString().contains("prediction_log_type (model_type=?");
        filters.type = null;
        filters.visible = Set.of("t", "u");
        assertThat(plan(filters.query())).contains("MERGE (UNION ALL)")
                .filteredOn(step -> step.contains("prediction_log_type (model_type=?")).hasSize(2);
        filters.visible = Set.of();
        filters.predictionId = "p";
        assertThat(plan(filters.query())).singleElement().asString().contains("(prediction_id=?)");
    }

    private static boolean has(int choice, int bit) {
        return (choice >> bit & 1) == 1;
    }

    private static List<String> plan(LogQuery query) throws SQLException {
        LogSelect select = LogSelect.of(query);
        List<String> steps = new ArrayList<>();
        try (Connection connection = server.connect();
                PreparedStatement statement = connection.prepareStatement("EXPLAIN QUERY PLAN " + select.sql())) {
            select.bind(statement);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    steps.add(result.getString("detail"));
                }
            }
        }
        return steps;
    }
}
