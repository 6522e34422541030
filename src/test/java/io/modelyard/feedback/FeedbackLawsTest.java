package io.modelyard.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import io.modelyard.database.Database;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** The same feedback in any order, any parts and any number of times gives the same metrics. */
final class FeedbackLawsTest {
    private static @Nullable ApplicationContext context;

    @BeforeContainer
    static void start() throws IOException {
        Path folder = Files.createTempDirectory("modelyard-feedback");
        context = ApplicationContext.run(Map.of("modelyard.data-dir", folder.toString(), "modelyard.store.uri",
                folder.resolve("models").toString(), "micronaut.security.enabled", false,
                // The predictions are of 1970, and the server's own upkeep must not find them old.
                "modelyard.feedback.retention", "36500d", "modelyard.requestlog.url",
                // No flush of the disk: nothing of it is to survive.
                "jdbc:sqlite:" + folder + "/requestlog.db?synchronous=OFF"), Environment.TEST);
    }

    @AfterContainer
    static void stop() {
        if (context != null) {
            context.close();
        }
    }

    @Property(seed = "4711", tries = 25)
    void noOrderAndNoRepetitionChangesTheMetrics(@ForAll("statements") List<StoredFeedback> statements,
            @ForAll Random random) throws Exception {
        List<FeedbackGroup> once = metrics(List.of(statements));
        assertThat(once.stream().mapToLong(group -> group.sums().rows()).sum())
                .isEqualTo(statements.stream().map(StoredFeedback::key).distinct().count());
        List<StoredFeedback> again = new ArrayList<>(statements);
        for (StoredFeedback statement : statements) {
            for (int times = random.nextInt(3); times > 0; times--) {
                again.add(statement);
            }
        }
        Collections.shuffle(again, random);
        List<List<StoredFeedback>> parts = new ArrayList<>();
        for (int from = 0, to; from < again.size(); from = to) {
            to = Math.min(again.size(), from + 1 + random.nextInt(5));
            parts.add(again.subList(from, to));
        }
        assertThat(metrics(parts)).isEqualTo(once);
    }

    /** Of each statement the last that was observed counts. */
    @Property(seed = "4712", tries = 10)
    void whatWasObservedLastCounts(@ForAll("statements") List<StoredFeedback> statements) throws Exception {
        metrics(List.of(statements));
        double expected = statements.stream().map(StoredFeedback::key).distinct()
                .mapToDouble(key -> statements.stream().filter(each -> each.key().equals(key))
                        .max(StoredFeedback.BY_OBSERVATION).orElseThrow().score().reward())
                .sum();
        assertThat(bean(FeedbackMetrics.class).groups(Instant.EPOCH).stream()
                .mapToDouble(group -> group.sums().reward()).sum()).isEqualTo(expected);
    }

    /** Few predictions, rows, times and values, so that many statements meet. Small integers add up exactly. */
    @Provide
    Arbitrary<List<StoredFeedback>> statements() {
        return Combinators.combine(Arbitraries.integers().between(0, 3), Arbitraries.integers().between(-1, 1),
                Arbitraries.of(io.modelyard.feedback.Statement.Kind.values()), Arbitraries.integers().between(0, 3),
                Arbitraries.longs().between(1, 3)).as(FeedbackLawsTest::statement).list().ofMinSize(1).ofMaxSize(30);
    }

    private static StoredFeedback statement(int prediction, int row, io.modelyard.feedback.Statement.Kind kind,
            int value, long observed) {
        return new StoredFeedback("p" + prediction, row, kind, Integer.toString(value), observed, observed, 5, "key",
                Set.of(), 0, new StoredFeedback.Prediction("t", "v" + prediction % 2, "e", "arm" + prediction % 2),
                Score.ofReward(value));
    }

    private static List<FeedbackGroup> metrics(List<List<StoredFeedback>> parts) throws SQLException, IOException {
        try (Connection connection = bean(Database.class).connect();
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM feedback");
        }
        parts.forEach(bean(FeedbackTable.class)::write);
        return bean(FeedbackMetrics.class).groups("t", Instant.EPOCH);
    }

    private static <T> T bean(Class<T> type) {
        if (context == null) {
            throw new IllegalStateException("not started");
        }
        return context.getBean(type);
    }
}
