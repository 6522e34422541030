package io.modelyard.requestlog;

import static io.modelyard.requestlog.Exchanges.NOON;
import static io.modelyard.requestlog.Exchanges.row;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** What every request log does. */
abstract class RequestLogContract {
    /** A log that is empty. */
    abstract RequestLog log();

    @Test
    void aRowIsReadBackAsItWasAppended() {
        LoggedPrediction full = new LoggedPrediction("p-1", "r-1", LoggedPrediction.micros(NOON), "penguins", "2",
                "@champion", "xgboost", "d16e57", "key-1", 422, "invalid_input", "[{\"name\": \"Ångström 🐧\"}]",
                "[0.25]", 3, true, true, "e-1", "b", 1, 2, 3, 4, 11);
        LoggedPrediction bare = new LoggedPrediction("p-2", "r-2", 0, null, null, null, null, null, null, 404,
                "model_not_found", null, null, 0, false, false, null, null, 0, 0, 0, 0, 0);
        log().append(List.of(full, bare));
        assertThat(log().find("p-1")).contains(full);
        assertThat(log().find("p-2")).contains(bare);
        assertThat(log().find("p-3")).isEmpty();
        assertThat(log().query(LogQuery.all(Set.of(), 10)).rows()).containsExactly(full, bare);
    }

    @Test
    void answersAreReadWithoutTheirInputs() {
        log().append(List.of(row("a", 1), row("b", 2, "churn", "2", 422, "k"), row("c", 3)));
        assertThat(log().answers(List.of("b", "a", "none"))).containsExactlyInAnyOrder(
                new LoggedAnswer("a", row("a", 1).atMicros(), "penguins", "1", null, null, 200, "[0.5]", 1),
                new LoggedAnswer("b", row("b", 2).atMicros(), "churn", "2", null, null, 422, "[0.5]", 1));
        assertThat(log().answers(List.of())).isEmpty();
    }

    @Test
    void appendingARowAgainLeavesItAsItIs() {
        log().append(List.of(row("a", 1)));
        log().append(List.of(row("a", 2), row("b", 3)));
        assertThat(ids(LogQuery.all(Set.of(), 10))).containsExactly("b", "a");
        assertThat(log().find("a")).contains(row("a", 1));
    }

    @Test
    void theNewestComesFirstAndTiesGoById() {
        List<LoggedPrediction> rows = new ArrayList<>(
                List.of(row("a", 5), row("b", 7), row("c", 5), row("d", -1), row("e", 7)));
        Collections.shuffle(rows);
        log().append(rows);
        assertThat(ids(LogQuery.all(Set.of(), 10))).containsExactly("e", "b", "c", "a", "d");
    }

    @Test
    void aPageSaysWhereTheNextBegins() {
        log().append(IntStream.range(0, 5).mapToObj(i -> row("p" + i, i / 2)).toList());
        LogQuery query = LogQuery.all(Set.of(), 2);
        LogPage first = log().query(query);
        LogPage second = log().query(query.after(first.next(), 2));
        LogPage third = log().query(query.after(second.next(), 2));
        assertThat(first.rows()).extracting(LoggedPrediction::predictionId).containsExactly("p4", "p3");
        assertThat(second.rows()).extracting(LoggedPrediction::predictionId).containsExactly("p2", "p1");
        assertThat(third.rows()).extracting(LoggedPrediction::predictionId).containsExactly("p0");
        assertThat(third.next()).isNull();
    }

    @Test
    void aPageThatEndsWithTheLastRowIsTheLast() {
        log().append(List.of(row("a", 1), row("b", 2)));
        assertThat(log().query(LogQuery.all(Set.of(), 2)).next()).isNull();
    }

