package io.modelyard.requestlog;

import static io.modelyard.requestlog.Exchanges.row;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The law of the cursor. */
final class LogPagingTest {
    @SuppressWarnings("NullAway.Init")
    private static Path folder;
    @SuppressWarnings("NullAway.Init")
    private static LogServer server;

    @BeforeContainer
    static void start() throws IOException {
        folder = Files.createTempDirectory("modelyard-paging");
        server = LogServer.start(folder, Map.of());
    }

    @AfterContainer
    static void stop() throws IOException {
        server.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** A page of so many rows, and the rows that arrive before the next. */
    record Turn(int limit, List<Integer> arriving) {}

    @Provide
    Arbitrary<List<Integer>> times() {
        // Few different times, so that ties are common.
        return Arbitraries.integers().between(0, 12).list().ofMaxSize(25);
    }

    @Provide
    Arbitrary<List<Turn>> turns() {
        return Combinators.combine(Arbitraries.integers().between(1, 6),
                Arbitraries.integers().between(0, 14).list().ofMaxSize(4)).as(Turn::new).list().ofMinSize(1)
                .ofMaxSize(8);
    }

    @Property(seed = "2611", tries = 150)
    void everyOldRowComesExactlyOnceWhateverArrivesMeanwhile(@ForAll("times") List<Integer> old,
            @ForAll("turns") List<Turn> turns) throws SQLException {
        clear();
        Set<String> oldIds = append("old", old);
        List<LoggedPrediction> seen = new ArrayList<>();
        LogQuery query = LogQuery.all(Set.of(), 1);
        @Nullable
        LogCursor cursor = null;
        int turn = 0;
        do {
            Turn current = turns.get(turn % turns.size());
            LogPage page = server.log().query(query.after(cursor, current.limit()));
            seen.addAll(page.rows());
            cursor = page.next();
            // What arrives stops some time, or the last page would be overtaken for ever.
            if (turn < turns.size()) {
                append("new" + turn, current.arriving());
            }
            turn++;
        } while (cursor != null);
        List<String> ids = seen.stream().map(LoggedPrediction::predictionId).toList();
        assertThat(ids).doesNotHaveDuplicates().containsAll(oldIds);
        assertThat(seen).isSortedAccordingTo(Comparator.comparingLong(LoggedPrediction::atMicros)
                .thenComparing(LoggedPrediction::predictionId).reversed());
    }

    private static Set<String> append(String prefix, List<Integer> times) {
        List<LoggedPrediction> rows = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < times.size(); i++) {
            // Ids in an order of their own, as those of several servers are.
            String id = Integer.toHexString((prefix + i).hashCode()) + prefix + i;
            rows.add(row(id, times.get(i)));
            ids.add(id);
        }
        server.log().append(rows);
        return ids;
    }

    private static void clear() throws SQLException {
        // The first query makes the table.
        server.log().query(LogQuery.all(Set.of(), 1));
        try (Connection connection = server.connect(); Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM prediction_log");
        }
    }
}
