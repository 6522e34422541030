package io.modelyard.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.env.Environment;
import io.modelyard.SettableClock;
import io.modelyard.database.Database;
import io.modelyard.model.Caller;
import io.modelyard.model.Experiment;
import io.modelyard.requestlog.LoggedPrediction;
import io.modelyard.requestlog.RequestLog;
import jakarta.inject.Singleton;
import org.assertj.core.api.ThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** What becomes of feedback that is early, and of feedback that is old. */
final class PendingFeedbackTest {
    private static final String SPEC = "PendingFeedbackTest";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static ApplicationContext context;

    private final Instant now = clock().instant();
    private final long forgotten = context.getBean(FeedbackStats.class).forgotten();

    @BeforeAll
    static void start() {
        context = ApplicationContext.run(Map.of("modelyard.data-dir", folder.toString(), "modelyard.store.uri",
                folder.resolve("models").toString(), "micronaut.security.enabled", false, "spec.name", SPEC,
                "modelyard.requestlog.retention", "36500d"), Environment.TEST);
    }

    @BeforeEach
    void empty() throws SQLException, IOException {
        try (Connection connection = context.getBean(Database.class).connect();
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM feedback");
            statement.execute("DELETE FROM prediction_log");
        }
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    @Test
    void itIsScoredWhenThePredictionIsThere() {
        String id = id(now, 1);
        assertThat(take(id, "{\"outcome\": 3}", Set.of())).isInstanceOfSatisfying(FeedbackResult.Taken.class,
                taken -> assertThat(taken.pending()).isEqualTo(1));
        assertThat(sums()).isEqualTo(FeedbackSums.NONE);
        log(id, 200, 1, "[5]");
        assertThat(resolve()).isEqualTo(1);
        assertThat(sums().rmse().orElseThrow()).isEqualTo(2);
        assertThat(resolve()).isZero();
    }

    @Test
    void ofPredictionsThatNeverComeItIsLetGo() {
        String id = id(now, 1);
        take(id, "{\"outcome\": 3}", Set.of());
        clock().advance(Duration.ofMinutes(14));
        assertThat(resolve()).isZero();
        assertThat(context.getBean(FeedbackStats.class).forgotten() - forgotten).isZero();
        clock().advance(Duration.ofMinutes(2));
        resolve();
        assertThat(context.getBean(FeedbackStats.class).forgotten() - forgotten).isEqualTo(1);
        log(id, 200, 1, "[5]");
        assertThat(resolve()).isZero();
        assertThat(take(id, "{\"outcome\": 3}", Set.of())).as("late, and not early")
                .isInstanceOfSatisfying(FeedbackResult.Taken.class, taken -> assertThat(taken.scored()).isEqualTo(1));
    }

    @Test
    void ofAPredictionThatFailedOrIsNoneOfTheCallersItIsLetGo() {
        take(id(now, 1), "{\"outcome\": 3}", Set.of());
        take(id(now, 2), "{\"outcome\": 3}", Set.of("other", "another"));
        log(id(now, 1), 422, 1, null);
        log(id(now, 2), 200, 1, "[5]");
        resolve();
        assertThat(context.getBean(FeedbackStats.class).forgotten() - forgotten).isEqualTo(2);
        assertThat(sums()).isEqualTo(FeedbackSums.NONE);
    }

    @Test
    void whatDoesNotFitThePredictionIsKeptWithoutAScore() {
        take(id(now, 1), "{\"outcomes\": [1, 2, 3]}", Set.of());
        take(id(now, 2), "{\"outcome\": 3}", Set.of());
        take(id(now, 3), "{\"outcome\": 3, \"row\": 2}", Set.of());
        for (int i = 1; i <= 3; i++) {
            log(id(now, i), 200, 2, "[5, 6]");
        }
        assertThat(resolve()).isEqualTo(5);
        assertThat(sums().rows()).isEqualTo(5);
        assertThat(sums().unscored()).isEqualTo(5);
    }

    @Test
    void aLaterCorrectionThatIsEarlyTooCounts() {
        String id = id(now, 1);
        take(id, "{\"outcome\": 3, \"observed_at\": \"" + now.minusSeconds(3600) + "\"}", Set.of());
        take(id, "{\"outcome\": 4, \"observed_at\": \"" + now.minusSeconds(60) + "\"}", Set.of());
        take(id, "{\"outcome\": 3, \"observed_at\": \"" + now.minusSeconds(3600) + "\"}", Set.of());
        log(id, 200, 1, "[5]");
        resolve();
        assertThat(sums().numbers()).isEqualTo(1);
        assertThat(sums().rmse().orElseThrow()).isEqualTo(1);
    }

    @Test
    void manyThatWaitAreAllLookedAt() {
        for (int i = 0; i < 130; i++) {
            take(id(now, i), "{\"reward\": 1}", Set.of());
        }
        log(id(now, 0), 200, 1, "[5]");
        log(id(now, 129), 200, 1, "[5]");
        assertThat(resolve()).isEqualTo(2);
    }

    @Test
    void predictionsThatWereTooLargeToKeepCannotBeScored() {
        String id = id(now, 1);
        log(id, 200, 1, null);
        assertThat(take(id, "{\"outcome\": 3}", Set.of())).isInstanceOfSatisfying(FeedbackResult.Taken.class,
                taken -> assertThat(taken.reasons()).containsExactly("predictions_not_kept"));
        assertThat(take(id, "{\"reward\": 3}", Set.of())).isInstanceOfSatisfying(FeedbackResult.Taken.class,
                taken -> assertThat(taken.scored()).isEqualTo(1));
    }

    @Test
    void feedbackLeavesByTheAgeOfItsPrediction() {
        FeedbackTable table = context.getBean(FeedbackTable.class);
        log(id(now, 1), 200, 1, "[5]");
        take(id(now, 1), "{\"outcome\": 3}", Set.of());
        assertThat(table.deleteBefore(Predictions.micros(now))).isZero();
        assertThat(table.deleteBefore(Predictions.micros(now.plusSeconds(1)))).isEqualTo(1);
        assertThat(sums()).isEqualTo(FeedbackSums.NONE);
    }

    @Test
    void metricsAreOfThePredictionsOfTheirTime() {
        log(id(now, 1), 200, 1, "[5]");
        take(id(now, 1), "{\"outcome\": 3}", Set.of());
        FeedbackMetrics metrics = context.getBean(FeedbackMetrics.class);
        assertThat(metrics.byVersion("t", now)).containsOnlyKeys("v");
        assertThat(metrics.byVersion("t", now.plusSeconds(1))).isEmpty();
        assertThat(metrics.byVersion("other", now)).isEmpty();
        Experiment.Arm arm = new Experiment.Arm("a", "v", 1, now);
        assertThat(metrics.ofArm("t", "e", arm).rows()).isEqualTo(1);
        assertThat(metrics.ofArm("t", "ended", arm)).isEqualTo(FeedbackSums.NONE);
        context.getBean(FeedbackSummary.class).refresh();
        assertThat(context.getBean(FeedbackSummary.class).of(FeedbackSummary.Window.HOUR)).hasSize(1);
        clock().advance(Duration.ofMinutes(61));
        context.getBean(FeedbackSummary.class).refresh();
        assertThat(context.getBean(FeedbackSummary.class).of(FeedbackSummary.Window.HOUR)).isEmpty();
        assertThat(context.getBean(FeedbackSummary.class).of(FeedbackSummary.Window.DAY)).hasSize(1);
    }

    @Test
    void nonsenseIsRefusedWithTheNameOfTheProperty() {
        Duration some = Duration.ofSeconds(1);
        Map<String, ThrowableAssert.ThrowingCallable> wrong = Map.of(
                "retention", () -> new FeedbackConfiguration(Duration.ZERO, 1, 1_000, some, some),
                "max-rows", () -> new FeedbackConfiguration(null, 0, 1_000, some, some),
                "max-bytes", () -> new FeedbackConfiguration(null, 1, 10, some, some),
                "patience", () -> new FeedbackConfiguration(null, 1, 1_000, Duration.ZERO, some),
                "refresh", () -> new FeedbackConfiguration(null, 1, 1_000, some, some.negated()));
        wrong.forEach((property, made) -> assertThatThrownBy(made)
                .hasMessageContaining("modelyard.feedback." + property + " is "));
    }

    /** The upkeep of this test is the test. */
    @Singleton
    @Replaces(FeedbackUpkeep.class)
    @Requires(property = "spec.name", value = SPEC)
    static final class NoUpkeep {}

    @Singleton
    @Replaces(Clock.class)
    @Requires(property = "spec.name", value = SPEC)
    static final class StandingClock extends Clock {
        private final SettableClock clock = new SettableClock(Instant.parse("2026-11-20T12:00:00Z"));

        @Override
        public Instant instant() {
            return clock.instant();
        }

        @Override
        public ZoneId getZone() {
            return clock.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private static SettableClock clock() {
        return ((StandingClock) context.getBean(Clock.class)).clock;
    }

    private FeedbackResult take(String id, String body, Set<String> types) {
        FeedbackItem item = new FeedbackReader(context.getBean(FeedbackConfiguration.class)).one(id,
                body.getBytes(StandardCharsets.UTF_8));
        return context.getBean(FeedbackIntake.class).take(List.of(item), new Caller("key", Set.of(), types))
                .getFirst();
    }

    private int resolve() {
        return context.getBean(PendingFeedback.class).resolve();
    }

    private FeedbackSums sums() {
        return context.getBean(FeedbackMetrics.class).byVersion("t", Instant.EPOCH).getOrDefault("v",
                FeedbackSums.NONE);
    }

    private void log(String id, int status, int rows, @Nullable String predictions) {
        context.getBean(RequestLog.class)
                .append(List.of(new LoggedPrediction(id, "r", Predictions.micros(now), "t", "v", null, "onnx", "d",
                        "key", status, null, null, predictions, rows, false, false, "e", "a", 0, 0, 0, 0, 0)));
    }

    /** An id of that time. */
    private static String id(Instant at, int number) {
        return new UUID(at.toEpochMilli() << 16 | 0x7000L, 0x8000000000000000L | number).toString();
    }
}