    @Test
    void filtersNarrowTheChoice() {
        log().append(List.of(row("a", 1, "penguins", "1", 200, "k1"), row("b", 2, "penguins", "2", 422, "k2"),
                row("c", 3, "churn", "1", 500, "k1"), row("d", 4, "churn", "1", 200, "k2")));
        assertThat(ids(query(q -> q.type = "penguins"))).containsExactly("b", "a");
        assertThat(ids(query(q -> q.version = "1"))).containsExactly("d", "c", "a");
        assertThat(ids(query(q -> q.status = LogQuery.StatusRange.ERROR))).containsExactly("c", "b");
        assertThat(ids(query(q -> q.status = LogQuery.StatusRange.OK))).containsExactly("d", "a");
        assertThat(ids(query(q -> q.status = new LogQuery.StatusRange(500, 500)))).containsExactly("c");
        assertThat(ids(query(q -> q.keyId = "k1"))).containsExactly("c", "a");
        assertThat(ids(query(q -> q.predictionId = "b"))).containsExactly("b");
        assertThat(ids(query(q -> {
            q.type = "churn";
            q.keyId = "k2";
            q.status = LogQuery.StatusRange.OK;
        }))).containsExactly("d");
    }

    @Test
    void sinceCountsAndUntilDoesNot() {
        log().append(List.of(row("a", 1), row("b", 2), row("c", 3)));
        assertThat(ids(query(q -> q.since = row("b", 2).at()))).containsExactly("c", "b");
        assertThat(ids(query(q -> q.until = row("b", 2).at()))).containsExactly("a");
    }

    @Test
    void aCallerSeesTheRowsOfItsTypesOnly() {
        LoggedPrediction untyped = new LoggedPrediction("u", "r", 1, null, null, null, null, null, null, 404,
                "no_default_type", null, null, 0, false, false, null, null, 0, 0, 0, 0, 0);
        log().append(List.of(row("a", 1, "penguins", "1", 200, "k"), row("b", 2, "churn", "1", 200, "k"),
                row("c", 3, "penguins", "1", 200, "k"), row("d", 4, "fraud", "1", 200, "k"), untyped));
        assertThat(ids(LogQuery.all(Set.of("penguins"), 10))).containsExactly("c", "a");
        assertThat(ids(LogQuery.all(Set.of("penguins", "churn", "none"), 10))).containsExactly("c", "b", "a");
        assertThat(ids(query(q -> {
            q.visible = Set.of("churn");
            q.type = "penguins";
        }))).isEmpty();
    }

    @Test
    void aPageOfLargeRowsEndsEarlyAndSaysThatThereIsMore() {
        String large = "\"" + "x".repeat(1_500_000) + "\"";
        log().append(IntStream.range(0, 6).mapToObj(i -> new LoggedPrediction("p" + i, "r", i, "t", "1", null, "onnx",
                "d", "k", 200, null, large, "[1]", 1, false, false, null, null, 0, 0, 0, 0, 0)).toList());
        List<String> seen = new ArrayList<>();
        LogQuery query = LogQuery.all(Set.of(), 6);
        LogPage page = log().query(query);
        assertThat(page.rows()).hasSizeLessThan(6);
        page.rows().forEach(row -> seen.add(row.predictionId()));
        while (page.next() != null) {
            page = log().query(query.after(page.next(), 6));
            page.rows().forEach(row -> seen.add(row.predictionId()));
        }
        assertThat(seen).containsExactly("p5", "p4", "p3", "p2", "p1", "p0");
    }

    private List<String> ids(LogQuery query) {
        return log().query(query).rows().stream().map(LoggedPrediction::predictionId).toList();
    }

    private static LogQuery query(Consumer<Filters> set) {
        Filters filters = new Filters();
        set.accept(filters);
        return filters.query();
    }

    /** The filters of a query, to be set one by one. */
    static final class Filters {
        Set<String> visible = Set.of();
        @Nullable
        String type;
        @Nullable
        String version;
        LogQuery.@Nullable StatusRange status;
        @Nullable
        Instant since;
        @Nullable
        Instant until;
        @Nullable
        String keyId;
        @Nullable
        String predictionId;
        @Nullable
        LogCursor after;

        LogQuery query() {
            return new LogQuery(new TreeSet<>(visible), type, version, status, since, until, keyId, predictionId, after,
                    10);
        }
    }
}
