package io.modelyard.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.env.Environment;
import io.modelyard.SettableClock;
import io.modelyard.model.Caller;
import io.modelyard.requestlog.LoggedPrediction;
import io.modelyard.requestlog.RequestLog;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** What becomes of feedback that is early, and of feedback that is old. */
final class PendingFeedbackTest {
    private static final String SPEC = "PendingFeedbackTest";
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private ApplicationContext context;

    @BeforeEach
    void start() {
        context = start(Map.of());
    }

    @AfterEach
    void stop() {
        context.close();
    }

    @Test
    void itIsScoredWhenThePredictionIsThere() {
        String id = id(NOW, 1);
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
        String id = id(NOW, 1);
        take(id, "{\"outcome\": 3}", Set.of());
        clock().advance(Duration.ofMinutes(14));
        assertThat(resolve()).isZero();
        assertThat(context.getBean(FeedbackStats.class).forgotten()).isZero();
        clock().advance(Duration.ofMinutes(2));
        resolve();
        assertThat(context.getBean(FeedbackStats.class).forgotten()).isEqualTo(1);
        log(id, 200, 1, "[5]");
        assertThat(resolve()).isZero();
        assertThat(take(id, "{\"outcome\": 3}", Set.of())).isInstanceOf(FeedbackResult.Taken.class);
    }

    @Test
    void ofAPredictionThatFailedOrIsNoneOfTheCallersItIsLetGo() {
        take(id(NOW, 1), "{\"outcome\": 3}", Set.of());
        take(id(NOW, 2), "{\"outcome\": 3}", Set.of("other", "another"));
        log(id(NOW, 1), 422, 1, null);
        log(id(NOW, 2), 200, 1, "[5]");
        resolve();
        assertThat(context.getBean(FeedbackStats.class).forgotten()).isEqualTo(2);
        assertThat(sums()).isEqualTo(FeedbackSums.NONE);
    }

    @Test
    void whatDoesNotFitThePredictionIsKeptWithoutAScore() {
        take(id(NOW, 1), "{\"outcomes\": [1, 2, 3]}", Set.of());
        take(id(NOW, 2), "{\"outcome\": 3}", Set.of());
        take(id(NOW, 3), "{\"outcome\": 3, \"row\": 2}", Set.of());
        for (int i = 1; i <= 3; i++) {
            log(id(NOW, i), 200, 2, "[5, 6]");
        }
        assertThat(resolve()).isEqualTo(5);
        assertThat(sums().rows()).isEqualTo(5);
        assertThat(sums().unscored()).isEqualTo(5);
    }

    @Test
    void aLaterCorrectionThatIsEarlyTooCounts() {
        String id = id(NOW, 1);
        take(id, "{\"outcome\": 3, \"observed_at\": \"2026-11-20T11:00:00Z\"}", Set.of());
        take(id, "{\"outcome\": 4, \"observed_at\": \"2026-11-20T11:30:00Z\"}", Set.of());
        take(id, "{\"outcome\": 3, \"observed_at\": \"2026-11-20T11:00:00Z\"}", Set.of());
        log(id, 200, 1, "[5]");
        resolve();
        assertThat(sums().numbers()).isEqualTo(1);
        assertThat(sums().rmse().orElseThrow()).isEqualTo(1);
    }

    @Test
    void manyThatWaitAreAllLookedAt() {
        for (int i = 0; i < 130; i++) {
            take(id(NOW, i), "{\"reward\": 1}", Set.of());
        }
        log(id(NOW, 0), 200, 1, "[5]");
        log(id(NOW, 129), 200, 1, "[5]");
        assertThat(resolve()).isEqualTo(2);
    }

    @Test
    void predictionsThatWereTooLargeToKeepCannotBeScored() {
        String id = id(NOW, 1);
        log(id, 200, 1, null);
        assertThat(take(id, "{\"outcome\": 3}", Set.of())).isInstanceOfSatisfying(FeedbackResult.Taken.class,
                taken -> assertThat(taken.reasons()).containsExactly("predictions_not_kept"));
        assertThat(take(id, "{\"reward\": 3}", Set.of())).isInstanceOfSatisfying(FeedbackResult.Taken.class,
                taken -> assertThat(taken.scored()).isEqualTo(1));
    }

    @Test
    void feedbackLeavesByTheAgeOfItsPrediction() {
        FeedbackTable table = context.getBean(FeedbackTable.class);
        log(id(NOW, 1), 200, 1, "[5]");
        take(id(NOW, 1), "{\"outcome\": 3}", Set.of());
        assertThat(table.deleteBefore(Predictions.micros(NOW))).isZero();
        assertThat(table.deleteBefore(Predictions.micros(NOW.plusSeconds(1)))).isEqualTo(1);
        assertThat(sums()).isEqualTo(FeedbackSums.NONE);
    }

    @Test
    void metricsAreOfThePredictionsOfTheirTime() {
        log(id(NOW, 1), 200, 1, "[5]");
        take(id(NOW, 1), "{\"outcome\": 3}", Set.of());
        FeedbackMetrics metrics = context.getBean(FeedbackMetrics.class);
        assertThat(metrics.byVersion("t", NOW)).containsOnlyKeys("v");
        assertThat(metrics.byVersion("t", NOW.plusSeconds(1))).isEmpty();
        assertThat(metrics.byVersion("other", NOW)).isEmpty();
        assertThat(metrics.byArm("t", "e", NOW)).containsOnlyKeys("a");
        assertThat(metrics.byArm("t", "ended", NOW)).isEmpty();
        context.getBean(FeedbackSummary.class).refresh();
        assertThat(context.getBean(FeedbackSummary.class).of(FeedbackSummary.Window.HOUR)).hasSize(1);
        clock().advance(Duration.ofMinutes(61));
        context.getBean(FeedbackSummary.class).refresh();
        assertThat(context.getBean(FeedbackSummary.class).of(FeedbackSummary.Window.HOUR)).isEmpty();
        assertThat(context.getBean(FeedbackSummary.class).of(FeedbackSummary.Window.DAY)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"retention, 0s", "max-rows, 0", "max-bytes, 10", "patience, 0s", "refresh, -1s"})
    void nonsenseIsRefusedWithTheNameOfTheProperty(String property, String value) {
        assertThatThrownBy(() -> start(Map.of("modelyard.feedback." + property, value)).close())
                .hasStackTraceContaining("modelyard.feedback." + property + " is ");
    }

    private ApplicationContext start(Map<String, Object> more) {
        Path own = folder.resolve(UUID.randomUUID().toString());
        Map<String, Object> all = new HashMap<>(Map.of("modelyard.data-dir", own.toString(), "modelyard.store.uri",
                own.resolve("models").toString(), "micronaut.security.enabled", false, "spec.name", SPEC,
                "modelyard.requestlog.retention", "36500d"));
        all.putAll(more);
        return ApplicationContext.run(all, Environment.TEST);
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
        private final SettableClock clock = new SettableClock(NOW);

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

    private SettableClock clock() {
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
                .append(List.of(new LoggedPrediction(id, "r", Predictions.micros(NOW), "t", "v", null, "onnx", "d",
                        "key", status, null, null, predictions, rows, false, false, "e", "a", 0, 0, 0, 0, 0)));
    }

    /** An id of that time. */
    private static String id(Instant at, int number) {
        return new UUID(at.toEpochMilli() << 16 | 0x7000L, 0x8000000000000000L | number).toString();
    }
}
